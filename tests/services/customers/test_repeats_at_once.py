"""Idempotency under load: many clients repeat a past in any order while its future is written; nothing of it moves."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from random import Random

import pytest

from tests.services.customers.comparing import expected, send, stored
from tests.services.customers.house import House
from tests.services.customers.oracle import Issue, Note, Oracle, Pay, Refund, Step, Void
from tests.services.customers.sentences import a_person
from tests.services.customers.stories import line_of

WRITES = 1000
CLIENTS = 50
AT_ONCE = 500
KINDS = [*["issue"] * 9, *["pay"] * 9, *["note"] * 6, *["refund"] * 6, "void"]
BUSY = 503
"""All connections are taken: a client that is told so says it again."""

Write = tuple[str, Step]


@pytest.mark.timeout(300)  # half a minute, on a machine that does nothing else
async def test_repeats_at_once_change_nothing_of_a_growing_ledger(house: House) -> None:
    random = Random(20260310)
    oracles = {f"c{number}": Oracle() for number in range(25)}
    past, future = _writes(random, oracles, 0), _writes(random, oracles, WRITES)
    await house.batch(*({"kind": "customer", "customer_id": name, **a_person()} for name in oracles))

    assert set(await _write(house, past)) == {200, 201}
    repeated = [_repeat(house, random.sample(past, WRITES)) for _ in range(CLIENTS)]
    statuses, *again = await asyncio.gather(_write(house, future), *repeated)

    assert again == [{"unchanged": WRITES}] * CLIENTS
    assert set(statuses) == {200, 201}
    assert len(await house.told()) == len(oracles) + 2 * WRITES
    for customer, oracle in oracles.items():
        assert await stored(house, customer) == expected(oracle)


def _writes(random: Random, oracles: dict[str, Oracle], first: int) -> list[Write]:
    """As many writes of new facts as asked, each accepted when sent in this order."""
    writes: list[Write] = []
    while len(writes) < WRITES:
        customer = random.choice(list(oracles))
        step, oracle = _step(random, first + len(writes), oracles[customer]), oracles[customer]
        before = len(oracle.history)
        oracle.take(step)
        if len(oracle.history) > before:
            writes.append((customer, step))
    return writes


def _step(random: Random, number: int, known: Oracle) -> Step:
    amount, on = Decimal(random.randint(1, 200)), random.randint(0, 60)
    invoice = random.choice(list(known.invoices) or ["none"])
    match random.choice(KINDS):
        case "issue":
            return Issue(f"f{number}", "COP", amount, random.randint(0, 60), on)
        case "pay":
            return Pay(f"p{number}", "COP", amount, on, random.random() < 0.9, ())
        case "note":
            kind = random.choice(["credit", "write_off"])
            return Note(f"n{number}", kind, "COP", amount, on, random.choice([None, invoice]))
        case "refund":
            payment = random.choice(list(known.payments) or ["none"])
            return Refund(payment, f"r{number}", random.choice([None, amount]), random.choice([None, on]))
        case _:
            return Void(invoice, random.choice([None, on]))


async def _write(house: House, writes: Sequence[Write]) -> list[int]:
    """One client, one write after the other."""
    statuses = []
    for customer, step in writes:
        while (status := await send(house, customer, step)) == BUSY:
            pass
        statuses.append(status)
    return statuses


async def _repeat(house: House, writes: Sequence[Write]) -> Counter[str]:
    """One client, a batch after the other; voids, which no batch knows, one by one after the batch they fell into."""
    answers: Counter[str] = Counter()
    for start in range(0, len(writes), AT_ONCE):
        part = writes[start : start + AT_ONCE]
        voids = [(customer, step) for customer, step in part if isinstance(step, Void)]
        lines = [line_of(customer, step) for customer, step in part if not isinstance(step, Void)]
        while (answer := await house.batch(*lines)).status_code == BUSY:
            pass
        answers.update({name: answer.json()[name] for name in ("accepted", "unchanged", "failed")})
        answers["unchanged"] += (await _write(house, voids)).count(200)
    return +answers
