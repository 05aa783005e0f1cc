"""What goes wrong on the way does no harm: repeats are dropped, gaps are repaired, garbage is put aside."""

from dataclasses import replace

from aiokafka import AIOKafkaProducer

from tests.journeys.cascada import Cascada
from tests.journeys.listening import Ear, Heard
from tests.journeys.same_day.day import a_good_payer, days_ago
from tests.oracle.accounts import failed, paid
from tests.support.eventually import eventually


async def test_an_event_that_comes_twice_counts_once(cascada: Cascada) -> None:
    twice = a_good_payer(failed(on=days_ago(5)))
    customer_id = twice.customer.customer_id
    await cascada.tell(twice)
    last = (await _told_of(cascada, customer_id))[-1]
    await _produce(cascada, last)
    await _produce(cascada, last)
    marker = paid("1", on=days_ago(0))
    await cascada.put(customer_id, marker)
    await eventually(lambda: _counts(cascada, customer_id, succeeded=3, failed=1))
    assert await cascada.segment_of(customer_id) == "buen-pagador"


async def test_a_gap_is_repaired_from_the_snapshot(cascada: Cascada) -> None:
    gappy = a_good_payer(failed(on=days_ago(5)))
    customer_id = gappy.customer.customer_id
    await cascada.tell(gappy)
    await eventually(lambda: _counts(cascada, customer_id, succeeded=2, failed=1))
    last = (await _told_of(cascada, customer_id))[-1]
    # Two events further than anyone has heard of; what it says never happened.
    await _produce(cascada, replace(last, sequence=last.sequence + 2), payment_id="p-que-no-existe")
    await eventually(lambda: _behind(cascada, 1))
    assert await _counts(cascada, customer_id, succeeded=2, failed=1)

    await cascada.put(customer_id, failed(on=days_ago(1)))
    await cascada.put(customer_id, failed(on=days_ago(0)))
    await eventually(lambda: _behind(cascada, 0), within=30)
    await eventually(lambda: _counts(cascada, customer_id, succeeded=2, failed=3))
    assert await cascada.segment_of(customer_id) == "pagos-fallidos"


async def test_garbage_is_put_aside_and_the_flow_goes_on(cascada: Cascada) -> None:
    quarantined = (await cascada.status(cascada.segmenter))["quarantined"]
    one = a_good_payer(failed(on=days_ago(5)))
    customer_id = one.customer.customer_id
    await cascada.tell(one)
    last = (await _told_of(cascada, customer_id))[-1]
    headers = _headers(last, last.sequence + 1)
    async with AIOKafkaProducer(bootstrap_servers=cascada.stack.env["KAFKA_BOOTSTRAP_SERVERS"]) as producer:
        await producer.send_and_wait("customers.v1", b"\xff\x00 no es JSON", key=customer_id.encode(), headers=headers)
        await producer.send_and_wait("customers.v1", b"{}", key=customer_id.encode())
    await cascada.put(customer_id, failed(on=days_ago(0)))
    await eventually(lambda: _counts(cascada, customer_id, succeeded=2, failed=2))
    await eventually(lambda: _behind(cascada, 0), within=30)
    assert (await cascada.status(cascada.segmenter))["quarantined"] == quarantined + 2


async def _told_of(cascada: Cascada, customer_id: str) -> list[Heard]:
    """What ``customers.v1`` says about a customer, once it says everything."""
    head = (await cascada.customers.get(f"/customers/{customer_id}/snapshot")).json()["seq"]
    async with Ear(cascada.stack.env["KAFKA_BOOTSTRAP_SERVERS"], "customers.v1") as ear:

        async def complete() -> list[Heard]:
            told = await ear.told_of(customer_id)
            assert told
            assert told[-1].sequence == head
            return told

        return await eventually(complete)


async def _produce(cascada: Cascada, event: Heard, payment_id: str | None = None) -> None:
    """Put an event on ``customers.v1`` as somebody's mistake would."""
    known_id = str(event.data["payment_id"])
    value = event.raw_value.replace(known_id.encode(), (payment_id or known_id).encode())
    async with AIOKafkaProducer(bootstrap_servers=cascada.stack.env["KAFKA_BOOTSTRAP_SERVERS"]) as producer:
        await producer.send_and_wait(
            "customers.v1", value, key=event.key.encode(), headers=_headers(event, event.sequence)
        )


def _headers(event: Heard, sequence: int) -> list[tuple[str, bytes]]:
    return [(name, str(sequence).encode() if name == "ce_sequence" else raw) for name, raw in event.raw_headers]


async def _counts(cascada: Cascada, customer_id: str, *, succeeded: int, failed: int) -> bool:
    variables = (await cascada.standing(customer_id)).get("variables", {})
    counted = (variables.get("successful_payments"), variables.get("failed_payments"))
    assert counted == (succeeded, failed)
    return True


async def _behind(cascada: Cascada, customers: int) -> bool:
    return bool((await cascada.status(cascada.segmenter))["customers_behind"] == customers)
