"""Scopes on routes: each route needs one, declared beside it or taken from its method, and published in OpenAPI.

A route says ``dependencies=[scope("segments:publish")]`` where its service's usual scope of the method does not fit; a
router may say it for all of its routes. The gate has found out who calls before anything here runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Security
from fastapi.params import Depends as Dependency
from fastapi.params import Security as SecurityDependency
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, HTTPBearer, SecurityScopes
from starlette.routing import BaseRoute

from shared.basics.access import SCOPES, Caller
from shared.basics.errors import Forbidden

CALLER = "cascada.caller"
"""Where the gate leaves who calls, in the request's ASGI scope."""

_KEY = Security(APIKeyHeader(name="X-Api-Key", scheme_name="ApiKey", auto_error=False))
_TOKEN = Security(HTTPBearer(scheme_name="Bearer", bearerFormat="JWT", auto_error=False))
_READING = {"GET", "HEAD"}


async def caller_of(request: Request) -> Caller:
    """Who calls."""
    caller: Caller = request.scope[CALLER]
    return caller


Who = Annotated[Caller, Depends(caller_of)]
"""For a route that tells a use case who asked."""


async def _allowed(needed: SecurityScopes, request: Request, key: Any = _KEY, token: Any = _TOKEN) -> None:
    """Let a caller through who has every needed scope; ``key`` and ``token`` are there for OpenAPI."""
    caller: Caller = request.scope[CALLER]
    for missing in (scope for scope in needed.scopes if scope not in caller.scopes):
        raise Forbidden("forbidden", f"{caller.name} lacks the scope {missing}", scope=missing)


def scope(name: str) -> Any:
    """For ``dependencies=[…]`` of a route or a router: only callers with this scope."""
    if name not in SCOPES:
        raise ValueError(f"no such scope: {name}")
    return Security(_allowed, scopes=[name])


@dataclass(frozen=True)
class UsualScopes:
    """The scopes of a service's routes that declare none: GET reads, DELETE deletes, everything else writes."""

    read: str
    write: str
    delete: str | None = None

    def of(self, route: BaseRoute) -> str | None:
        """The scope that a route has to be given; None where it declares its own."""
        if not isinstance(route, APIRoute) or any(_is_scope(one) for one in route.dependencies):
            return None
        methods = route.methods or set()
        if methods <= _READING:
            return self.read
        return (self.delete or self.write) if methods == {"DELETE"} else self.write


def _is_scope(dependency: Dependency) -> bool:
    return isinstance(dependency, SecurityDependency) and dependency.dependency is _allowed


def with_scopes(router: APIRouter, usual: UsualScopes) -> Iterator[tuple[APIRouter, list[Any]]]:
    """A router in parts, in the order of its routes, each with the dependencies that its routes lack."""
    for name, routes in groupby(router.routes, usual.of):
        part = APIRouter()
        part.routes.extend(routes)
        yield part, [scope(name)] if name else []
