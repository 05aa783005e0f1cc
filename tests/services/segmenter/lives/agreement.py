"""Whether the segmenter and the oracle agree: standings, variables, what is to come, alerts, and every word told."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from services.segmenter.storage.recompute import recompute
from shared.contracts.envelope import Envelope
from shared.messaging import outbox
from tests.oracle.facts import Money
from tests.oracle.segmenter import Told
from tests.oracle.variables import all_variables
from tests.services.segmenter.house import problem
from tests.services.segmenter.lives.world import World
from tests.services.segmenter.verdicts import DECLARED


async def agree(world: World, heard: dict[str, list[Told]]) -> None:
    """Hold everything that can be seen against the oracle; ``heard`` has what was told before, and grows."""
    await _standings_agree(world)
    for name in world.alive:
        await _person_agrees(world, name)
    for name in world.erased:
        assert problem(await world.house.call("GET", f"/standings/{name}")) == (410, "erased")
    await _alerts_agree(world)
    await _words_agree(world, heard)


async def _standings_agree(world: World) -> None:
    query = "SELECT customer_id, segment_id, aging_bucket, risk_level FROM membership"
    found = {row.pop("customer_id"): tuple(row.values()) for row in await world.segmenter.rows(query)}
    assert found == world.oracle.standings


async def _person_agrees(world: World, name: str) -> None:
    found, account = await world.house.get(f"/standings/{name}"), world.alive[name].account
    stands = (found["segment"]["segment_id"], found["aging_bucket"], found["risk"]["level"])
    assert stands == world.oracle.standings[name]
    moment = world.oracle.moment(account, world.today)
    expected = {**dict.fromkeys(DECLARED), **all_variables(moment)}
    told = {key: _plain(value) for key, value in found["variables"].items()}
    assert told == {key: _plain(value) for key, value in expected.items()}, name
    change = world.oracle.next_change(account, world.today)
    assert found["next_change_on"] == (change and change.isoformat()), name


def _plain(value: Any) -> Any:
    """Values as they are meant, however they are spelled."""
    match value:
        case Money():
            return value.amount, value.currency
        case Mapping():
            return Decimal(value["amount"]), value["currency"]
        case date():
            return value.isoformat()
        case float():
            return Decimal(str(value))
        case _:
            return value


async def _alerts_agree(world: World) -> None:
    calls = world.oracle.calls
    held = await world.segmenter.rows(
        "SELECT customer_id, alert_rule_id, alert_id IS NOT NULL AS loud FROM alerts_held"
    )
    assert {(row["customer_id"], row["alert_rule_id"]): row["loud"] for row in held} == {
        key: alert is not None for key, alert in calls.episodes.items()
    }
    rows = await world.segmenter.rows(
        """
        SELECT customer_id, alert_rule_id, action, status, as_of, overdue_balance, currency, days_past_due,
            ARRAY(SELECT one ->> 'code' FROM jsonb_array_elements(reasons) AS r (one)) AS reasons
        FROM alerts
        """
    )
    expected = [
        (a.customer_id, a.rule_id, a.action, a.status, a.as_of, *a.overdue_balance, a.days_past_due, [*a.reasons])
        for a in calls.raised
    ]
    assert sorted(map(str, (tuple(map(_scaled, row.values())) for row in rows))) == sorted(
        map(str, (tuple(map(_scaled, one)) for one in expected))
    )


def _scaled(value: Any) -> Any:
    return value.normalize() if isinstance(value, Decimal) else value


async def _words_agree(world: World, heard: dict[str, list[Told]]) -> None:
    """Every word of every customer, in order, none twice; what was read goes out."""
    async with world.segmenter.database.transaction() as connection:
        rows = await outbox.unsent(connection, "segmenter", 100_000)
        await outbox.forget(connection, [row_id for row_id, _ in rows])
    about = [event for _, event in rows if not event.key.startswith("~")]
    for event in about:
        heard.setdefault(event.key, []).append((event.sequence, *_said(event)))
    for name, told in heard.items():
        sequences = [one[0] for one in told]
        assert sequences == sorted(set(sequences)), name
    assert {name: [one[1:] for one in told] for name, told in heard.items()} == world.oracle.told


def _said(event: Envelope) -> Told:
    said = json.loads(event.data, parse_float=Decimal, parse_int=Decimal)
    as_of = date.fromisoformat(said["as_of"])
    match event.type:
        case "segment.assigned":
            ends = (said[end] and said[end]["id"] for end in ("from", "to"))
            return event.type, *ends, said["cause"], said["revision"], as_of
        case "aging_bucket.changed":
            return event.type, said["from"], said["to"], as_of
        case "risk_level.changed":
            return event.type, said["from"], said["to"], said["score"], as_of
        case "alert.raised":
            assert (said["message"] is not None) == (said["action"] == "message")
            owed = Money(Decimal(said["overdue_balance"]["amount"]), said["overdue_balance"]["currency"])
            codes = tuple(one["code"] for one in said["reasons"])
            return event.type, said["alert_rule"], said["action"], as_of, owed, codes
        case _:
            return event.type, said["alert_rule"], as_of


async def adds_up(world: World) -> None:
    """What was added up event by event is what a recompute from all facts gives."""
    before = await _kept(world)
    async with world.segmenter.database.transaction() as connection:
        await connection.execute(text("SELECT 1 FROM customers ORDER BY customer_id FOR UPDATE"))
        await recompute(connection, list(world.alive))
    assert await _kept(world) == before


async def _kept(world: World) -> list[list[dict[str, Any]]]:
    return [await world.segmenter.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("behaviour", "days")]
