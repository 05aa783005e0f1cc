"""An erased customer leaves its segment for none, once and last; nothing of the person is left, and it stays so."""

from datetime import date, timedelta
from typing import Any

from shared.contracts import customers_v1
from shared.contracts.customers_snapshots import Snapshot
from shared.messaging.batch import Record, Unreadable
from shared.messaging.hearing import set_aside
from shared.messaging.repair import Repairer
from tests.oracle.accounts import account, an_invoice, paid
from tests.services.segmenter.house import House, problem
from tests.services.segmenter.listener import Listener
from tests.services.segmenter.sender import Books, contact

TODAY = date(2026, 3, 9)
LAST = {
    "customer_id": "ana",
    "from": {"id": "default", "name": "Default"},
    "to": None,
    "flow": None,
    "revision": 1,
    "as_of": "2026-03-09",
    "cause": "erasure",
}


async def ana(segmenter: Listener, **given: Any) -> Books:
    books = Books(account(customer_id="ana", email="ana@correo.co", phone="3001234567", country="CO", **given))
    invoice = an_invoice("100", issued_on=TODAY, due_on=TODAY, product="Luz")
    await segmenter.hears(books.registered(), books.issues(invoice), books.attempts(paid("40", on=TODAY)))
    return books


async def test_the_last_event_says_to_nowhere(segmenter: Listener) -> None:
    books = await ana(segmenter)
    before = await segmenter.told()
    await segmenter.hears(books.erased())
    (*_, last) = told = await segmenter.told()
    assert (len(told), last.type, last.data) == (len(before) + 1, "segment.assigned", LAST)
    assert last.sequence == before[-1].sequence + 1
    assert await segmenter.rows("SELECT to_segment, cause FROM moves ORDER BY sequence DESC LIMIT 1") == [
        {"to_segment": None, "cause": "erasure"}
    ]


async def test_nothing_of_the_person_is_left_and_the_books_are(segmenter: Listener) -> None:
    books = await ana(segmenter, variables={"ciudad": "Cali"})
    await segmenter.hears(contact("ana", "bounced", "ana@correo.co", 1), books.erased())
    query = "SELECT name, email, phone, country, addresses, variables, folded, erased FROM customers"
    assert await segmenter.rows(query) == [
        {
            "name": "",
            "email": None,
            "phone": None,
            "country": None,
            "addresses": [],
            "variables": {},
            "folded": {},
            "erased": True,
        }
    ]
    assert await segmenter.rows("SELECT 1 FROM contacts") == []
    assert await segmenter.rows("SELECT balance::int AS balance FROM invoices") == [{"balance": 60}]


async def test_what_could_not_be_applied_of_it_goes_too(segmenter: Listener) -> None:
    books = await ana(segmenter)
    for offset, key in enumerate((b"ana", b"bea")):
        record = Record(customers_v1.TOPIC, 0, offset, key, [], b'{"name": "Ana"')
        async with segmenter.database.transaction() as connection:
            await set_aside(connection, Unreadable(record, None, "payload"), sequenced=())
    await segmenter.hears(books.erased())
    assert await segmenter.rows("SELECT key FROM quarantine") == [{"key": b"bea"}]


async def test_what_could_not_be_applied_is_kept_without_what_it_said_when_it_is_heard_anew(
    segmenter: Listener,
) -> None:
    books = await ana(segmenter)
    await segmenter.hears(books.erased())
    for offset, key in enumerate((b"ana", b"bea", b"\xff\x00")):
        record = Record(customers_v1.TOPIC, 0, offset, key, [], b'{"name": "Ana"')
        async with segmenter.database.transaction() as connection:
            await set_aside(connection, Unreadable(record, None, "payload"), sequenced=())
    kept = await segmenter.rows("SELECT key, value IS NOT NULL AS said FROM quarantine ORDER BY kafka_offset")
    assert [(row["key"], row["said"]) for row in kept] == [(b"ana", False), (b"bea", True), (b"\xff\x00", True)]


async def test_it_is_in_no_list_count_or_percentile_and_gone_for_whoever_asks(house: House) -> None:
    books = await ana(house.segmenter)
    await house.segmenter.hears(books.erased())
    assert (await house.get("/cascade"))["segments"][0]["customers"] == 0
    assert (await house.post("/customers/search", {}))["items"] == []
    assert problem(await house.call("GET", "/standings/ana")) == (410, "erased")
    refresh = await house.refreshes()
    assert (refresh["state"], refresh["total"]) == ("done", 0)
    assert "top_cutoffs" not in (await house.get("/cascade"))["settings"]["quick_filters"]


async def test_what_is_heard_again_does_not_bring_it_back(segmenter: Listener) -> None:
    books = await ana(segmenter)
    await segmenter.hears(books.erased())
    told = await segmenter.told()
    await segmenter.hears(*books.told, contact("ana", "bounced", "ana@correo.co", 1))
    await a_repairer(segmenter, books.snapshot()).repair("ana")
    await segmenter.turns_day(TODAY + timedelta(days=40))
    assert await segmenter.told() == told
    for table in ("membership", "behaviour", "contacts"):
        assert await segmenter.rows(f"SELECT 1 FROM {table}") == []


async def test_a_lost_erasure_is_made_up_for_by_a_snapshot(segmenter: Listener) -> None:
    books = await ana(segmenter)
    books.erased()
    await a_repairer(segmenter, books.snapshot()).repair("ana")
    assert (await segmenter.told())[-1].data == LAST
    assert await segmenter.segment_of("ana") is None


async def test_who_was_never_told_of_leaves_untold(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana"))
    books.registered()
    books.erased()
    await a_repairer(segmenter, books.snapshot()).repair("ana")
    assert await segmenter.told() == []
    assert await segmenter.rows("SELECT erased FROM customers") == [{"erased": True}]


async def test_an_owner_restored_to_before_the_erasure_brings_it_back_and_the_sequence_goes_on(
    segmenter: Listener,
) -> None:
    books = await ana(segmenter)
    await segmenter.hears(books.erased())
    last = (await segmenter.told())[-1].sequence
    restored = Books(account(customer_id="ana"), epoch=2)
    restored.registered()
    await a_repairer(segmenter, restored.snapshot()).repair("ana")
    *_, again = await segmenter.told()
    assert (again.data["from"], again.data["to"]["id"], again.sequence) == (None, "default", last + 1)


async def test_an_erased_customer_that_its_owner_lost_and_got_anew_is_believed(segmenter: Listener) -> None:
    books = await ana(segmenter)
    await segmenter.hears(books.erased())
    last = (await segmenter.told())[-1].sequence
    await a_repairer(segmenter, None).repair("ana")
    assert (await segmenter.told())[-1].sequence == last, "its departure was told already"
    await segmenter.hears(Books(account(customer_id="ana"), epoch=2).registered())
    *_, again = await segmenter.told()
    assert (again.data["to"]["id"], again.sequence) == ("default", last + 1)


def a_repairer(segmenter: Listener, snapshot: Snapshot | None) -> Repairer:
    async def fetch(_: str) -> Snapshot | None:
        return snapshot

    return Repairer(segmenter.database, fetch, segmenter.events.replace)
