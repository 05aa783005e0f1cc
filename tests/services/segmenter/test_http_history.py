"""Every move of a customer over HTTP, and which one was in force on a day."""

from datetime import date, timedelta

from shared.contracts.customers_snapshots import Snapshot
from shared.messaging.repair import Repairer
from tests.oracle.accounts import account, failed
from tests.services.segmenter.house import House, mistakes, problem
from tests.services.segmenter.listener import a_segment
from tests.services.segmenter.sender import Books
from tests.services.segmenter.verdicts import told

TODAY = date(2026, 3, 9)
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0, within_days=3)
REGISTERED = {
    "at": "2026-03-09T17:00:00Z",
    "as_of": "2026-03-09",
    "from": None,
    "to": "default",
    "cause": "event",
    "revision": 1,
}


async def ana(house: House) -> None:
    """Registered, moved by a refresh on the same day, and back by the day turn four days later."""
    await told(house.segmenter, account(failed(on=TODAY), customer_id="ana"))
    await house.drafts(FAILING)
    await house.refreshes()
    await house.segmenter.turns_day(TODAY + timedelta(days=4))


async def test_every_move_is_told_the_oldest_first(house: House) -> None:
    await ana(house)
    first, second, third = (await house.get("/standings/ana/history"))["items"]
    assert first == REGISTERED
    assert second == {**REGISTERED, "from": "default", "to": "fallidos", "cause": "refresh", "revision": 2}
    assert (third["as_of"], third["from"], third["to"], third["cause"]) == (
        "2026-03-13",
        "fallidos",
        "default",
        "day_turn",
    )


async def test_on_a_day_the_last_move_until_its_end_is_in_force(house: House) -> None:
    await ana(house)
    wanted = {"2026-03-08": [], "2026-03-09": ["fallidos"], "2026-03-12": ["fallidos"], "2026-03-13": ["default"]}
    for on, to in wanted.items():
        assert [move["to"] for move in (await house.get("/standings/ana/history", on=on))["items"]] == to


async def test_who_was_erased_and_came_back_had_left_for_nowhere(house: House) -> None:
    books = Books(account(customer_id="ana"))
    await house.segmenter.hears(books.registered())
    await house.segmenter.hears(books.erased())
    restored = Books(account(customer_id="ana"), epoch=2)
    restored.registered()
    snapshot = restored.snapshot()

    async def fetch(_: str) -> Snapshot:
        return snapshot

    await Repairer(house.segmenter.database, fetch, house.segmenter.events.replace).repair("ana")
    moves = (await house.get("/standings/ana/history"))["items"]
    assert [(move["from"], move["to"], move["cause"]) for move in moves] == [
        (None, "default", "event"),
        ("default", None, "erasure"),
        (None, "default", "event"),
    ]


async def test_who_is_unknown_has_none_and_a_day_is_a_date(house: House) -> None:
    assert problem(await house.call("GET", "/standings/nadie/history")) == (404, "unknown_customer")
    assert mistakes(await house.call("GET", "/standings/nadie/history?on=ayer")) == [("/query/on", "wrong_type")]
