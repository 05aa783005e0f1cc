"""Rows of ``alert_rules``. Whoever judges holds the published revision, and so does whoever changes a rule.

So an event that was judged by the old rules has committed before a changed rule is judged for everyone.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.alert_rules import AlertRule, ReadyRule
from services.segmenter.domain.rules.parse import parse_rule, stored_language
from services.segmenter.domain.settings import Settings
from services.segmenter.storage.catalogue import load_catalogue

_FENCE = text("SELECT 1 FROM published FOR UPDATE")
_COLUMNS = "alert_rule_id, body, judged_up_to"
_ACTIVE = text(
    f"""
    SELECT {_COLUMNS} FROM alert_rules WHERE NOT is_deleted AND body ->> 'status' = 'active' ORDER BY alert_rule_id
    """
)
_ONE = text(f"SELECT {_COLUMNS} FROM alert_rules WHERE alert_rule_id = :alert_rule_id AND NOT is_deleted")
_PAGE = text(
    f"""
    SELECT {_COLUMNS} FROM alert_rules WHERE alert_rule_id > :after AND NOT is_deleted
    ORDER BY alert_rule_id LIMIT :limit
    """
)
_KEEP = text(
    """
    INSERT INTO alert_rules (alert_rule_id, body, judged_up_to)
    VALUES (:alert_rule_id, CAST(:body AS jsonb), '')
    ON CONFLICT (alert_rule_id) DO UPDATE SET body = excluded.body, is_deleted = false, judged_up_to = ''
    """
)
_DELETE = text("UPDATE alert_rules SET is_deleted = true, judged_up_to = '' WHERE alert_rule_id = :alert_rule_id")
_CLAIM = text(
    """
    SELECT alert_rule_id, judged_up_to FROM alert_rules WHERE judged_up_to IS NOT NULL
    ORDER BY alert_rule_id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    """
)
_LEFT = text("SELECT EXISTS (SELECT FROM alert_rules WHERE judged_up_to IS NOT NULL)")
_ADVANCE = text("UPDATE alert_rules SET judged_up_to = CAST(:upto AS text) WHERE alert_rule_id = :alert_rule_id")
_FORGET = text("DELETE FROM alert_rules WHERE alert_rule_id = :alert_rule_id AND is_deleted AND judged_up_to IS NULL")


@dataclass(frozen=True)
class Claim:
    """A rule that is to be judged for everyone after a customer's id."""

    alert_rule_id: str
    after: str


async def fence(connection: AsyncConnection) -> None:
    """Wait for whoever judges by the rules as they are; nobody judges until this transaction ends."""
    await connection.execute(_FENCE)


async def load_ready(connection: AsyncConnection, settings: Settings) -> tuple[ReadyRule, ...]:
    """Every active rule, in order of id."""
    rows = (await connection.execute(_ACTIVE)).all()
    if not rows:
        return ()
    language = stored_language(await load_catalogue(connection, settings))
    found = [(row, msgspec.convert(row.body, AlertRule)) for row in rows]
    return tuple(
        ReadyRule(
            row.alert_rule_id,
            rule,
            None if rule.when is None else parse_rule(rule.when, language, "/when"),
            row.judged_up_to,
        )
        for row, rule in found
    )


async def count_active(connection: AsyncConnection, besides: str) -> int:
    """How many rules are active, one left out."""
    rows = (await connection.execute(_ACTIVE)).all()
    return sum(row.alert_rule_id != besides for row in rows)


async def find_rule(connection: AsyncConnection, alert_rule_id: str) -> AlertRule | None:
    """One rule; None of one that is not there, or not any more."""
    row = (await connection.execute(_ONE, {"alert_rule_id": alert_rule_id})).one_or_none()
    return None if row is None else msgspec.convert(row.body, AlertRule)


async def page_rules(connection: AsyncConnection, after: str, limit: int) -> list[tuple[str, AlertRule]]:
    """(id, rule) in order of id."""
    rows = await connection.execute(_PAGE, {"after": after, "limit": limit})
    return [(row.alert_rule_id, msgspec.convert(row.body, AlertRule)) for row in rows]


async def keep_rule(connection: AsyncConnection, alert_rule_id: str, rule: AlertRule) -> None:
    """Create a rule or replace it; everyone is to be judged by it."""
    await connection.execute(_KEEP, {"alert_rule_id": alert_rule_id, "body": _json(rule)})


async def delete_rule(connection: AsyncConnection, alert_rule_id: str) -> None:
    """Take a rule out; its row goes once nobody is held by it any more."""
    await connection.execute(_DELETE, {"alert_rule_id": alert_rule_id})


async def is_judging_left(connection: AsyncConnection) -> bool:
    """Whether a rule is still to be judged for someone, at a glance that holds nothing."""
    return bool((await connection.execute(_LEFT)).scalar_one())


async def claim_judging(connection: AsyncConnection) -> Claim | None:
    """A rule that is still to be judged for someone; None without one, or while other workers are at them."""
    row = (await connection.execute(_CLAIM)).one_or_none()
    return Claim(row.alert_rule_id, row.judged_up_to) if row else None


async def advance_judging(connection: AsyncConnection, claim: Claim, upto: str | None) -> None:
    """Note up to whom a rule is judged, or (None) that it is for everyone."""
    await connection.execute(_ADVANCE, {"alert_rule_id": claim.alert_rule_id, "upto": upto})
    if upto is None:
        await connection.execute(_FORGET, {"alert_rule_id": claim.alert_rule_id})


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
