"""Keys of callers: each stands as the SHA-256 of a high-entropy secret, so that the table opens nothing.

The database compares by hash. Several keys of one name may live at once: enter the new one, move the caller over,
revoke the old one. Entered by command line (``keys_command``), asked by ``shared.http.callers``.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from shared.basics.access import Caller
from shared.basics.errors import Conflict, Missing
from shared.database import changes
from shared.database.changes import Change
from shared.database.engine import Database, Transaction
from shared.runtime.ids import new_id

_FIND = text(
    """
    SELECT key_id, name, scopes FROM api_keys
    WHERE hash = :hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())
    """
)
_LOCK = text("SELECT key_id, name, scopes, revoked_at FROM api_keys WHERE hash = :hash FOR UPDATE")
_ENTER = text(
    """
    INSERT INTO api_keys (key_id, name, hash, scopes, expires_at) VALUES (:key_id, :name, :hash, :scopes, :expires_at)
    ON CONFLICT (hash) DO UPDATE SET name = excluded.name, scopes = excluded.scopes, expires_at = excluded.expires_at
    RETURNING key_id
    """
)
_LIST = text("SELECT key_id, name, scopes, created_at, expires_at, revoked_at FROM api_keys ORDER BY key_id")
_REVOKE = text(
    """
    UPDATE api_keys SET revoked_at = clock_timestamp() WHERE key_id = :key_id AND revoked_at IS NULL
    RETURNING name, scopes
    """
)
_BY = "command line"


@dataclass(frozen=True)
class StoredKey:
    """What is known of a key; the key itself is not."""

    key_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class Keys:
    """The keys of one service."""

    database: Database

    async def find(self, key: str) -> Caller | None:
        """Whose key this is; None for one that is unknown, revoked or expired."""
        async with self.database.transaction() as connection:
            row = (await connection.execute(_FIND, {"hash": _hash(key)})).one_or_none()
        return Caller(row.name, f"key:{row.key_id}", frozenset(row.scopes)) if row else None

    async def enter(self, key: str, name: str, scopes: Iterable[str], expires_at: datetime | None) -> str:
        """Let a key open this service; its id. The same key again takes the new name, scopes and end.

        Raises
        ------
        Conflict
            It was revoked, which is for good.
        """
        given = {"name": name, "scopes": sorted(scopes), "expires_at": expires_at}
        async with self.database.transaction() as connection:
            before = (await connection.execute(_LOCK, {"hash": _hash(key)})).one_or_none()
            if before and before.revoked_at:
                raise Conflict("revoked", f"the key {before.key_id} was revoked; make another one")
            entering = {**given, "key_id": new_id(), "hash": _hash(key)}
            key_id: str = (await connection.execute(_ENTER, entering)).scalar_one()
            seen = _seen(before.name, before.scopes) if before else None
            await _note(connection, key_id, seen, _seen(name, given["scopes"]))
        return key_id

    async def all(self) -> list[StoredKey]:
        """Every key there ever was, oldest first."""
        async with self.database.transaction() as connection:
            rows = await connection.execute(_LIST)
        return [StoredKey(**{**row._mapping, "scopes": tuple(row.scopes)}) for row in rows]

    async def revoke(self, key_id: str) -> None:
        """Let a key open nothing any more; processes that know it follow within seconds.

        Raises
        ------
        Missing
            There is no such key, or it is revoked already.
        """
        async with self.database.transaction() as connection:
            row = (await connection.execute(_REVOKE, {"key_id": key_id})).one_or_none()
            if row is None:
                raise Missing("unknown_key", f"there is no key {key_id} that could be revoked")
            await _note(connection, key_id, _seen(row.name, row.scopes), None)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _seen(name: str, scopes: object) -> dict[str, object]:
    return {"name": name, "scopes": scopes}


async def _note(connection: Transaction, key_id: str, before: object, after: object) -> None:
    if before != after:
        await changes.record_now(connection, Change(f"keys/{key_id}", before, after), by=_BY)
