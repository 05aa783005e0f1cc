"""A gap makes a customer fall behind; a snapshot of its owner mends it, and everyone else goes on."""

from collections.abc import Mapping
from datetime import date

from services.segmenter.inbound.events import TYPES
from shared.contracts.customers_snapshots import Snapshot
from shared.contracts.customers_v1 import TOPIC
from shared.database.engine import Database
from shared.messaging.batch import Batch, Record, Unreadable, read_record
from shared.messaging.repair import Repairer
from shared.messaging.taking import Taking
from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.services.segmenter.listener import Listener, a_segment
from tests.services.segmenter.sender import Books

TODAY = date(2026, 3, 9)
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)


def a_repairer(segmenter: Listener, snapshots: Mapping[str, Snapshot]) -> Repairer:
    async def fetch(customer_id: str) -> Snapshot | None:
        return snapshots.get(customer_id)

    return Repairer(segmenter.database, fetch, segmenter.events.replace)


async def behind(segmenter: Listener) -> list[tuple[str, int]]:
    rows = await segmenter.rows("SELECT customer_id, seen_seq FROM behind ORDER BY customer_id")
    return [(row["customer_id"], row["seen_seq"]) for row in rows]


async def test_a_gap_is_mended_from_a_snapshot(segmenter: Listener) -> None:
    await segmenter.refreshes(FAILING)
    books = Books(account(customer_id="ana"))
    first, _lost = books.registered(), books.issues(an_invoice("100", issued_on=TODAY))
    await segmenter.hears(first, books.attempts(failed(on=TODAY)))
    assert (await behind(segmenter), await segmenter.segment_of("ana")) == ([("ana", 3)], "default")

    assert await a_repairer(segmenter, {"ana": books.snapshot()}).step()
    assert (await behind(segmenter), await segmenter.segment_of("ana")) == ([], "fallidos")
    assert await segmenter.rows("SELECT total_balance::int AS owed, failed_payments AS failed FROM behaviour") == [
        {"owed": 100, "failed": 1}
    ]


async def test_after_the_repair_events_go_on_where_the_snapshot_ends(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana"))
    books.registered()
    await segmenter.hears(books.attempts(paid(on=TODAY)))
    await a_repairer(segmenter, {"ana": books.snapshot()}).step()
    await segmenter.hears(*books.told, books.attempts(paid(on=TODAY)))
    assert await segmenter.rows("SELECT successful_payments AS paid FROM behaviour") == [{"paid": 2}]
    assert await segmenter.moves_told() == [("ana", None, "default", "event")]


async def test_a_snapshot_older_than_what_is_known_changes_nothing(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana"))
    await segmenter.hears(books.registered())
    old = books.snapshot()
    await segmenter.hears(books.attempts(paid(on=TODAY)))
    await a_repairer(segmenter, {"ana": old}).repair("ana")
    assert await segmenter.rows("SELECT seq FROM customers") == [{"seq": 2}]
    assert await segmenter.rows("SELECT successful_payments AS paid FROM behaviour") == [{"paid": 1}]


async def test_a_restored_sender_wins_by_its_epoch(segmenter: Listener) -> None:
    lost = Books(account(customer_id="ana"))
    await segmenter.hears(lost.registered(), lost.attempts(paid(on=TODAY)), lost.attempts(paid(on=TODAY)))
    restored = Books(account(customer_id="ana"), epoch=2)
    await segmenter.hears(restored.registered(), restored.attempts(failed(on=TODAY)))
    await a_repairer(segmenter, {"ana": restored.snapshot()}).step()
    assert await segmenter.rows("SELECT successful_payments AS paid, failed_payments AS failed FROM behaviour") == [
        {"paid": 0, "failed": 1}
    ]


async def test_a_customer_its_owner_does_not_know_is_removed(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana"))
    await segmenter.hears(books.registered(), books.attempts(paid(on=TODAY)))
    await a_repairer(segmenter, {}).repair("ana")
    for table in ("customers", "payments", "behaviour", "days", "membership"):
        assert await segmenter.rows(f"SELECT 1 FROM {table}") == []


async def test_who_hears_of_moves_is_told_that_a_removed_customer_left_and_believes_its_return(
    segmenter: Listener,
) -> None:
    await segmenter.hears(Books(account(customer_id="ana")).registered())
    await a_repairer(segmenter, {}).repair("ana")
    restored = Books(account(customer_id="ana"), epoch=2)
    await segmenter.hears(restored.registered())
    told = [one for one in await segmenter.told() if one.type == "segment.assigned"]
    assert [(one.sequence, one.data["to"] and one.data["to"]["id"]) for one in told] == [
        (1, "default"),
        (2, None),
        (3, "default"),
    ]


async def test_unreadable_bytes_are_set_aside_and_the_flow_goes_on(segmenter: Listener) -> None:
    ana, bea = Books(account(customer_id="ana")), Books(account(customer_id="bea"))
    await segmenter.hears(ana.registered())
    bad = garbled(ana)
    batch = Batch([ana.attempts(paid(on=TODAY)), bea.registered()], unreadable=[bad])
    await a_taking(segmenter).take(batch)
    assert await segmenter.rows("SELECT kafka_offset, reason FROM quarantine") == [
        {"kafka_offset": bad.record.offset, "reason": bad.reason}
    ]
    assert (await behind(segmenter), await segmenter.segment_of("bea")) == ([("ana", 3)], "default")


def garbled(books: Books) -> Unreadable:
    """The next event of a customer, its payload cut short."""
    event = books.attempts(paid(on=TODAY))
    record = event.record
    cut = Record(TOPIC, record.partition, record.offset, record.key, record.headers, event.envelope.data[:20])
    found = read_record(cut, TYPES)
    assert isinstance(found, Unreadable)
    return found


async def test_an_event_that_contradicts_what_is_known_is_set_aside_alone(segmenter: Listener) -> None:
    ana, bea = Books(account(customer_id="ana")), Books(account(customer_id="bea"))
    same = paid(on=TODAY)
    batch = Batch([ana.registered(), ana.attempts(same), ana.attempts(same), bea.registered()])
    await a_taking(segmenter).take(batch)
    assert (await behind(segmenter), await segmenter.segment_of("bea")) == ([("ana", 3)], "default")
    assert await segmenter.rows("SELECT seq FROM customers WHERE customer_id = 'ana'") == [{"seq": 2}]


def a_taking(segmenter: Listener) -> Taking:
    database: Database = segmenter.database
    return Taking(database, segmenter.events.apply, sequenced=[TOPIC])
