"""Where everyone stands, as hearers read it; and the course of one customer, move after move."""

import json
from datetime import date, timedelta
from typing import Any

from services.segmenter.usecases.tell_standings import TellStandings
from tests.oracle.accounts import account, an_invoice, failed
from tests.services.segmenter.house import House, problem
from tests.services.segmenter.listener import a_segment
from tests.services.segmenter.sender import everything
from tests.services.segmenter.verdicts import told

TODAY = date(2026, 3, 9)
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0, within_days=10)


async def lines(house: House, **params: Any) -> list[dict[str, Any]]:
    answer = await house.http.get("/v1/standings", params=params)
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_hearers_read_the_cascade_and_then_everyone_in_order(house: House) -> None:
    bill = an_invoice("10", issued_on=TODAY - timedelta(days=40))
    await told(house.segmenter, account(failed(on=TODAY), customer_id="b"), account(bill, customer_id="a"))
    await told(house.segmenter, account(customer_id="B"))
    await house.call("PUT", "/flows/suave", {"name": "Suave"})
    await house.drafts({**FAILING, "flow_id": "suave"})
    await house.refreshes()
    cascade, *standings = await lines(house)
    events = await house.segmenter.told()
    assert cascade == next(event.data for event in events if event.type == "cascade.published")
    assert [line["customer_id"] for line in standings] == ["B", "a", "b"]
    last = {event.key: event.sequence for event in events}
    assert standings[1:] == [
        {
            "customer_id": "a",
            "segment_id": "default",
            "aging_bucket": "31-60",
            "risk_level": standings[1]["risk_level"],
            "epoch": 1,
            "sequence": last["a"],
        },
        {
            "customer_id": "b",
            "segment_id": "fallidos",
            "aging_bucket": "current",
            "risk_level": standings[2]["risk_level"],
            "epoch": 1,
            "sequence": last["b"],
        },
    ]
    assert await lines(house, after="a") == [cascade, standings[2]]


async def test_everyone_is_read_in_pages(house: House) -> None:
    await told(house.segmenter, *(account(customer_id=f"c-{n}") for n in range(7)))
    pages = [page async for page in TellStandings(house.segmenter.database, page_size=3)("")]
    assert [len(page) for page in pages] == [1, 3, 3, 1]


async def test_the_history_is_every_move(house: House) -> None:
    await told(house.segmenter, account(failed(on=TODAY), customer_id="ana"))
    await house.drafts(FAILING)
    await house.refreshes()
    await house.segmenter.turns_day(TODAY + timedelta(days=11))
    items = (await house.get("/standings/ana/history"))["items"]
    assert items == [
        {
            "at": "2026-03-09T17:00:00Z",
            "as_of": "2026-03-09",
            "from": None,
            "to": "default",
            "cause": "event",
            "revision": 1,
        },
        {
            "at": "2026-03-09T17:00:00Z",
            "as_of": "2026-03-09",
            "from": "default",
            "to": "fallidos",
            "cause": "refresh",
            "revision": 2,
        },
        {
            "at": "2026-03-20T17:00:00Z",
            "as_of": "2026-03-20",
            "from": "fallidos",
            "to": "default",
            "cause": "day_turn",
            "revision": 2,
        },
    ]
    for on, in_force in {"2026-03-08": [], "2026-03-09": items[1:2], "2026-03-19": items[1:2]}.items():
        assert (await house.get("/standings/ana/history", on=on))["items"] == in_force
    assert (await house.get("/standings/ana/history", on="2026-03-20"))["items"] == items[2:]


async def test_a_forecast_comes_true(house: House) -> None:
    await told(house.segmenter, account(failed(on=TODAY), customer_id="ana"))
    await house.drafts(FAILING)
    await house.refreshes()
    assert (await house.get("/standings/ana/forecast", days=11))["items"] == [
        {"on": "2026-03-20", "from": "fallidos", "to": "default"}
    ]
    assert (await house.get("/standings/ana/forecast", days=10))["items"] == []
    assert (await house.get("/standings/ana"))["next_change_on"] == "2026-03-20"
    await house.segmenter.turns_day(TODAY + timedelta(days=10))
    assert await house.segmenter.segment_of("ana") == "fallidos"
    await house.segmenter.turns_day(TODAY + timedelta(days=11))
    assert await house.segmenter.segment_of("ana") == "default"


async def test_an_erased_customer_is_gone_from_all_of_it(house: House) -> None:
    books, events = everything(account(failed(on=TODAY), customer_id="ana"))
    await house.segmenter.hears(*events, books.erased())
    for question in ("", "/explanation", "/history", "/forecast"):
        assert problem(await house.call("GET", f"/standings/ana{question}")) == (410, "erased")
    assert len(await lines(house)) == 1
