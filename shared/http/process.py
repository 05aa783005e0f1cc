"""What an app gets from the process that it runs in: who may call, what is ready, how it lives and is measured."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI

from shared.database.engine import Database
from shared.database.keys import Keys
from shared.http.callers import NOBODY, Callers, KnownKeys
from shared.http.client import ServiceClient
from shared.http.health import Measure, Ready, never, nothing
from shared.http.jwks import Jwks
from shared.http.rate_limit import RateLimit
from shared.http.tokens import Tokens
from shared.runtime.settings import CommonSettings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Process:
    """As it is without arguments: of an app that is only looked at, and lets nobody in."""

    callers: Callers = NOBODY
    rate_limit: RateLimit | None = None
    ready: Ready = never
    measure: Measure = nothing
    lifespan: Lifespan | None = None


LOOKED_AT = Process()


def process_of(
    settings: CommonSettings, database: Database, *, measure: Measure, lifespan: Lifespan | None = None
) -> Process:
    """The process of an ``api`` role; its database is closed last."""
    issuers = ServiceClient()

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            opened.push_async_callback(database.close)
            await opened.enter_async_context(issuers)
            if lifespan:
                await opened.enter_async_context(lifespan(app))
            yield

    limit = settings.rate_limit_per_second
    return Process(
        callers=Callers(KnownKeys(Keys(database).find).find, _tokens(settings, issuers)),
        rate_limit=RateLimit(limit) if limit else None,
        ready=database.is_ready,
        measure=measure,
        lifespan=living,
    )


def _tokens(settings: CommonSettings, issuers: ServiceClient) -> Tokens | None:
    if settings.jwt_issuer is None or settings.jwt_audience is None or settings.jwt_jwks_url is None:
        return None
    jwks = Jwks(issuers, str(settings.jwt_jwks_url))
    return Tokens(settings.jwt_issuer, settings.jwt_audience, settings.jwt_algorithms, jwks)
