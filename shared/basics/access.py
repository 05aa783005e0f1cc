"""Who calls, and what they may do: a plain value that the gate finds out and the routes hand to use cases."""

from dataclasses import dataclass

SCOPES = (
    "customers:read",
    "customers:write",
    "customers:erase",
    "segments:read",
    "segments:write",
    "segments:publish",
    "statements:read",
    "statements:write",
    "statements:send",
    "admin",
)
"""Every scope there is; ``admin`` is for keys, the record of changes, and customers that are behind."""


@dataclass(frozen=True)
class Caller:
    """``name`` is what the record of changes says: a key's name, or a token's ``sub``.

    ``identity`` tells callers apart where names may repeat: two keys of one name are two callers.
    """

    name: str
    identity: str
    scopes: frozenset[str]
