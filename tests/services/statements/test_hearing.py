"""Facts are taken once and in sequence; a customer that cannot be is repaired; what the segmenter tells is state."""

from datetime import date

from sqlalchemy import text

from shared.messaging.repair import Repairer
from tests.oracle.accounts import account, an_invoice, paid
from tests.oracle.facts import Account
from tests.services.statements.house import House
from tests.services.statements.segmenter_telling import assigned, progress, published
from tests.services.statements.telling import Said, registered, snapshot, told

DAY = date(2026, 2, 2)


def somebody() -> Account:
    return account(
        an_invoice("900", issued_on=DAY, due_on=date(2026, 3, 1), invoice_id="f1"),
        paid("400", on=DAY, payment_id="p1"),
        an_invoice("100", issued_on=DAY, due_on=date(2026, 2, 1), invoice_id="f2"),
        paid("600", on=date(2026, 2, 5), payment_id="p2"),
        customer_id="ana",
        email="ana@correo.demo",
    )


async def closing(house: House) -> str:
    [figures] = (await house.get("/customers/ana/statement"))["currencies"]
    return str(figures["closing"])


async def behind(house: House) -> list[tuple[str, int, int]]:
    async with house.database.transaction() as connection:
        rows = await connection.execute(text("SELECT customer_id, seen_epoch, seen_seq FROM behind"))
        return [tuple(row) for row in rows]


async def repair(house: House, known: Account, seq: int) -> None:
    async def fetch(customer_id: str) -> object:
        return snapshot(known, seq)

    await Repairer(house.database, fetch, house.events.replace).step()  # type: ignore[arg-type]


async def test_events_heard_twice_count_once(house: House) -> None:
    said = told(somebody())
    await house.hear(*said)
    await house.hear(*said[2:], *said)
    assert await closing(house) == "0.00"
    assert await behind(house) == []


async def test_any_cut_into_batches_gives_the_same(house: House) -> None:
    for one in told(somebody()):
        await house.hear(one)
    [figures] = (await house.get("/customers/ana/statement"))["currencies"]
    assert [(line["invoice_id"], line["settled_on"]) for line in figures["lines"]] == [
        ("f2", "2026-02-05"),
        ("f1", "2026-02-05"),
    ]


async def test_a_gap_falls_behind_and_is_repaired_from_the_snapshot(house: House) -> None:
    said = told(somebody())
    await house.hear(*said[:2], *said[3:])
    assert await behind(house) == [("ana", 1, 5)]
    await repair(house, somebody(), seq=5)
    assert await behind(house) == []
    assert await closing(house) == "0.00"
    await house.hear(*said)
    assert await closing(house) == "0.00"


async def test_a_snapshot_that_is_not_far_enough_does_not_end_being_behind(house: House) -> None:
    said = told(somebody())
    await house.hear(*said[:2], *said[4:])
    await repair(house, account(*somebody().facts[:2], customer_id="ana"), seq=3)
    assert await behind(house) == [("ana", 1, 5)]


async def test_a_stranger_is_known_after_its_repair(house: House) -> None:
    await house.hear(*told(somebody())[3:])
    assert (await house.http.get("/v1/customers/ana/statement")).status_code == 404
    await repair(house, somebody(), seq=5)
    assert await closing(house) == "0.00"


async def test_an_update_changes_who_is_written_to(house: House) -> None:
    await house.hear(*told(somebody()), registered(somebody(), 6, email="nueva@correo.demo"))
    async with house.database.transaction() as connection:
        found = await connection.execute(text("SELECT email, seq FROM customers"))
        assert found.one() == ("nueva@correo.demo", 6)


async def test_the_highest_word_on_a_segment_wins_whatever_comes_first(house: House) -> None:
    restored = Said(**{**vars(assigned("ana", "c", 1)), "epoch": 2})
    await house.hear(*told(somebody()), assigned("ana", "b", 5), assigned("ana", "a", 4), assigned("eva", "x", 1))
    assert await segment(house) == "b"
    await house.hear(restored)
    assert await segment(house) == "c"


async def segment(house: House) -> str | None:
    async with house.database.transaction() as connection:
        found = await connection.execute(text("SELECT segment_id FROM standings WHERE customer_id = 'ana'"))
        segment_id: str | None = found.scalar_one()
        return segment_id


async def test_aging_follows_the_published_edges(house: House) -> None:
    house.clock.set("2026-03-10T09:00:00-05:00")
    late = account(an_invoice("10", issued_on=date(2026, 1, 1), due_on=date(2026, 2, 20)), customer_id="ana")
    await house.hear(*told(late), published("default", seq=7, edges=(10, 20)), published("default", seq=3))
    [figures] = (await house.get("/customers/ana/statement"))["currencies"]
    assert [(cell["bucket"], cell["amount"]) for cell in figures["aging"]] == [
        ("current", "0.00"),
        ("1-10", "0.00"),
        ("11-20", "10.00"),
        ("21+", "0.00"),
    ]


async def test_status_says_how_far_everything_is(house: House) -> None:
    assert (await house.get("/status"))["facts_through"] is None
    await house.hear(progress(house.clock.now(), 1), through=house.clock.now())
    await house.hear(*told(somebody())[2:])
    status = await house.get("/status")
    assert status["facts_through"] == "2026-03-10T14:00:00Z"
    assert (status["customers_behind"], status["quarantined"], status["outbox_unsent"]) == (1, 0, 0)
