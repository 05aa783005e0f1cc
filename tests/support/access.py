"""Callers that a test lets in, without a table of keys."""

from shared.basics.access import SCOPES, Caller
from shared.http.callers import Callers


def one_key(key: str, *scopes: str, name: str = "tests") -> Callers:
    """Only this key opens; with every scope, unless some are named."""
    caller = Caller(name, f"key:{name}", frozenset(scopes or SCOPES))

    async def find(given: str) -> Caller | None:
        return caller if given == key else None

    return Callers(find)
