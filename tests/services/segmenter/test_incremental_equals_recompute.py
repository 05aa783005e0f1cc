"""Whatever arrives, in whatever batches, late, twice or with gaps: behaviour is what the facts say."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.segmenter.storage.recompute import recompute
from shared.contracts.customers_snapshots import Snapshot
from shared.messaging.batch import Event
from shared.messaging.repair import Repairer
from tests.oracle.accounts import account
from tests.oracle.facts import Account, Fact
from tests.oracle.settings import Settings
from tests.oracle.variables import Moment, at, value_of
from tests.services.segmenter.listener import Listener
from tests.services.segmenter.random_facts import Happening
from tests.services.segmenter.sender import Books

TODAY = date(2026, 3, 9)
WINDOWS = (1, 7, 30, 365)
COUNTERS = ("failed_payments", "successful_payments", "invoices_issued", "amount_paid")
CARRIED = (
    *COUNTERS,
    "total_balance",
    "unapplied_credit",
    "consecutive_failed_payments",
    "last_payment_on",
    "last_failed_payment_on",
    "first_payment_on",
    "last_invoice_on",
)
_numbers = itertools.count()

ONE_BUSY_DAY = (3,)
A_BUSY_WEEK = (0, 1, 2, 3, 4, 5, 6)
YEARS = (*range(41), 90, 365, 366, 400, 800)


@dataclass(frozen=True)
class Rebilled:
    """The customer's billing currency changes."""

    currency: str


@st.composite
def lives(draw: st.DrawFn) -> list[Fact | Rebilled]:
    """What happens to a customer: facts of every kind, and now and then another billing currency."""
    random = Random(draw(st.integers(0, 10**9)))
    happening = Happening(random, TODAY, draw(st.sampled_from([ONE_BUSY_DAY, A_BUSY_WEEK, YEARS])))
    facts: list[Fact] = []
    life: list[Fact | Rebilled] = []
    for _ in range(draw(st.integers(0, 14))):
        fact = happening.next_of(facts, "COP")
        if random.random() < 0.15:
            life.append(Rebilled(random.choice(("COP", "USD"))))
        elif fact is not None:
            facts.append(fact)
            life.append(fact)
    return life


def events_of(life: Sequence[Fact | Rebilled]) -> Books:
    """The books of a new customer that lived so, every event told."""
    books = Books(account(customer_id=f"c{next(_numbers)}"))
    books.registered()
    for fact in life:
        if isinstance(fact, Rebilled):
            books.updated(currency=fact.currency)
        else:
            books.tells(fact)
    return books


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Books], list[list[Event]]]:
    """Customers, and what arrives of them: interleaved, in batches, some events twice, some never."""
    everyone = [events_of(draw(lives())) for _ in range(draw(st.integers(1, 3)))]
    waiting = [list(books.told) for books in everyone]
    arriving: list[Event] = []
    while any(waiting):
        queue = draw(st.sampled_from([events for events in waiting if events]))
        event = queue.pop(0)
        times = draw(st.sampled_from([1] * 20 + [2, 2, 0])) if event.envelope.sequence > 1 else 1
        arriving.extend([event] * times)
        if arriving and draw(st.integers(0, 9)) == 0:
            arriving.append(draw(st.sampled_from(arriving)))
    batches: list[list[Event]] = []
    while arriving:
        size = draw(st.integers(1, 12))
        batches.append(arriving[:size])
        arriving = arriving[size:]
    return everyone, batches


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(delivery=deliveries())
async def test_incremental_equals_recompute(
    segmenter: Listener, delivery: tuple[list[Books], list[list[Event]]]
) -> None:
    everyone, batches = delivery
    for batch in batches:
        await segmenter.hears(*batch)
    await repair(segmenter, everyone)
    for books in everyone:
        assert await kept(segmenter, books.customer_id) == expected(books.account)
        assert await windows(segmenter, books.customer_id) == expected_windows(books.account)
    before = await everything(segmenter)
    async with segmenter.database.transaction() as connection:
        await recompute(connection, [books.customer_id for books in everyone])
    assert await everything(segmenter) == before


async def repair(segmenter: Listener, everyone: list[Books]) -> None:
    """Mend whoever lost events; nobody else, for a repair would hide what went wrong before it."""
    snapshots = {books.customer_id: books.snapshot() for books in everyone}
    applied = {row["customer_id"]: row["seq"] for row in await segmenter.rows("SELECT customer_id, seq FROM customers")}
    behind = {row["customer_id"] for row in await segmenter.rows("SELECT customer_id FROM behind")}
    lost = {customer_id for customer_id, snapshot in snapshots.items() if applied[customer_id] < snapshot.seq}
    assert behind <= lost

    async def fetch(customer_id: str) -> Snapshot | None:
        return snapshots[customer_id]

    for customer_id in sorted(lost):
        await Repairer(segmenter.database, fetch, segmenter.events.replace).repair(customer_id)
    assert await segmenter.rows("SELECT 1 FROM behind") == []


async def kept(segmenter: Listener, customer_id: str) -> dict[str, Any]:
    (row,) = await segmenter.rows("SELECT * FROM behaviour WHERE customer_id = :id", id=customer_id)
    return {**{key: row[key] for key in CARRIED}, "paid_months": row["paid_months"]}


def expected(account: Account) -> dict[str, Any]:
    moment = at(account, TODAY, Settings())
    months = sorted({payment.on.replace(day=1) for payment in moment.successes})
    return {**{key: plain(moment, key) for key in CARRIED}, "paid_months": months[-12:]}


def plain(moment: Moment, key: str, within_days: int | None = None) -> Any:
    value = value_of(moment, key, within_days)
    return getattr(value, "amount", value)


async def windows(segmenter: Listener, customer_id: str) -> dict[tuple[str, int], Any]:
    """Counters over windows, as lifetime less what was before the window."""
    found: dict[tuple[str, int], Any] = {}
    for days in WINDOWS:
        query = """
            SELECT b.* , d.failed_payments AS f, d.successful_payments AS s, d.invoices_issued AS i, d.amount_paid AS a
            FROM behaviour b LEFT JOIN LATERAL (
                SELECT * FROM days WHERE customer_id = b.customer_id AND day < :start ORDER BY day DESC LIMIT 1
            ) AS d ON true WHERE b.customer_id = :id"""
        (row,) = await segmenter.rows(query, id=customer_id, start=TODAY - timedelta(days=days))
        for counter, base in zip(COUNTERS, "fsia", strict=True):
            found[counter, days] = row[counter] - (row[base] or 0)
    return found


def expected_windows(account: Account) -> dict[tuple[str, int], Any]:
    moment = at(account, TODAY, Settings())
    return {(counter, days): plain(moment, counter, days) for days in WINDOWS for counter in COUNTERS}


async def everything(segmenter: Listener) -> list[list[dict[str, Any]]]:
    return [
        await segmenter.rows("SELECT * FROM behaviour ORDER BY customer_id"),
        await segmenter.rows("SELECT * FROM days ORDER BY customer_id, day"),
    ]
