"""Statement rules: the one in force, every version there was, and up to when what fell due is recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text

from services.statements.domain.rule import Rule
from shared.database.engine import Transaction

_COLUMNS = "rule_id, version, body, is_deleted, recorded_through, next_due_at"
_FIND = text(f"SELECT {_COLUMNS} FROM rules WHERE rule_id = :rule_id")
_LOCK = text(f"SELECT {_COLUMNS} FROM rules WHERE rule_id = :rule_id FOR UPDATE")
_LOCK_DUE = text(
    f"""
    SELECT {_COLUMNS} FROM rules WHERE next_due_at <= :now AND NOT is_deleted
    ORDER BY rule_id LIMIT 20 FOR UPDATE SKIP LOCKED
    """
)
_PAGE = text(
    f"""
    SELECT {_COLUMNS} FROM rules WHERE rule_id > :after AND NOT is_deleted ORDER BY rule_id LIMIT :limit
    """
)
_KEEP = text(
    """
    INSERT INTO rules (rule_id, version, body, is_deleted, recorded_through, next_due_at)
    VALUES (:rule_id, :version, CAST(:body AS jsonb), :is_deleted, :recorded_through, :next_due_at)
    ON CONFLICT (rule_id) DO UPDATE
        SET version = excluded.version, body = excluded.body, is_deleted = excluded.is_deleted,
            recorded_through = excluded.recorded_through, next_due_at = excluded.next_due_at
    """
)
_KEEP_VERSION = text(
    """
    INSERT INTO rule_versions (rule_id, version, body) VALUES (:rule_id, :version, CAST(:body AS jsonb))
    ON CONFLICT DO NOTHING
    """
)
_LOOK_AGAIN = text(
    """
    UPDATE rules SET next_due_at = recorded_through WHERE rule_id IN (
        SELECT rule_id FROM rules WHERE next_due_at IS NOT NULL AND body->>'contact_window' IS NOT NULL
        ORDER BY rule_id FOR UPDATE)
    """
)
_CLAIM_NAME = text("SELECT pg_advisory_xact_lock(hashtextextended('statement rule ' || :rule_id, 0))")
_VERSIONS = text(
    """
    SELECT v.rule_id, v.version, v.body
    FROM unnest(CAST(:ids AS text[]), CAST(:versions AS integer[])) AS n (rule_id, version)
    JOIN rule_versions v USING (rule_id, version)
    """
)


@dataclass(frozen=True)
class StoredRule:
    """A rule as it is kept. ``next_due_at`` is None while nothing falls due; a deleted rule keeps its versions."""

    rule_id: str
    version: int
    rule: Rule
    recorded_through: datetime
    next_due_at: datetime | None
    is_deleted: bool = False


async def find(connection: Transaction, rule_id: str) -> StoredRule | None:
    """A rule by its id, also a deleted one."""
    row = (await connection.execute(_FIND, {"rule_id": rule_id})).one_or_none()
    return _stored(row) if row else None


async def lock(connection: Transaction, rule_id: str) -> StoredRule | None:
    """The same, locked until the end of the transaction; the id is locked also where there is no rule yet."""
    await connection.execute(_CLAIM_NAME, {"rule_id": rule_id})
    row = (await connection.execute(_LOCK, {"rule_id": rule_id})).one_or_none()
    return _stored(row) if row else None


async def lock_due(connection: Transaction, now: datetime) -> list[StoredRule]:
    """Some rules with a period that is due, locked; those that another process has locked are left to it."""
    return [_stored(row) for row in await connection.execute(_LOCK_DUE, {"now": now})]


async def look_again(connection: Transaction) -> None:
    """Let the next tick work out anew when rules with a contact window are due: holidays may have changed."""
    await connection.execute(_LOOK_AGAIN)


async def page(connection: Transaction, after: str, limit: int) -> list[StoredRule]:
    """Rules in order of id."""
    return [_stored(row) for row in await connection.execute(_PAGE, {"after": after, "limit": limit})]


async def keep(connection: Transaction, stored: StoredRule) -> None:
    """Keep a rule, and its version if that is new."""
    body = msgspec.json.encode(stored.rule).decode()
    facts = {
        "rule_id": stored.rule_id,
        "version": stored.version,
        "body": body,
        "is_deleted": stored.is_deleted,
        "recorded_through": stored.recorded_through,
        "next_due_at": stored.next_due_at,
    }
    await connection.execute(_KEEP, facts)
    await connection.execute(_KEEP_VERSION, {"rule_id": stored.rule_id, "version": stored.version, "body": body})


async def versions(connection: Transaction, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Rule]:
    """Rules as they were in some versions (id, version)."""
    ordered = sorted(wanted)
    facts = {"ids": [rule_id for rule_id, _ in ordered], "versions": [version for _, version in ordered]}
    rows = await connection.execute(_VERSIONS, facts)
    return {(row.rule_id, row.version): msgspec.convert(row.body, Rule) for row in rows}


def _stored(row: Any) -> StoredRule:
    rule = msgspec.convert(row.body, Rule)
    return StoredRule(row.rule_id, row.version, rule, row.recorded_through, row.next_due_at, row.is_deleted)
