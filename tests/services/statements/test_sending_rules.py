"""What an answer of the gateway means, what a delivery is from its addresses, and that no state goes back."""

from datetime import timedelta
from itertools import product

import pytest

from services.statements.domain.sending import (
    Answer,
    GatewayNews,
    Outcome,
    Policy,
    State,
    Try,
    after_attempt,
    after_news,
    judge_answer,
    roll_up,
)

HONOURS, FORGETS = Policy(honours_keys=True, first_pause=60), Policy(honours_keys=False, first_pause=60)
FIRST = Try(1, None, timedelta(0), window_is_over=False)
DOUBT = Answer("doubt", 500, "server_error")


def test_what_was_surely_not_sent_is_tried_again_twice_as_late_each_time() -> None:
    pauses = [
        judge_answer(
            Answer("not_sent", 429), Try(number, None, timedelta(0), window_is_over=False), HONOURS, 0
        ).again_in
        for number in (1, 2, 3, 4)
    ]
    assert pauses == [60, 120, 240, 480]


def test_the_gateway_may_ask_for_a_longer_pause() -> None:
    asked = Answer("not_sent", 429, retry_after=300)
    assert judge_answer(asked, FIRST, HONOURS, 0).again_in == 300


def test_once_the_window_is_over_it_is_given_up() -> None:
    late = Try(5, None, timedelta(hours=7), window_is_over=True)
    assert judge_answer(Answer("not_sent"), late, HONOURS, 0) == Outcome("failed", "gave_up")


def test_a_rejection_is_final() -> None:
    assert judge_answer(Answer("rejected", 422), FIRST, HONOURS, 0) == Outcome("failed", "rejected")


def test_doubt_is_repeated_only_where_keys_are_honoured() -> None:
    assert judge_answer(DOUBT, FIRST, HONOURS, 0) == Outcome("unknown", "server_error", 60)
    assert judge_answer(DOUBT, FIRST, FORGETS, 0) == Outcome("unknown", "server_error", None)


def test_doubt_is_repeated_for_23_hours_and_never_after_the_gateway_may_have_forgotten_the_key() -> None:
    pauses = [
        judge_answer(DOUBT, Try(1, "timeout", timedelta(hours=23, seconds=seconds), window_is_over=False), HONOURS, 0)
        for seconds in (-61, -60, -1, 1)
    ]
    assert [one.again_in for one in pauses] == [60, None, None, None]
    assert {(one.state, one.reason) for one in pauses} == {("unknown", "server_error")}


def test_an_earlier_doubt_is_not_ended_by_a_refused_repeat() -> None:
    doubted = Try(2, "timeout", timedelta(minutes=1), window_is_over=True)
    assert judge_answer(Answer("not_sent", 429), doubted, HONOURS, 0) == Outcome("unknown", "timeout", 120)


@pytest.mark.parametrize(
    ("addresses", "rolled_up"),
    [
        ([("accepted", None), ("sending", None)], ("sending", None)),
        ([("failed", "rejected"), ("retry_wait", None)], ("retry_wait", None)),
        ([("accepted", None), ("unknown", "timeout")], ("unknown", "timeout")),
        ([("bounced", None), ("delivered", None)], ("delivered", None)),
        ([("failed", "rejected"), ("accepted", None)], ("accepted", None)),
        ([("failed", "gave_up"), ("failed", "rejected")], ("failed", "gave_up")),
        ([("skipped", "suppressed"), ("failed", "rejected")], ("failed", "rejected")),
        ([("skipped", "too_late")], ("skipped", "too_late")),
    ],
)
def test_a_delivery_is_what_its_addresses_are(
    addresses: list[tuple[State, str | None]], rolled_up: tuple[State, str | None]
) -> None:
    assert roll_up(addresses) == rolled_up


def test_no_state_ever_goes_back() -> None:
    far: list[State] = ["accepted", "delivered", "bounced", "complained"]
    news: list[GatewayNews] = ["delivered", "bounced", "complained"]
    order = {"accepted": 1, "delivered": 2, "bounced": 3, "complained": 3}
    for state, told in product(far, news):
        assert order[after_news(state, told)] >= order[state]
        assert after_attempt(after_news(state, told), Outcome("unknown", "timeout"), is_mine=True) is None
    assert after_news("unknown", "delivered") == after_news("sending", "delivered") == "delivered"


def test_an_attempt_that_lost_its_lease_still_counts_when_it_was_accepted() -> None:
    accepted, waits = Outcome("accepted"), Outcome("retry_wait", None, 60)
    assert after_attempt("unknown", accepted, is_mine=False) == accepted
    assert after_attempt("unknown", waits, is_mine=False) is None
    assert after_attempt("sending", waits, is_mine=True) == waits
