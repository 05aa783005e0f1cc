"""A payment goes in over HTTP and its customer moves: at once, told once, and never again for the same payment."""

import time
from dataclasses import replace
from itertools import pairwise

from tests.journeys.cascada import Cascada
from tests.journeys.listening import Ear
from tests.journeys.same_day.day import FLOW, a_good_payer, days_ago
from tests.journeys.wire import fact_path
from tests.oracle.accounts import failed
from tests.support.eventually import eventually


async def test_the_second_failed_payment_within_90_days_moves_a_good_payer_within_a_second(
    cascada: Cascada, moves: Ear
) -> None:
    """The best of three: what else the machine does for a moment says nothing of Cascada."""
    seconds: list[float] = []
    while len(seconds) < 3 and min(seconds, default=1.0) >= 1:
        seconds.append(await _seconds_to_move(cascada, moves))
    assert min(seconds) < 1, seconds


async def _seconds_to_move(cascada: Cascada, moves: Ear) -> float:
    """From a payment that fails to its customer's move, told and asked; both say all there is to say."""
    ana = a_good_payer(failed(on=days_ago(90)))
    ana_id = ana.customer.customer_id
    await cascada.tell(ana)
    await eventually(lambda: _is_in(cascada, ana_id, "buen-pagador"))
    await moves.listen()

    started = time.monotonic()
    assert (await cascada.put(ana_id, failed(on=days_ago(0)))).status_code == 201
    move = await eventually(lambda: _last_move(moves, ana_id, "pagos-fallidos"))
    standing = await cascada.standing(ana_id)
    seconds = time.monotonic() - started

    assert standing["segment"]["segment_id"] == "pagos-fallidos"
    assert standing["flow"]["flow_id"] == FLOW["flow_id"]
    assert move["from"] == {"id": "buen-pagador", "name": "Buen pagador"}
    assert move["to"] == {"id": "pagos-fallidos", "name": "Pagos fallidos"}
    assert move["cause"] == "event"
    assert move["flow"] == FLOW
    assert move["as_of"] == days_ago(0).isoformat()
    return seconds


async def test_the_same_put_again_changes_nothing_and_tells_nothing(cascada: Cascada, moves: Ear) -> None:
    last = failed("250.5", on=days_ago(1))
    luis = a_good_payer(failed(on=days_ago(3)), last)
    luis_id = luis.customer.customer_id
    await cascada.tell(luis)
    await eventually(lambda: _is_in(cascada, luis_id, "pagos-fallidos"))
    await cascada.caught_up()
    before, way = await cascada.standing(luis_id), await _path(moves, luis_id)

    assert (await cascada.put(luis_id, last)).status_code == 200
    spelled_otherwise = {"status": "failed", "amount": "250.50", "occurred_at": last.occurred_at.isoformat()}
    again = await cascada.customers.put(fact_path(luis_id, last), json=spelled_otherwise)
    assert again.status_code == 200, again.text
    assert await cascada.standing(luis_id) == before

    # A later change of the same customer stands behind anything that the repeats could have told.
    assert (await cascada.register(replace(luis.customer, portfolio="acuerdo"))).status_code == 200
    await eventually(lambda: _last_move(moves, luis_id, "reestructurados"))
    facts = 1 + len(luis.facts) + 1
    async with Ear(cascada.stack.env["KAFKA_BOOTSTRAP_SERVERS"], "customers.v1") as told:
        assert [event.sequence for event in await told.told_of(luis_id)] == list(range(1, facts + 1))
    assert await _path(moves, luis_id) == [*way, "reestructurados"]


async def test_another_body_under_the_same_id_is_refused_and_tells_nothing(cascada: Cascada) -> None:
    payment = failed("10", on=days_ago(1))
    rosa = a_good_payer(payment)
    rosa_id = rosa.customer.customer_id
    await cascada.tell(rosa)
    answer = await cascada.put(rosa_id, replace(payment, status="succeeded"))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert (await cascada.customers.get(f"/customers/{rosa_id}/snapshot")).json()["seq"] == 1 + len(rosa.facts)


async def _is_in(cascada: Cascada, customer_id: str, segment_id: str) -> bool:
    return await cascada.segment_of(customer_id) == segment_id


async def _last_move(moves: Ear, customer_id: str, segment_id: str) -> dict[str, object]:
    told = await moves.told_of(customer_id, "segment.assigned")
    assert told
    assert told[-1].data["to"]["id"] == segment_id
    return told[-1].data


async def _path(moves: Ear, customer_id: str) -> list[str]:
    """The segments a customer went through; each move must begin where the one before ended."""
    told = [event.data for event in await moves.told_of(customer_id, "segment.assigned")]
    assert told[0]["from"] is None
    for before, after in pairwise(told):
        assert after["from"] == before["to"]
    return [move["to"]["id"] for move in told]
