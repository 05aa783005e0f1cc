"""A rule that cannot be read says where and why: every code of the contract, each at its place."""

from typing import Any

import pytest

from services.segmenter.domain.rules.parse import Language, parse_rule
from services.segmenter.domain.rules.written import rule_json
from shared.basics.errors import BadInput
from tests.services.segmenter.rules.language import Rule, language, pesos, where

GOOD = where("failed_payments", "gt", 1)


def mistakes(rule: Any, spoken: Language | None = None, root: str = "/rule") -> list[tuple[str, str]]:
    with pytest.raises(BadInput) as refused:
        parse_rule(rule, spoken or language(is_segment=True), root)
    return [(mistake.pointer, mistake.code) for mistake in refused.value.mistakes]


SHAPES = [
    ("not an object", "x", "/rule", "wrong_type"),
    ("a list", [GOOD], "/rule", "wrong_type"),
    ("nothing of a node", {}, "/rule", "one_of"),
    ("two kinds at once", {"all": [GOOD], "any": [GOOD]}, "/rule", "one_of"),
    ("a condition that is a group", {**GOOD, "not": GOOD}, "/rule", "one_of"),
    ("a group that is no list", {"any": GOOD}, "/rule/any", "wrong_type"),
    ("an empty all", {"all": []}, "/rule/all", "empty_list"),
    ("an empty any", {"all": [GOOD, {"any": []}]}, "/rule/all/1/any", "empty_list"),
    ("a strange field of a condition", {**GOOD, "unit": "day"}, "/rule/unit", "unknown_field"),
    ("a strange field of a group", {"all": [GOOD], "name": "x"}, "/rule/name", "unknown_field"),
    ("a null node", {"not": None}, "/rule/not", "wrong_type"),
]
NAMES = [
    ("an unknown variable", where("saldo", "gt", 1), "/rule/variable", "unknown_variable"),
    ("a variable that is no text", {"variable": 5, "operator": "gt"}, "/rule/variable", "wrong_type"),
    ("an unknown operator", where("failed_payments", "over", 1), "/rule/operator", "unknown_operator"),
    ("an operator that is no text", {"variable": "name", "operator": []}, "/rule/operator", "wrong_type"),
    ("no operator", {"variable": "name"}, "/rule/operator", "required"),
    (
        "an operator of another type",
        where("failed_payments", "contains", "1"),
        "/rule/operator",
        "operator_not_allowed",
    ),
    ("an order of choices", where("customer_type", "gt", "person"), "/rule/operator", "operator_not_allowed"),
    ("a list compared", where("products", "eq", "Luz"), "/rule/operator", "operator_not_allowed"),
    (
        "a date compared as a size",
        where("last_payment_on", "gt", "2026-01-01"),
        "/rule/operator",
        "operator_not_allowed",
    ),
    ("a yes/no in a list", where("is_top", "in", [True]), "/rule/operator", "operator_not_allowed"),
]
VALUES = [
    ("a number as text", where("failed_payments", "gt", "1"), "wrong_type"),
    ("a number as yes/no", where("failed_payments", "eq", True), "wrong_type"),
    ("not a number", where("failed_payments", "gt", float("nan")), "out_of_range"),
    ("infinity", where("failed_payments", "gt", float("inf")), "out_of_range"),
    ("more than any float", where("failed_payments", "gt", 10**400), "out_of_range"),
    ("a text as number", where("name", "eq", 5), "wrong_type"),
    ("a text that no database holds", where("name", "eq", "a\x00"), "wrong_type"),
    ("half a surrogate pair", where("name", "contains", "\ud800"), "wrong_type"),
    ("a yes/no as text", where("is_top", "eq", "true"), "wrong_type"),
    ("a yes/no as number", where("is_top", "eq", 1), "wrong_type"),
    ("a date in another order", where("last_payment_on", "before", "01/02/2026"), "wrong_type"),
    ("a date that is none", where("last_payment_on", "on", "2026-02-30"), "wrong_type"),
    ("money as a JSON number", where("total_balance", "gt", 10000), "wrong_type"),
    ("an amount as a JSON number", where("total_balance", "gt", {"amount": 1, "currency": "COP"}), "wrong_type"),
    ("an amount with five decimals", where("total_balance", "gt", pesos("1.00001")), "wrong_type"),
    ("money with more in it", where("total_balance", "gt", {**pesos("1"), "tax": "1"}), "wrong_type"),
    ("money without currency", where("total_balance", "gt", "10000"), "currency_required"),
    (
        "money of an unknown currency",
        where("total_balance", "gt", {"amount": "1", "currency": "EUR"}),
        "unknown_currency",
    ),
    ("a choice nobody can have", where("customer_type", "eq", "robot"), "unknown_choice"),
    ("a custom choice in other letters", where("canal", "eq", "Correo"), "unknown_choice"),
    ("one bad choice among good", where("canal", "in", ["correo", "paloma"]), "unknown_choice"),
    ("no value", where("failed_payments", "gt"), "required"),
    ("a null value", {**where("name", "eq"), "value": None}, "required"),
    ("no days", where("last_payment_on", "within_last_days"), "required"),
    ("a value for is_set", where("name", "is_set", "x"), "not_allowed"),
    ("an empty list", where("name", "in", []), "empty_list"),
    ("one for in", where("name", "in", "Ana"), "wrong_type"),
    ("a list for eq", where("name", "eq", ["Ana"]), "wrong_type"),
    ("a bad one in a list", where("name", "not_in", ["Ana", 5]), "wrong_type"),
    ("a range of one", where("failed_payments", "between", [1]), "wrong_type"),
    ("a range of three", where("failed_payments", "between", [1, 2, 3]), "wrong_type"),
    ("a range reversed", where("failed_payments", "between", [2, 1]), "range_reversed"),
    ("dates reversed", where("registered_on", "between", ["2026-02-01", "2026-01-01"]), "range_reversed"),
    ("amounts reversed", where("cupo", "between", [pesos("2"), pesos("1")]), "range_reversed"),
    ("days with a fraction", where("last_payment_on", "within_last_days", 1.5), "wrong_type"),
    ("negative days", where("last_payment_on", "not_within_last_days", -1), "out_of_range"),
    ("a hundred years and more", where("last_payment_on", "within_last_days", 36501), "out_of_range"),
]
WINDOWS = [
    ("a window on a balance", where("total_balance", "gt", pesos("1"), within_days=30), "not_allowed"),
    ("a window on a date", where("last_payment_on", "is_set", within_days=30), "not_allowed"),
    ("a window of no day", where("failed_payments", "gt", 1, within_days=0), "out_of_range"),
    ("a window of ten years and more", where("failed_payments", "gt", 1, within_days=3651), "out_of_range"),
    ("a window as text", where("failed_payments", "gt", 1, within_days="30"), "wrong_type"),
    ("a window as yes/no", where("failed_payments", "gt", 1, within_days=True), "wrong_type"),
]
OPERATORS = {
    "name": "eq ne in not_in contains starts_with is_set is_not_set",
    "ciudad": "eq ne in not_in contains starts_with is_set is_not_set",
    "risk_level": "eq ne in not_in is_set is_not_set",
    "canal": "eq ne in not_in is_set is_not_set",
    "risk_score": "eq ne gt gte lt lte between is_set is_not_set",
    "total_balance": "eq ne gt gte lt lte between is_set is_not_set",
    "last_payment_on": "before after on between not_since within_last_days not_within_last_days is_set is_not_set",
    "archived": "eq ne is_set is_not_set",
    "products": "contains is_set is_not_set",
}
"""One variable of each type, and all that may be asked of it."""
EVERY = sorted({operator for known in OPERATORS.values() for operator in known.split()})
AGING = ["days_past_due", "aging_bucket", "oldest_due_on"]


@pytest.mark.parametrize(("rule", "pointer", "code"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES])
def test_a_wrong_shape(rule: Any, pointer: str, code: str) -> None:
    assert mistakes(rule) == [(pointer, code)]


@pytest.mark.parametrize(("rule", "pointer", "code"), [row[1:] for row in NAMES], ids=[row[0] for row in NAMES])
def test_a_wrong_name(rule: Rule, pointer: str, code: str) -> None:
    assert mistakes(rule) == [(pointer, code)]


@pytest.mark.parametrize("key", OPERATORS)
def test_each_type_takes_its_operators_and_no_others(key: str) -> None:
    for operator in EVERY:
        unlike_any = mistakes(where(key, operator, object()))
        refused = unlike_any == [("/rule/operator", "operator_not_allowed")]
        assert refused == (operator not in OPERATORS[key].split()), operator


@pytest.mark.parametrize(("rule", "code"), [row[1:] for row in VALUES], ids=[row[0] for row in VALUES])
def test_a_wrong_value(rule: Rule, code: str) -> None:
    assert mistakes(rule) == [("/rule/value", code)]


@pytest.mark.parametrize(("rule", "code"), [row[1:] for row in WINDOWS], ids=[row[0] for row in WINDOWS])
def test_a_wrong_window(rule: Rule, code: str) -> None:
    assert mistakes(rule) == [("/rule/within_days", code)]


@pytest.mark.parametrize("key", AGING)
def test_aging_is_refused_in_a_segment_with_the_reason_and_allowed_elsewhere(key: str) -> None:
    nested = {"any": [GOOD, {"not": where(key, "is_set")}]}
    assert mistakes(nested) == [("/rule/any/1/not/variable", "aging_not_segmentable")]
    parse_rule(nested, language(), "/where")
    with pytest.raises(BadInput, match="aging buckets are kept by the system"):
        parse_rule(nested, language(is_segment=True), "/rule")


def test_every_mistake_is_named_once_in_the_order_of_the_rule() -> None:
    rule = {"all": [where("saldo", "gt"), {"any": [GOOD, where("name", "gt", 1)]}, {"not": where("is_top", "eq", "x")}]}
    assert mistakes(rule, root="/where") == [
        ("/where/all/0/variable", "unknown_variable"),
        ("/where/all/1/any/1/operator", "operator_not_allowed"),
        ("/where/all/2/not/value", "wrong_type"),
    ]


def test_a_node_stops_at_its_first_mistake() -> None:
    assert mistakes(where("total_balance", "gt", 5, within_days=0)) == [("/rule/value", "wrong_type")]
    assert mistakes(where("saldo", "over", 5, within_days=0)) == [("/rule/variable", "unknown_variable")]


def test_a_rule_has_at_most_200_nodes() -> None:
    parse_rule({"all": [GOOD] * 199}, language(), "/rule")
    assert mistakes({"all": [GOOD] * 200}) == [("/rule", "rule_too_large")]
    halves = [{"any": [GOOD] * 99}, {"any": [GOOD] * 99}]
    assert mistakes({"all": halves}) == [("/rule", "rule_too_large")]


def deep(nodes: int) -> Rule:
    rule = GOOD
    for _ in range(nodes - 1):
        rule = {"not": rule}
    return rule


def test_a_rule_is_at_most_10_deep() -> None:
    parse_rule(deep(10), language(), "/rule")
    assert mistakes(deep(11)) == [("/rule" + "/not" * 10, "rule_too_deep")]


def test_an_amount_alone_is_of_the_only_currency() -> None:
    only = language(currencies=("COP",))
    node = parse_rule(where("total_balance", "between", ["10", "10.5"]), only, "/rule")
    assert rule_json(node)["value"] == [pesos("10.00"), pesos("10.50")]


def test_a_null_is_as_if_left_out() -> None:
    node = parse_rule({**GOOD, "within_days": None}, language(), "/rule")
    assert rule_json(node) == GOOD


WRITTEN = [
    GOOD,
    {"all": [GOOD, {"any": [where("name", "in", ["Ana", "Eva"]), {"not": where("is_top", "eq", False)}]}]},
    where("amount_paid", "gte", pesos("10.00"), within_days=90),
    where("registered_on", "between", ["2026-01-01", "2026-02-01"]),
    where("last_payment_on", "not_within_last_days", 0),
    where("estrato", "lt", 2.5),
    where("products", "contains", "Luz"),
    where("email", "is_not_set"),
]


@pytest.mark.parametrize("rule", WRITTEN, ids=str)
def test_what_is_written_down_reads_as_the_same_rule(rule: Rule) -> None:
    assert rule_json(parse_rule(rule, language(), "/rule")) == rule
