"""What is foretold of one customer comes true; of an erased one nothing is told any more."""

from datetime import date, timedelta

from tests.oracle.accounts import account, failed
from tests.services.segmenter.house import House, problem
from tests.services.segmenter.listener import a_segment
from tests.services.segmenter.sender import everything
from tests.services.segmenter.verdicts import told

TODAY = date(2026, 3, 9)
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0, within_days=10)


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
