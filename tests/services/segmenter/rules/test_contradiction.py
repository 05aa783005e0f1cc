"""Conditions that exclude each other are seen; whatever somebody might match is left alone."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.segmenter.domain.rules.contradiction import is_contradictory
from tests.oracle.accounts import account
from tests.oracle.rules import verdict
from tests.oracle.settings import Settings
from tests.oracle.variables import at
from tests.services.segmenter.rules.language import Rule, pesos, read, where

TODAY = date(2026, 3, 9)


def both(*rules: Rule) -> Rule:
    return {"all": list(rules)}


CONTRADICTORY = {
    "ranges apart": both(where("failed_payments", "gt", 5), where("failed_payments", "lt", 3)),
    "ranges that only touch": both(where("failed_payments", "gt", 5), where("failed_payments", "lte", 5)),
    "two equalities": both(where("estrato", "eq", 1), where("estrato", "eq", 2)),
    "a value and not that value": both(where("estrato", "eq", 1), {"not": where("estrato", "eq", 1)}),
    "more and not more": both(where("estrato", "gt", 1), {"not": where("estrato", "gt", 1)}),
    "a value outside a range": both(where("estrato", "between", [1, 3]), where("estrato", "eq", 4)),
    "amounts apart": both(where("total_balance", "gt", pesos("9")), where("total_balance", "lt", pesos("8"))),
    "two currencies": both(
        where("total_balance", "gt", pesos("9")), where("total_balance", "gt", {"amount": "1", "currency": "USD"})
    ),
    "known and unknown": both(where("name", "is_set"), where("name", "is_not_set")),
    "compared and unknown": both(where("estrato", "gt", 1), where("estrato", "is_not_set")),
    "a text that contains and is unknown": both(where("email", "contains", "@"), where("email", "is_not_set")),
    "two names": both(where("name", "eq", "Ana"), where("name", "eq", "Eva")),
    "names in lists apart": both(where("name", "in", ["Ana", "Eva"]), where("name", "in", ["Luz", "Sol"])),
    "a name and its refusal in other letters": both(where("name", "eq", "José"), where("name", "ne", "JOSE")),
    "a name that begins otherwise": both(where("name", "eq", "Ana"), where("name", "starts_with", "b")),
    "both types of customer": both(where("customer_type", "eq", "person"), where("customer_type", "eq", "company")),
    "no type of customer": both(where("customer_type", "ne", "person"), where("customer_type", "ne", "company")),
    "yes and no": both(where("is_top", "eq", True), where("is_top", "eq", False)),
    "lately and not lately": both(
        where("last_payment_on", "within_last_days", 30), where("last_payment_on", "not_within_last_days", 30)
    ),
    "lately and long ago": both(
        where("last_payment_on", "within_last_days", 30), where("last_payment_on", "before", "2026-02-07")
    ),
    "in an inner group": both(where("estrato", "eq", 1), both(where("estrato", "eq", 2), where("name", "is_set"))),
    "in every choice": {
        "any": [
            both(where("estrato", "eq", 1), where("estrato", "eq", 2)),
            both(where("is_top", "eq", True), where("is_top", "ne", True)),
        ]
    },
}
POSSIBLE = {
    "one condition": where("failed_payments", "gt", 5),
    "ranges that share one value": both(where("failed_payments", "gte", 5), where("failed_payments", "lte", 5)),
    "a narrow range": both(where("estrato", "gt", 1), where("estrato", "lt", 2)),
    "different windows": both(
        where("failed_payments", "gt", 5, within_days=90), where("failed_payments", "lt", 3, within_days=30)
    ),
    "different variables": both(where("failed_payments", "gt", 5), where("successful_payments", "lt", 3)),
    "any of two values": {"any": [where("estrato", "eq", 1), where("estrato", "eq", 2)]},
    "one possible choice": {
        "any": [both(where("estrato", "eq", 1), where("estrato", "eq", 2)), where("name", "is_set")]
    },
    "never paid": both(where("last_payment_on", "not_within_last_days", 30), where("last_payment_on", "is_not_set")),
    "not since, and unknown": both(
        where("last_payment_on", "not_since", "2026-01-01"), where("last_payment_on", "is_not_set")
    ),
    "a day on the edge": both(
        where("last_payment_on", "within_last_days", 30), where("last_payment_on", "on", "2026-02-07")
    ),
    "two parts of a name": both(where("name", "contains", "ana"), where("name", "starts_with", "b")),
    "two products": both(where("products", "contains", "Luz"), where("products", "contains", "Gas")),
    "a name and part of it": both(where("name", "eq", "José Díaz"), where("name", "contains", "dia")),
}


@pytest.mark.parametrize("rule", CONTRADICTORY.values(), ids=CONTRADICTORY.keys())
def test_nobody_can_match(rule: Rule) -> None:
    assert is_contradictory(read(rule), TODAY)


@pytest.mark.parametrize("rule", POSSIBLE.values(), ids=POSSIBLE.keys())
def test_somebody_could_match(rule: Rule) -> None:
    assert not is_contradictory(read(rule), TODAY)


small = st.integers(0, 3)
turnable = st.builds(
    lambda o, v: where("estrato", o, v), st.sampled_from(["eq", "ne", "gt", "gte", "lt", "lte"]), small
) | st.builds(lambda o: where("estrato", o), st.sampled_from(["is_set", "is_not_set"]))
conditions = st.one_of(
    turnable,
    st.builds(lambda rule: {"not": rule}, turnable),
    st.builds(lambda a, b: where("estrato", "between", sorted([a, b])), small, small),
)
groups = st.builds(lambda parts: {"all": parts}, st.lists(conditions, min_size=1, max_size=4))
VALUES = [None, *(Decimal(half) / 2 for half in range(-2, 9))]


@given(groups)
def test_it_is_said_of_just_those_that_no_value_matches(rule: Rule) -> None:
    def matches(value: Decimal | None) -> bool:
        loaded = {} if value is None else {"estrato": value}
        return verdict(rule, at(account(variables=loaded), TODAY, Settings())) is True

    assert is_contradictory(read(rule), TODAY) == (not any(matches(value) for value in VALUES))
