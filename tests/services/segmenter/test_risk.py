"""The risk level: its tests on their edges, why it is so, when time alone changes it, and the settings behind it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.accounts import account, an_invoice, failed, paid, promised
from tests.oracle.facts import Account, Fact
from tests.services.segmenter.house import DRAFT, House, mistakes
from tests.services.segmenter.listener import Listener
from tests.services.segmenter.sender import Books
from tests.services.segmenter.verdicts import declare_variables, told, values

TODAY = date(2026, 3, 9)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def punctual(*, late: int = 0, invoices: int = 3) -> list[Fact]:
    """So many invoices, each paid so many days after it fell due."""
    facts: list[Fact] = []
    for number in range(invoices):
        due = ago(100 + 10 * number)
        facts += [an_invoice("100", issued_on=due, due_on=due), paid("100", on=due + timedelta(days=late))]
    return facts


def owing(days: int) -> Fact:
    return an_invoice("1", issued_on=ago(days), due_on=ago(days))


EDGES: list[tuple[str, list[Fact], str]] = [
    ("nothing ever", [], "unknown"),
    ("an invoice of tomorrow", [an_invoice(issued_on=TODAY, due_on=ago(-1))], "unknown"),
    ("an invoice due today", [an_invoice(issued_on=TODAY, due_on=TODAY)], "medium"),
    ("a failed attempt", [failed(on=TODAY)], "medium"),
    ("60 days past due", [owing(60)], "medium"),
    ("61 days past due", [owing(61)], "high"),
    ("punctual", punctual(), "low"),
    ("punctual, but overdue by a day", [*punctual(), owing(1)], "medium"),
    ("punctual, with too few invoices", punctual(invoices=2), "medium"),
    ("nothing on time", punctual(late=1), "high"),
    ("one broken promise", [*punctual(), promised("9", on=ago(30), by=ago(20))], "medium"),
    (
        "two broken promises",
        [*punctual(), promised("9", on=ago(30), by=ago(20)), promised("8", on=ago(30), by=ago(20))],
        "high",
    ),
]


@pytest.mark.parametrize(("facts", "level"), [case[1:] for case in EDGES], ids=[case[0] for case in EDGES])
async def test_the_level(segmenter: Listener, facts: list[Fact], level: str) -> None:
    await told(segmenter, account(*facts, customer_id="ana"))
    assert (await values(segmenter, "ana"))["risk_level"] == level
    assert await segmenter.rows("SELECT risk_level FROM membership") == [{"risk_level": level}]


async def test_time_alone_moves_it_and_tells_it_once(segmenter: Listener) -> None:
    books = Books(Account(account(customer_id="ana").customer, []))
    await segmenter.hears(books.registered(), books.tells(an_invoice(issued_on=TODAY, due_on=TODAY)))
    await segmenter.turns_day(TODAY + timedelta(days=60))
    assert (await segmenter.told())[-1].data["to"] != "high"
    await segmenter.turns_day(TODAY + timedelta(days=61))
    *_, bucket, risk = await segmenter.told()
    assert (bucket.type, risk.type, risk.sequence) == (
        "aging_bucket.changed",
        "risk_level.changed",
        bucket.sequence + 1,
    )
    assert risk.data == {"customer_id": "ana", "from": "medium", "to": "high", "score": None, "as_of": "2026-05-09"}


async def test_a_promise_breaks_the_day_after_the_business_day_after_it_was_due(segmenter: Listener) -> None:
    friday = date(2026, 3, 13)
    books = Books(Account(account(customer_id="ana").customer, []))
    await segmenter.hears(books.registered(), books.tells(promised("100", on=TODAY, by=friday)))
    broken = []
    for day in (friday, date(2026, 3, 16), date(2026, 3, 17)):
        await segmenter.turns_day(day)
        broken.append((await values(segmenter, "ana"))["broken_promises"])
    assert broken == [0, 0, 1]
    await segmenter.hears(books.tells(paid("95", on=date(2026, 3, 16))))
    assert (await values(segmenter, "ana"))["broken_promises"] == 0


REASONS: list[tuple[list[Fact], list[str]]] = [
    ([], ["no_history"]),
    ([owing(61)], ["days_past_due"]),
    (punctual(), ["days_past_due", "average_days_late", "broken_promises", "on_time_ratio"]),
    ([*punctual(), owing(1)], ["days_past_due"]),
    (punctual(late=31), ["average_days_late", "on_time_ratio"]),
]


@pytest.mark.parametrize(("facts", "codes"), REASONS)
async def test_why_it_is_so(house: House, facts: list[Fact], codes: list[str]) -> None:
    await told(house.segmenter, account(*facts, customer_id="ana"))
    risk = (await house.get("/standings/ana"))["risk"]
    assert [reason["code"] for reason in risk["reasons"]] == codes


async def test_a_published_score_decides_for_whoever_has_it(house: House) -> None:
    await declare_variables(house.segmenter)
    has, has_not = {"customer_id": "ana", "variables": {"estrato": Decimal(2)}}, {"customer_id": "bea"}
    await told(house.segmenter, account(owing(61), **has), account(owing(61), **has_not))
    score = {"variable": "estrato", "high_below": "1", "low_from": "3"}
    assert (await put_risk(house, {"score": score})).status_code == 200
    await house.refreshes()
    by_score = (await house.get("/standings/ana"))["risk"]
    by_behaviour = (await house.get("/standings/bea"))["risk"]
    assert (by_score["level"], [reason["code"] for reason in by_score["reasons"]]) == ("medium", ["score"])
    assert (by_behaviour["level"], by_behaviour["reasons"][0]["code"]) == ("high", "days_past_due")
    *_, event = [one for one in await house.segmenter.told() if one.type == "risk_level.changed"]
    assert (event.key, event.data["score"]) == ("ana", 2)


async def test_lists_show_it_and_sort_by_it(house: House) -> None:
    for name, facts in (("ana", [owing(61)]), ("bea", []), ("caro", punctual())):
        await told(house.segmenter, account(*facts, customer_id=name))
    found = (await house.post("/customers/search", {"sort": "-risk_level", "limit": 2}))["items"]
    assert [(one["customer_id"], one["risk_level"]) for one in found] == [("bea", "unknown"), ("caro", "low")]


BAD: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"grace_days": -1}, ("/risk/grace_days", "out_of_range")),
    ({"high": {"on_time_ratio_under": "1.5"}}, ("/risk/high/on_time_ratio_under", "out_of_range")),
    ({"high": {"average_days_late_over": 30}}, ("/risk/high/average_days_late_over", "wrong_type")),
    ({"low": {"overdue": "no"}}, ("/risk/low/overdue", "wrong_type")),
    ({"low": {"late": 1}}, ("/risk/low/late", "unknown_field")),
    ({"score": {"variable": "nadie"}}, ("/risk/score/variable", "unknown_variable")),
    ({"score": {"variable": "ciudad"}}, ("/risk/score/variable", "unknown_variable")),
    ({"score": {"high_below": "700", "low_from": "400"}}, ("/risk/score", "range_reversed")),
]


@pytest.mark.parametrize(("risk", "mistake"), BAD)
async def test_settings_that_cannot_be(house: House, risk: dict[str, Any], mistake: tuple[str, str]) -> None:
    await declare_variables(house.segmenter)
    assert mistakes(await put_risk(house, risk)) == [mistake]


async def test_holidays_are_kept_once_each_in_order(house: House) -> None:
    sent = {"holidays": ["2026-12-25", "2026-01-01", "2026-12-25"]}
    answer = await house.call("PUT", f"{DRAFT}/settings", sent, if_match=await house.etag(DRAFT))
    assert answer.json()["settings"]["holidays"] == ["2026-01-01", "2026-12-25"]
    bad = await house.call("PUT", f"{DRAFT}/settings", {"holidays": ["hoy"]}, if_match=await house.etag(DRAFT))
    assert mistakes(bad) == [("/holidays/0", "wrong_type")]


async def put_risk(house: House, risk: dict[str, Any]) -> Any:
    return await house.call("PUT", f"{DRAFT}/settings", {"risk": risk}, if_match=await house.etag(DRAFT))
