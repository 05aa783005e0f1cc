"""Alerts: raised once per episode on the day, by event, day turn, refresh or a new rule; cleared when it is over."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from services.segmenter.usecases.judge_alert_rules import JudgeAlertRules
from services.segmenter.usecases.judge_history_load import JudgeHistoryLoad
from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.services.segmenter.house import House, mistakes, problem
from tests.services.segmenter.listener import a_segment
from tests.services.segmenter.races import holding, stands_waiting, waits_or_is_done
from tests.services.segmenter.sender import Books

TODAY = date(2026, 3, 9)
YESTERDAY = TODAY - timedelta(days=1)
OVERDUE = {"variable": "days_past_due", "operator": "gt", "value": 0}
A_CALL = {"name": "Llamar", "when": OVERDUE, "action": "call", "existing": "raise"}
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)


async def puts(house: House, rule_id: str = "mora", **changed: Any) -> None:
    """Put a rule, and let the worker judge everyone by it."""
    answer = await house.call("PUT", f"/alert-rules/{rule_id}", {**A_CALL, **changed})
    assert answer.is_success, answer.text
    await judges(house)


async def judges(house: House) -> None:
    while await JudgeAlertRules(house.segmenter.database, house.segmenter.clock, range_size=2).step():
        pass


async def who_owes(house: House, customer_id: str = "ana", amount: str = "100", due: date = YESTERDAY) -> Books:
    books = Books(account(customer_id=customer_id))
    await house.segmenter.hears(
        books.registered(), books.issues(an_invoice(amount, issued_on=YESTERDAY, due_on=due, invoice_id="f1"))
    )
    return books


async def told(house: House) -> list[tuple[str, str, int]]:
    """(customer, what, sequence) of every alert told."""
    return [(one.key, one.type, one.sequence) for one in await house.segmenter.told() if one.type.startswith("alert.")]


async def alerts(house: House, **asked: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await house.get("/alerts", **asked))["items"]
    return items


async def test_an_event_raises_an_alert_once_and_clears_it(house: House) -> None:
    await puts(house)
    books = await who_owes(house)
    await house.segmenter.hears(books.attempts(failed("1", on=TODAY)))
    await house.segmenter.hears(books.attempts(paid("100", on=TODAY)))
    assert await told(house) == [("ana", "alert.raised", 4), ("ana", "alert.cleared", 6)]
    raised, cleared = (one for one in await house.segmenter.told() if one.type.startswith("alert."))
    assert raised.data == {
        "alert_id": raised.data["alert_id"],
        "alert_rule": "mora",
        "action": "call",
        "customer_id": "ana",
        "as_of": "2026-03-09",
        "overdue_balance": {"amount": "100.00", "currency": "COP"},
        "reasons": [{"code": "days_past_due", **raised.data["reasons"][0]}],
        "message": None,
    }
    assert cleared.data == {**cleared.data, "alert_id": raised.data["alert_id"], "as_of": "2026-03-09"}
    [alert] = await alerts(house)
    assert (alert["status"], alert["days_past_due"]) == ("cleared", 1)


async def test_the_day_turn_raises_on_the_day_with_no_event(house: House) -> None:
    await puts(house)
    await who_owes(house, due=TODAY)
    await house.segmenter.turns_day(TODAY)
    assert await told(house) == []
    await house.segmenter.turns_day(TODAY + timedelta(days=1))
    await house.segmenter.turns_day(TODAY + timedelta(days=2))
    assert [one[:2] for one in await told(house)] == [("ana", "alert.raised")]
    [alert] = await alerts(house, status="open", action="call", rule="mora", currency="COP")
    assert (alert["as_of"], alert["customer_id"]) == ("2026-03-10", "ana")


async def test_a_new_episode_is_a_new_alert(house: House) -> None:
    await puts(house)
    books = await who_owes(house)
    await house.segmenter.hears(books.attempts(paid("100", on=TODAY, payment_id="p1")))
    await house.segmenter.hears(books.issues(an_invoice("50", issued_on=YESTERDAY, due_on=YESTERDAY, invoice_id="f2")))
    assert [what for _, what, _ in await told(house)] == ["alert.raised", "alert.cleared", "alert.raised"]
    assert len({one["alert_id"] for one in await alerts(house)}) == 2


@pytest.mark.parametrize(("existing", "wanted"), [("raise", ["alert.raised"] * 3), ("ignore", [])])
async def test_a_rule_judges_everyone_at_once_aloud_or_silently(house: House, existing: str, wanted: list[str]) -> None:
    for name in ("ana", "bea", "caro"):
        await who_owes(house, name)
    await puts(house, existing=existing)
    assert [what for _, what, _ in await told(house)] == wanted
    await puts(house, name="Otro nombre", existing=existing)
    assert [what for _, what, _ in await told(house)] == wanted


async def test_who_was_judged_by_a_new_rule_already_is_told_aloud(house: House) -> None:
    books = [Books(account(customer_id=name)) for name in ("ana", "bea", "caro")]
    await house.segmenter.hears(*[one.registered() for one in books])
    assert (await house.call("PUT", "/alert-rules/mora", {**A_CALL, "existing": "ignore"})).is_success
    judging = JudgeAlertRules(house.segmenter.database, house.segmenter.clock, range_size=2)
    assert await judging.step()
    assert (await house.segmenter.rows("SELECT judged_up_to FROM alert_rules")) == [{"judged_up_to": "bea"}]
    late = an_invoice("5", issued_on=YESTERDAY, due_on=YESTERDAY)
    await house.segmenter.hears(books[0].issues(late), books[2].issues(late))
    await judges(house)
    assert [one[:2] for one in await told(house)] == [("ana", "alert.raised")]


async def test_an_event_that_read_the_old_rules_cannot_leave_its_customer_without_an_alert(house: House) -> None:
    books = Books(account(customer_id="ana"))
    await house.segmenter.hears(books.registered())
    late = books.issues(an_invoice("5", issued_on=YESTERDAY, due_on=YESTERDAY))
    async with holding(house.segmenter, "FROM customers WHERE customer_id = 'ana'"):
        hearing = asyncio.create_task(house.segmenter.hears(late))
        await stands_waiting(house.segmenter)
        putting = asyncio.create_task(puts(house))
        await waits_or_is_done(house.segmenter, putting)
    await asyncio.gather(hearing, putting)
    assert [one[:2] for one in await told(house)] == [("ana", "alert.raised")]


async def test_what_was_only_noted_ends_without_a_word(house: House) -> None:
    books = await who_owes(house)
    await puts(house, existing="ignore")
    await house.segmenter.hears(books.attempts(paid("100", on=TODAY)))
    assert await told(house) == []
    await house.segmenter.hears(books.issues(an_invoice("5", issued_on=YESTERDAY, due_on=YESTERDAY, invoice_id="f2")))
    assert [what for _, what, _ in await told(house)] == ["alert.raised"]


async def test_a_rule_of_a_segment_holds_for_whoever_enters_it(house: House) -> None:
    await house.segmenter.refreshes(FAILING)
    await puts(house, when=None, segment_ids=["fallidos"])
    books = Books(account(customer_id="ana"))
    await house.segmenter.hears(books.registered())
    await house.segmenter.hears(books.attempts(failed("1", on=TODAY)))
    kinds = [(one.type, one.sequence) for one in await house.segmenter.told() if one.key == "ana"]
    assert kinds == [
        ("segment.assigned", 1), ("segment.assigned", 2), ("risk_level.changed", 3), ("alert.raised", 4)
    ]  # fmt: skip
    await house.segmenter.refreshes()
    assert [what for _, what, _ in await told(house)] == ["alert.raised", "alert.cleared"]


async def test_deactivating_and_deleting_clear_what_is_open(house: House) -> None:
    await who_owes(house)
    await puts(house)
    await puts(house, status="inactive")
    assert [what for _, what, _ in await told(house)] == ["alert.raised", "alert.cleared"]
    await puts(house)
    assert (await house.call("DELETE", "/alert-rules/mora")).status_code == 204
    await judges(house)
    assert [what for _, what, _ in await told(house)] == ["alert.raised", "alert.cleared"] * 2
    assert problem(await house.call("GET", "/alert-rules/mora")) == (404, "unknown_alert_rule")
    assert await house.segmenter.rows("SELECT * FROM alert_rules") == []


async def test_archived_customers_have_none(house: House) -> None:
    await puts(house)
    books = await who_owes(house)
    await house.segmenter.hears(books.updated(archived=True))
    assert [what for _, what, _ in await told(house)] == ["alert.raised", "alert.cleared"]
    await house.segmenter.hears(books.updated(archived=False))
    assert [what for _, what, _ in await told(house)] == ["alert.raised", "alert.cleared", "alert.raised"]


async def test_a_history_load_notes_silently(house: House) -> None:
    await puts(house)
    books = Books(account(customer_id="ana"))
    late = an_invoice("9", issued_on=YESTERDAY, due_on=YESTERDAY)
    await house.segmenter.hears(books.registered(history=True), books.issues(late))
    while await JudgeHistoryLoad(house.segmenter.database, house.segmenter.clock, pause_seconds=0).step():
        pass
    assert await told(house) == []
    assert await house.segmenter.rows("SELECT customer_id FROM alerts_held") == [{"customer_id": "ana"}]


async def test_the_call_list_begins_with_the_largest_balance(house: House) -> None:
    await puts(house)
    for name, amount in (("ana", "50"), ("bea", "900"), ("caro", "70")):
        await who_owes(house, name, amount)
    assert [one["customer_id"] for one in await alerts(house)] == ["bea", "caro", "ana"]
    first = await house.get("/alerts", limit=2)
    rest = await house.get("/alerts", limit=2, cursor=first["next_cursor"])
    assert [one["customer_id"] for one in first["items"] + rest["items"]] == ["bea", "caro", "ana"]
    assert mistakes(await house.call("GET", "/alerts?cursor=x")) == [("/query/cursor", "invalid_cursor")]


async def test_an_alert_is_acknowledged_or_dismissed_until_it_is_cleared(house: House) -> None:
    await puts(house)
    books = await who_owes(house)
    [alert] = await alerts(house)
    path = f"/alerts/{alert['alert_id']}"
    for _ in range(2):
        assert (await house.post(f"{path}/acknowledge"))["status"] == "acknowledged"
    assert (await house.post(f"{path}/dismiss"))["status"] == "dismissed"
    await house.segmenter.hears(books.attempts(paid("100", on=TODAY)))
    for answer in ("acknowledge", "dismiss"):
        assert problem(await house.call("POST", f"{path}/{answer}")) == (409, "alert_cleared")
    nobody = "/alerts/01920000-0000-7000-8000-000000000000/dismiss"
    assert problem(await house.call("POST", nobody)) == (404, "unknown_alert")


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"when": None}, ("/when", "required")),
        ({"when": {"variable": "nada", "operator": "eq", "value": 1}}, ("/when/variable", "unknown_variable")),
        ({"segment_ids": ["nadie"]}, ("/segment_ids/0", "unknown_segment")),
        ({"action": "message"}, ("/message", "required")),
        ({"message": {"subject": {"es": "a"}, "body": {"es": "b"}}}, ("/message", "not_allowed")),
        ({"action": "message", "message": {"subject": {}, "body": {"es": "b"}}}, ("/message/subject", "required")),
        ({"action": "shout"}, ("/action", "unknown_choice")),
        ({"colour": 1}, ("/colour", "unknown_field")),
    ],
)
async def test_a_bad_rule_is_refused(house: House, changed: dict[str, Any], wanted: tuple[str, str]) -> None:
    assert mistakes(await house.call("PUT", "/alert-rules/mora", {**A_CALL, **changed})) == [wanted]


async def test_null_is_as_if_it_were_left_out(house: House) -> None:
    nulls = {"segment_ids": None, "message": None, "status": None}
    assert (await house.call("PUT", "/alert-rules/mora", {**A_CALL, **nulls})).status_code == 201
    stored = await house.get("/alert-rules/mora")
    assert (stored["segment_ids"], stored["status"]) == ([], "active")
    assert (await house.call("PUT", "/alert-rules/mora", A_CALL)).status_code == 200


async def test_sixty_rules_may_be_active(house: House) -> None:
    for number in range(60):
        assert (await house.call("PUT", f"/alert-rules/r{number:02}", A_CALL)).status_code == 201
    assert problem(await house.call("PUT", "/alert-rules/r60", A_CALL)) == (409, "too_many_rules")
    assert (await house.call("PUT", "/alert-rules/r60", {**A_CALL, "status": "inactive"})).status_code == 201
    assert (await house.call("PUT", "/alert-rules/r59", {**A_CALL, "name": "Otro"})).status_code == 200


async def test_a_rule_is_kept_listed_and_changed_by_its_version(house: House) -> None:
    await puts(house)
    again = await house.call("PUT", "/alert-rules/mora", A_CALL)
    assert (again.status_code, again.json()["status"]) == (200, "active")
    assert [one["alert_rule_id"] for one in (await house.get("/alert-rules"))["items"]] == ["mora"]
    stale = await house.call("PUT", "/alert-rules/mora", {**A_CALL, "name": "Otro"}, if_match='"0"')
    assert problem(stale) == (412, "stale")
    changes = (await house.get("/changes", resource="alert-rules/mora"))["items"]
    assert [(one["before"], one["after"]["name"]) for one in changes] == [(None, "Llamar")]


async def test_who_acknowledged_or_dismissed_an_alert_is_recorded_once(house: House) -> None:
    await puts(house)
    await who_owes(house)
    [alert] = await alerts(house)
    path = f"alerts/{alert['alert_id']}"
    for verb in ("acknowledge", "acknowledge", "dismiss"):
        await house.call("POST", f"/{path}/{verb}")
    items = (await house.get("/changes", resource="alerts", by="tests"))["items"]
    assert [(one["resource"], one["before"], one["after"]) for one in reversed(items)] == [
        (path, {"status": "open"}, {"status": "acknowledged"}),
        (path, {"status": "acknowledged"}, {"status": "dismissed"}),
    ]
