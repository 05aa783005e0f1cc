"""Who calls: a key, looked up by its hash, or a signed token. Asked by the gate before anything is parsed."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.datastructures import Headers

from shared.basics.access import Caller
from shared.basics.errors import Unauthenticated

FindKey = Callable[[str], Awaitable[Caller | None]]
"""Whose key this is, None for a key that opens nothing."""

_KNOWN_SECONDS = 3.0
"""Machine time for which a key is taken as it was last seen: as long as a revoked one may still open."""


class ReadToken(Protocol):
    """Reads a bearer token."""

    async def read(self, token: str) -> Caller:
        """Who it speaks for.

        Raises
        ------
        Unauthenticated
            It is not valid here and now.
        Unavailable
            The keys that would tell cannot be had.
        """
        ...


class KnownKeys:
    """Keys that were found a moment ago need no query; only keys that open something are kept."""

    def __init__(self, find: FindKey, now: Callable[[], float] = time.monotonic) -> None:
        self._find = find
        self._now = now
        self._known: dict[str, tuple[float, Caller]] = {}

    async def find(self, key: str) -> Caller | None:
        """Whose key this is."""
        seen = self._known.get(key)
        if seen and self._now() - seen[0] < _KNOWN_SECONDS:
            return seen[1]
        looked = self._now()
        caller = await self._find(key)
        if caller is None:
            self._known.pop(key, None)
        else:
            self._known[key] = (looked, caller)
        return caller


@dataclass(frozen=True)
class Callers:
    """``read_token`` is None where no issuer of tokens is set up."""

    find_key: FindKey
    read_token: ReadToken | None = None

    async def identify(self, headers: Headers) -> Caller:
        """Who calls, by ``X-Api-Key``, or without one by ``Authorization: Bearer``.

        Raises
        ------
        Unauthenticated
            Neither is there, or it opens nothing.
        """
        key = headers.get("x-api-key")
        if key:
            caller = await self.find_key(key)
            if caller:
                return caller
            raise Unauthenticated("unauthenticated", "nobody has this key, or not any more")
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self.read_token:
            return await self.read_token.read(token.strip())
        raise Unauthenticated("unauthenticated", "send a valid key as X-Api-Key, or a token as Authorization: Bearer")


async def _nobody(key: str) -> None:
    return None


NOBODY = Callers(_nobody)
"""For an app that is only looked at."""
