"""Whatever is lost on the way or comes back older: both hearers end equal to customers, by one path of repair."""

import asyncio
from datetime import date

import pytest

from tests.journeys.cascada import Cascada
from tests.journeys.conftest import StartCascada
from tests.journeys.listening import Ear
from tests.journeys.publishing import publish
from tests.journeys.repair.equality import all_are_equal
from tests.journeys.repair.operator import WORKERS, Operator
from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.oracle.cascade import Segment
from tests.support.eventually import eventually

NOW = "2026-03-02T17:00:00-05:00"
DAY = date(2026, 3, 2)
MANY = 3000
PAYERS = Segment("pagan", "Pagan", {"variable": "successful_payments", "operator": "gte", "value": 1})


@pytest.fixture(scope="module")
async def operator(start_cascada: StartCascada) -> Operator:
    """A stack with many customers, who owe, and a cascade of who has paid."""
    cascada = await start_cascada(clock=NOW)
    await publish(cascada, [PAYERS])
    many = [account(an_invoice("100", issued_on=DAY), customer_id=f"c-{number:05}") for number in range(MANY)]
    await cascada.load(many)
    await cascada.caught_up()
    return Operator(cascada)


@pytest.fixture
def cascada(operator: Operator) -> Cascada:
    return operator.cascada


async def test_a_new_hearer_killed_while_it_reads_everything_goes_on(operator: Operator) -> None:
    with operator.stopped("statements-worker-1", "statements-api"):
        await operator.make_new("statements")

    async def is_in_the_middle() -> bool:
        [(after,)] = await operator.rows("statements", "SELECT after FROM walks WHERE name = 'snapshots'")
        return bool(after)

    await eventually(is_in_the_middle, within=30)
    operator.stack.kill("statements-worker-1")
    [(read,)] = await operator.rows("statements", "SELECT count(*) FROM customers")
    assert 0 < read < MANY, "it was killed before or after its reading, not during it"
    await all_are_equal(operator)


async def test_a_lost_last_event_is_repaired_by_the_next_days_audit(operator: Operator, cascada: Cascada) -> None:
    ana = account(an_invoice("100", issued_on=DAY), customer_id="ana")
    await cascada.tell(ana)
    await all_are_equal(operator)
    async with operator.nothing_is_told():
        await cascada.put("ana", paid("40", on=DAY))
    await cascada.caught_up()
    assert await cascada.segment_of("ana") == "default"
    cascada.stack.set_clock("2026-03-03T08:00:00-05:00")
    await all_are_equal(operator)
    assert await cascada.segment_of("ana") == "pagan"


async def test_who_was_deleted_by_hand_comes_back(operator: Operator, cascada: Cascada) -> None:
    await cascada.tell(account(paid("10", on=DAY), customer_id="borrada"))
    await all_are_equal(operator)
    for hearer in ("segmenter", "statements"):
        for table in ("customers", "invoices", "payments"):
            await operator.rows(hearer, f"DELETE FROM {table} WHERE customer_id IN ('borrada', 'c-00007')")
    assert await cascada.segment_of("borrada") is None
    for hearer in ("segmenter", "statements"):
        await operator.run(hearer, "repair", "borrada")
    await eventually(lambda: _is_in(cascada, "borrada", "pagan"))
    for hearer in ("segmenter", "statements"):
        await operator.run(hearer, "repair", "--all")
    await all_are_equal(operator)


async def _is_in(cascada: Cascada, customer_id: str, segment_id: str) -> bool:
    return await cascada.segment_of(customer_id) == segment_id


async def test_an_emptied_topic_costs_nothing(operator: Operator, cascada: Cascada) -> None:
    await cascada.tell(account(an_invoice("100", issued_on=DAY), customer_id="eva"))
    await all_are_equal(operator)
    with operator.stopped(*WORKERS):
        await cascada.put("eva", paid("60", on=DAY))  # told, and lost with the topic
        await eventually(lambda: _all_told(cascada))
        await operator.empty_topic("customers.v1")
    await cascada.put("c-00001", paid("1", on=DAY))
    await all_are_equal(operator)
    await cascada.put("eva", failed(on=DAY))
    await all_are_equal(operator)


async def _all_told(cascada: Cascada) -> bool:
    return bool((await cascada.status(cascada.customers))["outbox_unsent"] == 0)


async def test_when_customers_comes_back_older_everyone_follows(operator: Operator, cascada: Cascada) -> None:
    await cascada.tell(account(an_invoice("100", issued_on=DAY), customer_id="leo"))
    await cascada.caught_up()
    await operator.copy("customers", "customers_backup")

    await cascada.put("leo", paid("100", on=DAY))
    await cascada.put("leo", an_invoice("7", issued_on=DAY))
    await cascada.tell(account(paid("10", on=DAY), customer_id="zoe"))
    await cascada.put("c-00002", paid("1", on=DAY))
    await all_are_equal(operator)
    assert [await cascada.segment_of(who) for who in ("leo", "zoe", "c-00002")] == ["pagan"] * 3
    told_of_zoe = await _standing(operator, "zoe")

    await operator.restore("customers", "customers_backup")
    await cascada.put("leo", failed("3", on=DAY))  # the same seq as the payment that is no more
    await operator.restart_workers()
    await all_are_equal(operator, same_epoch=True, within=90)
    assert [await cascada.segment_of(who) for who in ("leo", "zoe", "c-00002")] == ["default", None, "default"]
    assert (await cascada.statements.get("/customers/zoe/statement")).status_code == 404

    await cascada.tell(account(customer_id="zoe"))
    await all_are_equal(operator)
    await eventually(lambda: _is_in(cascada, "zoe", "default"))

    async def statements_follow() -> bool:
        segment, sequence = await _standing(operator, "zoe")
        return bool(segment == "default" and sequence > told_of_zoe[1])

    await eventually(statements_follow)


async def _standing(operator: Operator, customer_id: str) -> tuple[str, int]:
    found = await operator.rows(
        "statements", "SELECT segment_id, sequence FROM standings WHERE customer_id = $1", customer_id
    )
    return (found[0][0], found[0][1])


async def test_when_a_hearer_comes_back_older_it_catches_up_and_is_believed(
    operator: Operator, cascada: Cascada
) -> None:
    await cascada.tell(account(an_invoice("100", issued_on=DAY), customer_id="mar"))
    await all_are_equal(operator)
    await operator.copy("segmenter", "segmenter_backup")
    await cascada.put("mar", paid("50", on=DAY))
    await cascada.tell(account(paid("10", on=DAY), customer_id="sol"))
    await all_are_equal(operator)
    async with Ear(operator.stack.env["KAFKA_BOOTSTRAP_SERVERS"], "segments.v1") as ear:
        await operator.restore("segmenter", "segmenter_backup")
        await all_are_equal(operator)
        assert [await cascada.segment_of(who) for who in ("mar", "sol")] == ["pagan"] * 2
        await cascada.caught_up()
        moves = await ear.told_of("mar", "segment.assigned")
    [(epoch,)] = await operator.rows("segmenter", "SELECT epoch FROM instance")
    anew = [move for move in moves if dict(move.raw_headers)["ce_epoch"] == str(epoch).encode()]
    assert [move.data["to"]["id"] for move in anew] == ["pagan"]

    async def statements_believe() -> bool:
        found = await operator.rows("statements", "SELECT epoch, segment_id FROM standings WHERE customer_id = 'mar'")
        return found == [(epoch, "pagan")]

    await eventually(statements_believe)


async def test_when_statements_comes_back_older_nothing_is_sent_twice(operator: Operator, cascada: Cascada) -> None:
    owed = an_invoice("100", issued_on=DAY)
    for who in ("uno", "dos"):
        await cascada.tell(account(owed, customer_id=who, type="company", email=f"{who}@correo.demo"))
    await cascada.go_to("2026-03-04T09:00:00-05:00")
    await all_are_equal(operator)
    answer = await cascada.statements.put("/rules/diaria", json=DAILY)
    assert answer.status_code == 201, answer.text
    await operator.copy("statements", "statements_backup")

    await cascada.go_to("2026-03-04T10:00:01-05:00")
    await eventually(lambda: _are_mailed(cascada, {"dos": 1, "uno": 1}), within=60)
    await eventually(lambda: _has_told_all(cascada))
    said = await operator.restore("statements", "statements_backup")
    assert "2 events learnt" in said
    assert "0 deliveries are unknown" in said

    await cascada.go_to("2026-03-05T10:00:01-05:00")
    await eventually(lambda: _are_mailed(cascada, {"dos": 2, "uno": 2}), within=60)
    await eventually(lambda: _has_sent(cascada, {"2026-03-05": 2, "2026-03-04": 2}))
    await all_are_equal(operator)


DAILY = {
    "name": "Cada mañana",
    "frequency": {"type": "weekly", "weekdays": ["wednesday", "thursday"]},
    "time": "10:00",
    "content": {"type": "full"},
    "audience": {"customer_types": ["company"]},
    "status": "active",
}


async def _are_mailed(cascada: Cascada, wanted: dict[str, int]) -> bool:
    items = (await cascada.mail.get("/messages")).json()["items"]
    names = [mail["to"][0].partition("@")[0] for mail in items]
    return {name: names.count(name) for name in sorted(set(names))} == wanted


async def _has_sent(cascada: Cascada, wanted: dict[str, int]) -> bool:
    """A mail is in the box a moment before the gateway's answer is in the ledger."""
    runs = (await cascada.statements.get("/runs", params={"rule_id": "diaria"})).json()["items"]
    return {run["as_of_date"]: run["counts"]["accepted"] + run["counts"]["delivered"] for run in runs} == wanted


async def _has_told_all(cascada: Cascada) -> bool:
    """The run has ended, so what the gateway answered is in the ledger, and all of it is on the topic."""
    [run] = (await cascada.statements.get("/runs", params={"rule_id": "diaria"})).json()["items"]
    unsent = (await cascada.status(cascada.statements))["outbox_unsent"]
    return bool(run["state"] == "finished" and unsent == 0)


async def test_after_all_of_it_everything_verifies(operator: Operator) -> None:
    services = ("customers", "segmenter", "statements")
    said = await asyncio.gather(*(operator.run(service, "verify", "--sample", "300") for service in services))
    assert said == ["300 customers verified\n"] * 3
