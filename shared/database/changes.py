"""The record of changes: who changed what, when, before → after, written in the transaction of the change itself.

A resource is named by its path below ``/v1``, such as ``cascade/draft/segments/vip``. Values are what is stored, as
JSON; null before is a creation, null after a deletion. Read at ``GET /v1/changes``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import text

from shared.database.engine import Database, Transaction

_INSERT = text(
    """
    INSERT INTO changes (at, changed_by, resource, before, after)
    VALUES (:at, :by, :resource, CAST(:before AS jsonb), CAST(:after AS jsonb))
    """
)
_PAGE = text(
    """
    SELECT id, at, changed_by, resource, before, after FROM changes
    WHERE id < :before_id
        AND (CAST(:resource AS text) IS NULL OR position('/' || :resource || '/' IN '/' || resource || '/') > 0)
        AND (CAST(:by AS text) IS NULL OR changed_by = :by)
        AND (CAST(:since AS timestamptz) IS NULL OR at >= :since)
    ORDER BY id DESC LIMIT :limit
    """
)


@dataclass(frozen=True)
class Change:
    """What became of one resource: values that msgspec can turn into JSON, None where there was or is nothing."""

    resource: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Recorded:
    """A change as it stands in the record."""

    id: int
    at: datetime
    by: str
    resource: str
    before: Any
    after: Any


@dataclass(frozen=True)
class ChangeFilter:
    """``resource`` is a whole part of the path (``rules``, ``segments/vip``); None asks for any."""

    resource: str | None = None
    by: str | None = None
    since: datetime | None = None


async def record(connection: Transaction, changes: Sequence[Change], *, by: str, at: datetime) -> None:
    """Note changes of the open transaction; ``at`` is business time."""
    rows = [
        {"at": at, "by": by, "resource": one.resource, "before": _json(one.before), "after": _json(one.after)}
        for one in changes
    ]
    if rows:
        await connection.execute(_INSERT, rows)


async def record_now(connection: Transaction, change: Change, *, by: str) -> None:
    """The same for what has no business time: the machine's."""
    await record(connection, [change], by=by, at=datetime.now(UTC))


@dataclass(frozen=True)
class ReadChanges:
    """Reads the record, newest first."""

    database: Database

    async def __call__(self, wanted: ChangeFilter, before_id: int, limit: int) -> list[Recorded]:
        """Changes that were recorded before one, at most ``limit``."""
        given = {"resource": wanted.resource, "by": wanted.by, "since": wanted.since}
        async with self.database.transaction() as connection:
            rows = await connection.execute(_PAGE, {**given, "before_id": before_id, "limit": limit})
            return [Recorded(*row) for row in rows]


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
