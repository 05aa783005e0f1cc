"""Scopes on routes: each route needs one, declared beside it or taken from its method, and published in OpenAPI.

A route says ``dependencies=[scope("segments:publish")]`` where its service's usual scope of the method does not fit; a
router may say it for all of its routes. The gate has found out who calls before anything here runs.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response, Security
from fastapi.params import Depends as Dependency
from fastapi.params import Security as SecurityDependency
from fastapi.routing import APIRoute

from shared.basics.access import SCOPES, Caller
from shared.basics.errors import Forbidden

CALLER = "cascada.caller"
"""Where the gate leaves who calls, in the request's ASGI scope."""

WAYS_IN = {
    "ApiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    "Bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
}
"""How callers say who they are, as OpenAPI's security schemes."""

_READING = {"GET", "HEAD"}


async def caller_of(request: Request) -> Caller:
    """Who calls."""
    caller: Caller = request.scope[CALLER]
    return caller


Who = Annotated[Caller, Depends(caller_of)]
"""For a route that tells a use case who asked."""


def scope(name: str) -> Any:
    """For ``dependencies=[…]`` of a route or a router: only callers with this scope."""
    if name not in SCOPES:
        raise ValueError(f"no such scope: {name}")
    return Security(_unguarded, scopes=[name])


async def _unguarded() -> None:
    """Runs only where a route with a scope was not put behind it: nobody may pass then."""
    raise RuntimeError("nothing checks the scope of this route")


@dataclass(frozen=True)
class UsualScopes:
    """The scopes of a service's routes that declare none: GET reads, DELETE deletes, everything else writes."""

    read: str
    write: str
    delete: str | None = None

    def of(self, route: APIRoute) -> list[str]:
        """The scopes that a route asks for: those it declares, else the usual one of its method."""
        declared = [name for one in route.dependencies for name in _scopes_of(one)]
        return declared or [self._of_methods(route.methods or set())]

    def _of_methods(self, methods: set[str]) -> str:
        if methods <= _READING:
            return self.read
        return (self.delete or self.write) if methods == {"DELETE"} else self.write


def _scopes_of(dependency: Dependency) -> Sequence[str]:
    """What ``scope`` named; nothing of another dependency."""
    if isinstance(dependency, SecurityDependency) and dependency.dependency is _unguarded:
        return dependency.scopes or ()
    return ()


class _Guarded(APIRoute):
    """A declared route behind its scope, and told so in OpenAPI.

    It is asked here, not by a dependency: solving those takes longer than all of our own code around a request.
    """

    def __init__(self, declared: APIRoute, needed: list[str]) -> None:
        vars(self).update(vars(declared))
        self.dependencies = [one for one in declared.dependencies if not _scopes_of(one)]
        self.openapi_extra = {**(declared.openapi_extra or {}), "security": [{way: needed} for way in WAYS_IN]}
        self._needed = needed

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_who_may(request: Request) -> Response:
            caller: Caller = request.scope[CALLER]
            for missing in (scope for scope in self._needed if scope not in caller.scopes):
                raise Forbidden("forbidden", f"{caller.name} lacks the scope {missing}", scope=missing)
            return await answer(request)

        return answer_who_may


def guarded(router: APIRouter, usual: UsualScopes) -> APIRouter:
    """A router's routes, each behind its scope."""
    behind = APIRouter()
    for route in router.routes:
        if not isinstance(route, APIRoute):
            raise TypeError(f"{route} cannot be put behind a scope")
        behind.routes.append(_Guarded(route, usual.of(route)))
    return behind
