"""The checks of the fault run are worth something: each guard of the product is taken out once, and they find it.

Every test does the same thing twice, with the guard and without it, on the real service over a real database.
"""

import asyncio
from collections.abc import Collection, Iterable
from datetime import date, datetime
from itertools import count
from typing import Any

import msgspec
import pytest
from sqlalchemy import TextClause, text

from deploy.local.mail.gateway import Gateway, Taken
from services.customers.storage import customers as customer_rows
from services.segmenter.storage import judging
from services.segmenter.usecases import admit_events
from services.statements.storage import addresses
from shared.database.engine import Database
from shared.database.writing import Write
from shared.messaging import outbox
from shared.messaging.batch import Batch
from shared.messaging.sequence import Position, Verdict
from shared.messaging.taking import Taking
from tests.chaos import checks_of_figures, checks_of_mails
from tests.chaos import checks_of_the_stream as stream
from tests.chaos.checks_of_mails import MailSeen
from tests.chaos.history import History, Written
from tests.chaos.inspection import deadlocked, quarantined
from tests.journeys.listening import Heard
from tests.journeys.wire import customer_body, fact_body, fact_line, fact_path
from tests.oracle.accounts import a_customer, account, failed, paid
from tests.oracle.cascade import Segment
from tests.oracle.settings import Settings
from tests.services.customers.house import House as Customers
from tests.services.customers.house import open_house as open_customers
from tests.services.segmenter.listener import Listener, SetClock, a_segment
from tests.services.segmenter.races import holding, stands_waiting, waits_or_is_done
from tests.services.segmenter.sender import Books
from tests.services.statements.house import open_house as open_statements
from tests.services.statements.test_runs import debtor, planned
from tests.services.statements.test_sending import say_nothing
from tests.support.eventually import eventually

TODAY = date(2026, 3, 9)
FAILING = {"variable": "failed_payments", "operator": "gte", "value": 2}
CASCADE = [Segment("fallidos", "Fallidos", FAILING)]

with_and_without = pytest.mark.parametrize("is_in_place", [True, False], ids=["with the guard", "without it"])
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
_OTHERS = text(
    """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    """
)
_DEADLOCKS = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


class WithoutKeys(Gateway):
    """A gateway to which every call is another mail."""

    def take(self, body: bytes, key: str | None, *, new_id: str, now: datetime) -> Taken:
        return super().take(body, None, new_id=new_id, now=now)


@with_and_without
async def test_the_outbox(customers_database: str, monkeypatch: pytest.MonkeyPatch, *, is_in_place: bool) -> None:
    """Told after the commit in place of in it: a process that dies in between has told nobody."""

    def too_late(_: object) -> list[Write]:
        return []

    async with open_customers(customers_database) as house:
        history = await registered(house, "ana", "bea")
        await write(house, history, "ana", paid(on=TODAY))
        if not is_in_place:
            monkeypatch.setattr(outbox, "put_with", too_late)
        await write(house, history, "bea", paid(on=TODAY))
        told, _ = stream.by_sequence(await heard(house))
    assert bool(stream.lost(history, told)) is not is_in_place


@with_and_without
async def test_the_unique_keys(customers_database: str, *, is_in_place: bool) -> None:
    """Two callers register one customer at the same moment: both find nobody, and only the key stops the second."""
    async with open_customers(customers_database) as house:
        async with house.database.transaction() as gate:
            if not is_in_place:
                await gate.execute(text("ALTER TABLE customers DROP CONSTRAINT customers_pkey CASCADE"))
        async with house.database.transaction() as gate:
            await gate.execute(text("LOCK TABLE customers IN SHARE ROW EXCLUSIVE MODE"))
            body = customer_body(a_customer(customer_id="ana"))
            both = [asyncio.create_task(house.put("/customers/ana", body)) for _ in range(2)]
            await eventually(lambda: waiting(house.database, 2))
        await asyncio.gather(*both)
        _, told_twice = stream.by_sequence(await heard(house))
    assert bool(told_twice) is not is_in_place


@with_and_without
async def test_the_lock_order(customers_database: str, monkeypatch: pytest.MonkeyPatch, *, is_in_place: bool) -> None:
    """Two batches name the same customers in opposite orders."""
    both_have_one, callers = asyncio.Barrier(2), count()
    lock = customer_rows.lock_customers

    async def in_any_order(connection: Any, ids: Collection[str]) -> tuple[int, list[Any]]:
        caller = next(callers)
        first, *others = sorted(ids, reverse=caller == 1)
        epoch, found = await lock(connection, [first])
        if caller < 2:  # whoever lost tries again, and meets nobody
            await both_have_one.wait()
        return epoch, found + (await lock(connection, others))[1]

    async with open_customers(customers_database) as house:
        await registered(house, "ana", "bea")
        if not is_in_place:
            monkeypatch.setattr(customer_rows, "lock_customers", in_any_order)
        lines = [fact_line(one, paid(on=TODAY)) for one in ("ana", "bea")]
        await asyncio.gather(house.batch(*lines), house.batch(*reversed(lines)))
    assert bool(deadlocked(await deadlocks(customers_database))) is not is_in_place


@with_and_without
async def test_the_sequence_check(
    segmenter_database: str, monkeypatch: pytest.MonkeyPatch, *, is_in_place: bool
) -> None:
    """A payment that failed once is told twice; without the check only its key keeps it from counting twice."""

    def judge(_known: Position, _seen: Position) -> Verdict:
        return Verdict.APPLY

    async for segmenter in listening(segmenter_database):
        ana = Books(account(customer_id="ana"))
        await segmenter.refreshes(a_segment("fallidos", **FAILING))
        await segmenter.hears(ana.registered())
        event = ana.attempts(failed(on=TODAY))
        if not is_in_place:
            monkeypatch.setattr(admit_events, "judge", judge)
        taking = Taking(segmenter.database, segmenter.events.apply, sequenced=["customers.v1"])
        await taking.take(Batch([event]))
        await taking.take(Batch([event]))
        [found] = await segmenter.rows("SELECT count(*) AS n FROM quarantine")
        assert await misplaced(segmenter, ana) == []
        assert bool(quarantined("segmenter", found["n"], 0)) is not is_in_place


@with_and_without
async def test_the_publish_fence(
    segmenter_database: str, monkeypatch: pytest.MonkeyPatch, *, is_in_place: bool
) -> None:
    """An event has read the old revision, and is held up while a new one is published and converges."""

    async def unfenced(_: object) -> None:
        return None

    async for segmenter in listening(segmenter_database):
        ana = Books(account(customer_id="ana"))
        await segmenter.hears(ana.registered(), ana.attempts(failed(on=TODAY)))
        await segmenter.asks_refresh(a_segment("fallidos", **FAILING))
        if not is_in_place:
            monkeypatch.setattr(judging, "hold_published", unfenced)
        async with holding(segmenter, "FROM customers WHERE customer_id = 'ana'"):
            hearing = asyncio.create_task(segmenter.hears(ana.attempts(failed(on=TODAY))))
            await stands_waiting(segmenter)
            refreshing = asyncio.create_task(segmenter.runs_refresh())
            await waits_or_is_done(segmenter, refreshing)
        await asyncio.gather(hearing, refreshing)
        assert bool(await misplaced(segmenter, ana)) is not is_in_place


@with_and_without
async def test_the_send_ledger(statements_database: str, monkeypatch: pytest.MonkeyPatch, *, is_in_place: bool) -> None:
    """A worker dies after the gateway took its mail and before it could note so; the gateway honours no keys."""

    async def unnoted(*_: Any) -> None:
        return None

    async with open_statements(statements_database, mail_gateway_honours_keys=False) as house:
        say_nothing(house)
        house.catcher.gateway = WithoutKeys(house.catcher.inbox)
        await planned(house, debtor("ana"), attach_pdf=False)
        while await house.steps().plan_runs() or await house.steps().prepare_mails():
            pass
        if not is_in_place:
            monkeypatch.setattr(addresses, "send", unnoted)
        dying = house.steps().send_mails
        for mail in (await dying.claim()).mails:
            await dying.call(mail)
        await house.skip_pauses()
        await house.work()
        mails = [MailSeen(str(m.delivery_id), m.headers["X-Cascada-Rule"], "", m.to[0]) for m in house.mails]
    assert bool(checks_of_mails.mailed_twice(mails)) is not is_in_place


async def registered(house: Customers, *names: str) -> History:
    history = History()
    for name in names:
        history.registered(a_customer(customer_id=name))
        assert (await house.put(f"/customers/{name}", customer_body(history.customers[name]))).status_code == 201
    return history


async def write(house: Customers, history: History, name: str, fact: Written) -> None:
    """As the load writes: noted before, answered after."""
    asked = history.asks(name, fact)
    asked.answered((await house.put(fact_path(name, fact), fact_body(fact))).status_code)
    assert asked.outcome == "accepted"


async def heard(house: Customers) -> list[Heard]:
    """What the outbox would tell, as a listener hears it."""
    async with house.database.transaction() as connection:
        events = [event for _, event in await outbox.unsent(connection, "customers", 1000)]
    return [
        Heard(e.key, e.type, e.sequence, msgspec.json.decode(e.data), (("ce_id", e.id.encode()),), e.data)
        for e in events
    ]


async def deadlocks(url: str) -> int:
    """How many there were. A session counts its own when it ends at the latest, so all others have ended."""
    database = Database(url, name="afterwards", connections=1)

    async def number(query: TextClause) -> int:
        async with database.transaction() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def is_alone() -> bool:
        return await number(_OTHERS) == 0

    await eventually(is_alone, within=20)
    found = await number(_DEADLOCKS)
    await database.close()
    return found


async def waiting(database: Database, sessions: int) -> bool:
    async with database.transaction() as connection:
        return bool((await connection.execute(_WAITING)).scalar_one() >= sessions)


async def listening(url: str) -> Any:
    database = Database(url, name="test")
    yield Listener(database, SetClock(TODAY))
    await database.close()


async def misplaced(segmenter: Listener, *books: Books) -> list[str]:
    """What the checks say of where these customers are."""
    wanted = checks_of_figures.expected([one.account for one in books], TODAY, Settings(), CASCADE)
    return checks_of_figures.segments(wanted, {row["customer_id"]: row for row in await members(segmenter)})


async def members(segmenter: Listener) -> Iterable[dict[str, Any]]:
    return await segmenter.rows(
        """
        SELECT customer_id, segment_id, aging_bucket, risk_level, total_balance, CAST(0 AS numeric) AS overdue_balance
        FROM membership JOIN behaviour USING (customer_id)
        """
    )
