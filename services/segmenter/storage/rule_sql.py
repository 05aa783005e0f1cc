"""Rules and the cascade as SQL: one typed boolean a rule, one ``CASE`` for the whole cascade, constants bound.

SQL's AND, OR and NOT are Kleene's, as the language wants them; what must never be unknown is coalesced. Source:
meaning.md, rules 22-24; architecture decision 4.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeGuard

from services.segmenter.domain.cascade import Cascade
from services.segmenter.domain.rules import tree
from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Type
from services.segmenter.storage.binds import AS_OF, Binds
from services.segmenter.storage.debt_sql import bucket_sql
from services.segmenter.storage.risk_sql import risk_sql, score_sql
from services.segmenter.storage.turning_sql import turning_sql
from services.segmenter.storage.variable_sql import (
    currency_sql,
    folded_products_sql,
    folded_sql,
    variable_sql,
)
from shared.basics.money import Money
from shared.basics.text import fold

_COMPARISONS = {"eq": "=", "ne": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "on": "="}
_COMPARISONS |= {"before": "<", "after": ">"}
_DEAR = ("SELECT", "numeric", "text")
_AT_LEAST = ("gt", "gte")
_SQL_TYPES = {Type.TEXT: "text", Type.CHOICE: "text", Type.NUMBER: "numeric", Type.MONEY: "numeric"}
_SQL_TYPES |= {Type.DATE: "date", Type.BOOLEAN: "boolean", Type.LIST: "text"}
_COUNTS = {
    "days_since_registration",
    "failed_payments",
    "successful_payments",
    "invoices_issued",
    "consecutive_failed_payments",
    "active_subscriptions",
    "open_disputes",
    "broken_promises",
    "days_past_due",
}
"""Whole numbers in the database as well: compared as such with a whole number, which is several times cheaper."""
_LARGEST = 2**31 - 1


@dataclass(frozen=True)
class CompiledCascade:
    """Fragments valid over ``customers c JOIN behaviour b USING (customer_id)`` with ``:as_of`` and ``params`` bound.

    ``segment_sql`` gives the id of the first segment that matches; ``bucket_sql`` that of the aging bucket;
    ``risk_sql`` the risk level and ``score_sql`` the score it was read from; ``rule_sqls`` whether the rule of each
    segment by itself matches (true, false or unknown), Default left out; ``turning_sql`` a query of the coming
    ``:days`` days on which the segment may change by time alone.
    """

    segment_sql: str
    bucket_sql: str
    risk_sql: str
    score_sql: str
    rule_sqls: Mapping[str, str]
    turning_sql: str
    params: dict[str, Any]


def compile_cascade(cascade: Cascade) -> CompiledCascade:
    """The cascade as one expression."""
    binds = Binds()
    rules = {
        segment.segment_id: rule_sql(segment.rule, cascade.settings, binds)
        for segment in cascade.segments
        if segment.rule is not None
    }
    whens = "".join(f" WHEN {sql} THEN {binds.bind(segment, 'text')}" for segment, sql in rules.items())
    default = binds.bind(cascade.segments[-1].segment_id, "text")
    return CompiledCascade(
        segment_sql=f"CASE{whens} ELSE {default} END" if whens else default,
        bucket_sql=bucket_sql(cascade.settings, binds),
        risk_sql=risk_sql(cascade.settings, binds),
        score_sql=score_sql(cascade.settings, binds),
        rule_sqls=rules,
        turning_sql=turning_sql((one.rule for one in cascade.segments if one.rule), cascade.settings, binds),
        params=binds.params,
    )


def rule_sql(node: tree.Node, settings: Settings, binds: Binds) -> str:
    """A rule as a boolean expression: true, false, or NULL for unknown."""
    match node:
        case tree.All(parts):
            return "(" + " AND ".join(_cheapest_first((*_bounds(parts), *parts), settings, binds)) + ")"
        case tree.Any(parts):
            return "(" + " OR ".join(_cheapest_first(parts, settings, binds)) + ")"
        case tree.Not(part):
            return f"(NOT {rule_sql(part, settings, binds)})"
        case tree.Condition():
            both = (*_bounds((node,)), node)
            return "(" + " AND ".join(_condition_sql(one, settings, binds) for one in both) + ")"


def _cheapest_first(parts: tuple[tree.Node, ...], settings: Settings, binds: Binds) -> list[str]:
    """Parts by how much they look up beside the customer's own rows, then by how dear what they compare is.

    The first that decides spares those after it.
    """
    written = (rule_sql(part, settings, binds) for part in parts)
    return sorted(written, key=lambda sql: tuple(map(sql.count, _DEAR)))


def _bounds(parts: tuple[tree.Node, ...]) -> list[tree.Condition]:
    """What must hold of all time for parts that ask for *more than* or *at least* something within a window.

    A window holds no more than all time: whoever falls short there needs no look at the days.
    """
    return [replace(part, within_days=None) for part in parts if _is_bounded(part)]


def _is_bounded(node: tree.Node) -> TypeGuard[tree.Condition]:
    return isinstance(node, tree.Condition) and node.within_days is not None and node.operator in _AT_LEAST


def _condition_sql(condition: tree.Condition, settings: Settings, binds: Binds) -> str:
    if condition.operator in ("is_set", "is_not_set"):
        return _presence_sql(condition, settings, binds)
    return _value_sql(condition, settings, binds)


def _value_sql(condition: tree.Condition, settings: Settings, binds: Binds) -> str:
    variable = condition.variable
    if variable.type is Type.TEXT:
        return _compared(condition, folded_sql(variable, binds), binds, fold)
    value = variable_sql(variable, settings, binds, condition.within_days)
    if variable.type is Type.LIST:
        return f"({binds.bind(fold(str(condition.value)), 'text')} = ANY({folded_products_sql()}))"
    if variable.type is Type.MONEY:
        return _money_sql(condition, value, binds)
    if variable.type is Type.DATE:
        return _date_sql(condition, value, binds)
    return _compared(condition, value, binds)


def _presence_sql(condition: tree.Condition, settings: Settings, binds: Binds) -> str:
    variable = condition.variable
    is_text = variable.type is Type.TEXT
    value = folded_sql(variable, binds) if is_text else variable_sql(variable, settings, binds, condition.within_days)
    is_set = f"(cardinality({value}) > 0)" if variable.type is Type.LIST else f"({value} IS NOT NULL)"
    return is_set if condition.operator == "is_set" else f"(NOT {is_set})"


def _compared(condition: tree.Condition, value: str, binds: Binds, turned: Callable[[Any], Any] = lambda v: v) -> str:
    """The operators that compare alike for all types; ``turned`` makes of an operand what is compared."""
    sql_type, given = _SQL_TYPES[condition.variable.type], condition.value
    if _is_counted(condition):
        sql_type, turned = "integer", int
    match condition.operator:
        case "in":
            return f"({value} = ANY({binds.bind([turned(one) for one in _several(given)], sql_type + '[]')}))"
        case "not_in":
            return f"({value} <> ALL({binds.bind([turned(one) for one in _several(given)], sql_type + '[]')}))"
        case "between":
            low, high = (binds.bind(turned(one), sql_type) for one in _several(given))
            return f"({value} BETWEEN {low} AND {high})"
        case "contains":
            return f"(position({binds.bind(turned(given), sql_type)} IN {value}) > 0)"
        case "starts_with":
            return f"starts_with({value}, {binds.bind(turned(given), sql_type)})"
        case operator:
            return f"({value} {_COMPARISONS[operator]} {binds.bind(turned(given), sql_type)})"


def _is_counted(condition: tree.Condition) -> bool:
    operands = _several(condition.value)
    is_whole = all(isinstance(one, Decimal) and one == int(one) and abs(one) <= _LARGEST for one in operands)
    return condition.variable.key in _COUNTS and is_whole


def _several(given: tree.Value) -> tuple[tree.Value, ...]:
    return given if isinstance(given, tuple) else (given,)


def _money_sql(condition: tree.Condition, value: str, binds: Binds) -> str:
    """Unknown where the customer's money is of another currency than the operand's."""
    operand = _several(condition.value)[0]
    currency = operand.currency if isinstance(operand, Money) else ""
    same = f"{currency_sql(condition.variable, binds)} = {binds.bind(currency, 'text')}"
    compared = _compared(condition, value, binds, lambda money: money.amount)
    return f"(CASE WHEN {same} THEN {compared} END)"


def _date_sql(condition: tree.Condition, value: str, binds: Binds) -> str:
    match condition.operator, condition.value:
        case "within_last_days", int() as days:
            return f"({value} BETWEEN {AS_OF} - {days} AND {AS_OF})"
        case "not_within_last_days", int() as days:
            return f"coalesce(NOT ({value} BETWEEN {AS_OF} - {days} AND {AS_OF}), true)"
        case "not_since", date() as since:
            return f"coalesce({value} < {binds.bind(since, 'date')}, true)"
        case _:
            return _compared(condition, value, binds)
