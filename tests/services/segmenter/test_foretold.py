"""What is foretold of one customer comes true; of an erased one nothing is told any more."""

from dataclasses import replace
from datetime import date, timedelta

from tests.oracle.accounts import account, failed
from tests.oracle.facts import Dispute, Subscription
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


async def test_the_next_change_is_looked_for_exactly_400_days(house: House) -> None:
    await told(house.segmenter, account(failed(on=TODAY), customer_id="ana"))
    for window, wanted in ((399, str(TODAY + timedelta(days=400))), (400, None)):
        failing = a_segment(f"w-{window}", variable="failed_payments", operator="gt", value=0, within_days=window)
        await house.drafts(failing)
        await house.orders(f"w-{window}", *(["w-399"] if window == 400 else []))
        await house.refreshes()
        assert (await house.get("/standings/ana"))["next_change_on"] == wanted


async def test_an_erased_customer_is_gone_from_all_of_it(house: House) -> None:
    books, events = everything(account(failed(on=TODAY), customer_id="ana"))
    await house.segmenter.hears(*events, books.erased())
    for question in ("", "/explanation", "/history", "/forecast"):
        assert problem(await house.call("GET", f"/standings/ana{question}")) == (410, "erased")


async def test_from_a_past_day_nothing_is_foretold_that_happened_later(house: House) -> None:
    """Neither a dispute opened or closed since, nor what a subscription was told to be since."""
    disputed = Dispute(dispute_id="d", opened_on=TODAY - timedelta(days=20), closed_on=TODAY - timedelta(days=10))
    first = Subscription(
        subscription_id="s", product="Luz", started_on=TODAY - timedelta(days=90), told_on=TODAY - timedelta(days=90)
    )
    await told(
        house.segmenter,
        account(disputed, customer_id="ana"),
        account(first, replace(first, product="Gas", told_on=TODAY - timedelta(days=15)), customer_id="eva"),
    )
    active = {"variable": "last_activity_on", "operator": "after", "value": str(TODAY - timedelta(days=30))}
    await house.drafts(
        a_segment("en-disputa", variable="open_disputes", operator="gt", value=0),
        {**a_segment("activos"), "rule": active},
    )
    await house.refreshes()
    for name, days_ago, segment in (("ana", 25, "default"), ("ana", 15, "en-disputa"), ("eva", 20, "default")):
        as_of = str(TODAY - timedelta(days=days_ago))
        found = await house.get(f"/standings/{name}/explanation", as_of=as_of)
        assert (found["segment"], found["next_change"]) == (segment, None), name
    assert (await house.get("/standings/eva"))["segment"]["segment_id"] == "activos"
