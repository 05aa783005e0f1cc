"""Days pass and customers move, on the right day and with no event at all."""

from datetime import date, timedelta
from random import Random

import pytest

from tests.journeys.cascada import Cascada
from tests.journeys.conftest import StartCascada
from tests.journeys.listening import Ear
from tests.journeys.publishing import publish
from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.oracle.cascade import Segment, segment_of
from tests.oracle.facts import Account, Fact
from tests.oracle.settings import Settings
from tests.oracle.variables import at
from tests.support.eventually import eventually

LAST_PAYMENT = {"variable": "last_payment_on", "operator": "within_last_days"}
FAILED_TWICE = {"variable": "failed_payments", "operator": "gte", "value": 2, "within_days": 90}
SEGMENTS = [
    Segment("pagos-fallidos", "Pagos fallidos", FAILED_TWICE),
    Segment("al-dia", "Al día", {**LAST_PAYMENT, "value": 9}),
    Segment("activos", "Activos", {**LAST_PAYMENT, "value": 29}),
]


@pytest.fixture(scope="module")
async def cascada(start_cascada: StartCascada) -> Cascada:
    cascada = await start_cascada(clock="2026-03-02T11:00:00-05:00")
    await publish(cascada, SEGMENTS)
    return cascada


async def test_on_the_day_the_last_payment_is_30_days_old_its_customer_moves_and_not_a_day_earlier(
    cascada: Cascada, moves: Ear
) -> None:
    ana = account(paid(on=date(2026, 3, 2)), an_invoice("250", issued_on=date(2026, 3, 2), due_on=date(2026, 3, 31)))
    ana_id = ana.customer.customer_id
    await cascada.tell(ana)
    await cascada.caught_up()
    await cascada.go_to("2026-03-31T12:00:00-05:00")
    assert await cascada.segment_of(ana_id) == "activos"
    told = len(await moves.told_of(ana_id))

    # The last seconds of the 29th day; then midnight comes by itself, and what was told says whether not before it.
    cascada.stack.set_clock("2026-03-31T23:59:56-05:00")
    await eventually(lambda: _turned_to(cascada, date(2026, 4, 1)), within=30)
    await cascada.caught_up()
    assert await cascada.segment_of(ana_id) == "default"
    move, bucket = (await moves.told_of(ana_id))[told:]
    assert (move.data["from"]["id"], move.data["to"]["id"]) == ("activos", "default")
    assert (move.data["cause"], move.data["as_of"]) == ("day_turn", "2026-04-01")
    assert (bucket.data["from"], bucket.data["to"]) == ("current", "1-30")


async def test_after_any_number_of_days_everyone_is_where_a_recompute_puts_them(cascada: Cascada, moves: Ear) -> None:
    await cascada.go_to("2026-05-04T11:00:00-05:00")
    random = Random(30)
    accounts = [_somebody(random, date(2026, 5, 4)) for _ in range(300)]
    await cascada.load(accounts, history=False)
    for day in ("2026-05-05", "2026-05-06", "2026-05-16", "2026-06-03", "2026-08-20"):
        await cascada.go_to(f"{day}T00:00:30-05:00")
        segments = await cascada.segments()
        expected = {one.customer.customer_id: _expected(one, date.fromisoformat(day)) for one in accounts}
        assert {customer_id: segments[customer_id] for customer_id in expected} == expected


async def test_a_jump_over_many_days_is_one_move(cascada: Cascada, moves: Ear) -> None:
    await cascada.go_to("2026-09-01T11:00:00-05:00")
    eva = account(paid(on=date(2026, 9, 1)))
    await cascada.tell(eva)
    await cascada.caught_up()
    await cascada.go_to("2026-12-01T10:00:00-05:00")
    told = [event.data for event in await moves.told_of(eva.customer.customer_id, "segment.assigned")]
    assert [move["to"]["id"] for move in told][-2:] == ["al-dia", "default"]
    assert (told[-1]["cause"], told[-1]["as_of"]) == ("day_turn", "2026-12-01")


def _somebody(random: Random, today: date) -> Account:
    """A customer with a few attempts of the last four months, in the order they happened."""
    facts: list[Fact] = []
    for days in sorted((random.randint(0, 120) for _ in range(random.randint(0, 8))), reverse=True):
        attempt = failed if random.random() < 0.4 else paid
        facts.append(attempt(on=today - timedelta(days=days)))
    return account(*facts)


def _expected(one: Account, day: date) -> str:
    return segment_of(at(one, day, Settings()), SEGMENTS)


async def _turned_to(cascada: Cascada, day: date) -> bool:
    turn = (await cascada.status(cascada.segmenter))["day_turn"]
    return bool(turn["done"] and turn["as_of"] == day.isoformat())
