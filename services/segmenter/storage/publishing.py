"""Putting a revision in force: one row, which judging transactions hold ``FOR SHARE`` and publishing ``FOR UPDATE``.

So whoever judged by the old revision has committed before anybody is judged by the new one; without that wait an event
could leave its customer at the old verdict for good.
"""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.moves import Effect
from shared.basics.money import Money, amount_text, parse_amount

_FENCE = text("SELECT revision FROM published FOR UPDATE")
_INSERT = text(
    """
    INSERT INTO revisions (revision, published_at, published_by, settings, segments, effect)
    VALUES (:revision, :published_at, :published_by, CAST(:settings AS jsonb), CAST(:segments AS jsonb),
        CAST(:effect AS jsonb))
    """
)
_FLIP = text("UPDATE published SET revision = :revision")
_EFFECT = text("SELECT effect FROM revisions WHERE revision = :revision")
_KEEP_EFFECT = text("UPDATE revisions SET effect = CAST(:effect AS jsonb) WHERE revision = :revision")


async def publish(
    connection: AsyncConnection, draft: dict[str, Any], *, published_by: str | None, published_at: datetime
) -> int:
    """Wait for whoever judges by the present revision, then put the next one in force: its number."""
    revision: int = (await connection.execute(_FENCE)).scalar_one() + 1
    await connection.execute(
        _INSERT,
        {
            "revision": revision,
            "published_at": published_at,
            "published_by": published_by,
            "settings": _json(draft["settings"]),
            "segments": _json(draft["segments"]),
            "effect": _json(_row(Effect())),
        },
    )
    await connection.execute(_FLIP, {"revision": revision})
    return revision


async def load_effect(connection: AsyncConnection, revision: int) -> Effect:
    """What a revision has moved so far."""
    found = (await connection.execute(_EFFECT, {"revision": revision})).scalar_one()
    balance = tuple(Money(parse_amount(part["amount"]), part["currency"]) for part in found["balance"])
    return Effect(found["customers"], balance)


async def keep_effect(connection: AsyncConnection, revision: int, effect: Effect) -> None:
    """Keep what a revision has moved."""
    await connection.execute(_KEEP_EFFECT, {"revision": revision, "effect": _json(_row(effect))})


def _row(effect: Effect) -> dict[str, Any]:
    parts = [{"amount": amount_text(part.amount), "currency": part.currency} for part in effect.balance]
    return {"customers": effect.customers, "balance": parts}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
