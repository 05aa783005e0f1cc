"""The oracle's alerts against expectations written by hand."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.oracle.alerts import AlertRule, CallList, holds, reasons
from tests.oracle.cascade import Segment
from tests.oracle.facts import Account, Fact, Money
from tests.oracle.segmenter import Segmenter
from tests.oracle.settings import Settings
from tests.oracle.variables import at

TODAY = date(2026, 3, 31)
YESTERDAY = TODAY - timedelta(days=1)
OVERDUE: dict[str, Any] = {"variable": "days_past_due", "operator": "gt", "value": 0}
FAILED: dict[str, Any] = {"variable": "failed_payments", "operator": "gt", "value": 0}
LATE = AlertRule(rule_id="late", when=OVERDUE, existing="raise")
A_BILL = an_invoice("100", issued_on=YESTERDAY, due_on=YESTERDAY)
THE_REST = paid("100", on=TODAY)


def whoever(*facts: Fact, **customer: Any) -> Account:
    return account(*facts, customer_id="ana", **customer)


def told(calls: CallList, one: Account, *, silent: tuple[str, ...] = (), segment: str = "default") -> list[str]:
    found = calls.judge(at(one, TODAY, Settings()), segment, [LATE], silent)
    return [kind for kind, _ in found]


def test_it_is_raised_once_and_cleared_at_its_end() -> None:
    calls = CallList()
    assert told(calls, whoever(A_BILL)) == ["alert.raised"]
    assert told(calls, whoever(A_BILL, failed(on=TODAY))) == []
    assert told(calls, whoever(A_BILL, THE_REST)) == ["alert.cleared"]
    assert told(calls, whoever(A_BILL, THE_REST)) == []
    [alert] = calls.raised
    assert (alert.overdue_balance, alert.days_past_due) == (Money(Decimal(100), "COP"), 1)
    assert (alert.reasons, alert.status) == (("days_past_due",), "cleared")


def test_what_was_only_noted_ends_without_a_word_and_is_no_alert() -> None:
    calls = CallList()
    assert told(calls, whoever(A_BILL), silent=("late",)) == []
    assert told(calls, whoever(A_BILL)) == []
    assert told(calls, whoever(A_BILL, THE_REST)) == []
    assert calls.raised == []
    assert told(calls, whoever(A_BILL)) == ["alert.raised"]


def test_segments_and_the_rule_are_both_asked_and_nothing_holds_for_the_archived() -> None:
    both = AlertRule(rule_id="both", when=OVERDUE, segment_ids=("a", "b"))
    owing = at(whoever(A_BILL), TODAY, Settings())
    assert [holds(both, owing, segment) for segment in ("a", "b", "c")] == [True, True, False]
    assert not holds(both, at(whoever(), TODAY, Settings()), "a")
    assert not holds(both, at(whoever(A_BILL, archived=True), TODAY, Settings()), "a")
    assert holds(AlertRule(rule_id="all", segment_ids=("a",)), at(whoever(), TODAY, Settings()), "a")
    assert not holds(AlertRule(rule_id="off", when=OVERDUE, is_active=False), owing, "a")


def test_reasons_are_the_true_conditions_wherever_they_stand() -> None:
    rule = {"any": [FAILED, {"all": [OVERDUE, {"not": FAILED}]}]}
    one = AlertRule(rule_id="one", when=rule)
    assert reasons(one, at(whoever(A_BILL), TODAY, Settings())) == ("days_past_due",)
    assert reasons(one, at(whoever(failed(on=TODAY)), TODAY, Settings())) == ("failed_payments", "failed_payments")


def test_an_erased_customer_has_no_open_alert_and_nothing_more_is_told() -> None:
    oracle = Segmenter(rules={"late": LATE})
    oracle.judge(whoever(A_BILL), TODAY, "event")
    oracle.erase("ana", TODAY)
    assert [one[0] for one in oracle.told["ana"]] == [
        "segment.assigned", "aging_bucket.changed", "risk_level.changed", "alert.raised", "segment.assigned"
    ]  # fmt: skip
    assert oracle.told["ana"][-1] == ("segment.assigned", "default", None, "erasure", 1, TODAY)
    assert ([one.status for one in oracle.calls.raised], oracle.calls.episodes) == (["cleared"], {})


def test_the_next_change_is_the_first_day_of_another_segment() -> None:
    recent = {"variable": "last_payment_on", "operator": "within_last_days", "value": 30}
    oracle = Segmenter(cascade=[Segment("recent", "Recientes", recent)])
    assert oracle.next_change(whoever(paid(on=TODAY)), TODAY) == TODAY + timedelta(days=31)
    assert oracle.next_change(whoever(paid(on=TODAY)), TODAY + timedelta(days=31)) is None
