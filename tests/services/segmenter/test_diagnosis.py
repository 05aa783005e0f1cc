"""A segment with nobody says why: the first cause that applies, in the order of meaning.md 32."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.segmenter.domain.diagnosis import Absorbing, Case, diagnose
from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.services.segmenter.house import DRAFT, House, problem
from tests.services.segmenter.listener import a_segment
from tests.services.segmenter.verdicts import declare_variables, told

TODAY = date(2026, 3, 9)
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)
Rule = dict[str, Any]


def condition(variable: str, operator: str, value: Any = None) -> Rule:
    return {"variable": variable, "operator": operator, **({} if value is None else {"value": value})}


def cop(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "COP"}


async def two_customers(house: House) -> None:
    """Both failed; one owes 40 COP and has an ``estrato``."""
    await declare_variables(house.segmenter)
    bill = an_invoice("40", issued_on=TODAY - timedelta(days=5))
    await told(
        house.segmenter,
        account(failed(on=TODAY), bill, customer_id="ana", variables={"estrato": Decimal(3)}),
        account(failed(on=TODAY), customer_id="eva"),
    )


async def diagnosed(house: House, rule: Rule) -> dict[str, Any]:
    """The diagnosis of a published segment that comes after the one of those who failed."""
    await two_customers(house)
    await house.drafts(FAILING, {**a_segment("vacio"), "rule": rule})
    await house.refreshes()
    found: dict[str, Any] = await house.get("/cascade/segments/vacio/diagnosis")
    return found


async def test_a_segment_with_members_has_no_cause(house: House) -> None:
    await two_customers(house)
    await house.drafts(FAILING)
    await house.refreshes()
    assert await house.get("/cascade/segments/fallidos/diagnosis") == {
        "cause": "none",
        "matching": 2,
        "members": 2,
        "absorbed_by": [],
        "variables": [{"key": "failed_payments", "loaded": 2, "of": 2, "range": {"min": 1, "max": 1}}],
        "text": {"es": "Tiene 2 clientes.", "en": "It has 2 customers."},
    }


async def test_a_draft_that_was_not_refreshed(house: House) -> None:
    await two_customers(house)
    await house.drafts(FAILING)
    new = await house.get("/cascade/segments/fallidos/diagnosis")
    assert (new["cause"], new["matching"], new["members"]) == ("not_refreshed", 2, 0)
    await house.drafts(a_segment("otros", variable="failed_payments", operator="gt", value=9))
    await house.refreshes()
    path = f"{DRAFT}/segments/otros"
    body = {"name": "Otros", "rule": {**FAILING["rule"], "value": 1}}
    await house.call("PUT", path, body, if_match=await house.etag(path))
    changed = await house.get("/cascade/segments/otros/diagnosis")
    assert (changed["cause"], changed["matching"]) == ("not_refreshed", 0)


@pytest.mark.parametrize(
    ("rule", "cause"),
    [
        ({"all": [condition("failed_payments", "gt", 5), condition("failed_payments", "lt", 5)]}, "contradictory"),
        (condition("risk_score", "gt", 5), "variable_not_loaded"),
        (condition("ciudad", "is_set"), "variable_not_loaded"),
        ({"not": condition("contrato", "before", "2026-01-01")}, "variable_not_loaded"),
        (condition("successful_payments", "gt", 5000), "out_of_observed_range"),
        (condition("open_disputes", "gt", 0), "variable_not_loaded"),
        (condition("active_subscriptions", "gt", 0), "variable_not_loaded"),
        (condition("estrato", "gt", 3), "out_of_observed_range"),
        (condition("estrato", "lt", 3), "out_of_observed_range"),
        (condition("total_balance", "gte", cop("40.01")), "out_of_observed_range"),
        (condition("last_payment_on", "after", "2026-03-09"), "variable_not_loaded"),
        (condition("last_failed_payment_on", "before", "2026-03-09"), "out_of_observed_range"),
        ({"any": [condition("risk_score", "gt", 5), condition("estrato", "gt", 3)]}, "out_of_observed_range"),
        ({"all": [condition("estrato", "eq", 3), condition("failed_payments", "gt", 0)]}, "absorbed"),
        ({"any": [condition("risk_score", "gt", 5), condition("failed_payments", "eq", 1)]}, "absorbed"),
        ({"all": [condition("estrato", "eq", 3), condition("name", "eq", "Otra")]}, "none"),
    ],
    ids=str,
)
async def test_each_cause(house: House, rule: Rule, cause: str) -> None:
    found = await diagnosed(house, rule)
    assert (found["cause"], found["members"]) == (cause, 0)
    assert found["text"]["es"] != found["text"]["en"]


async def test_who_absorbs_is_named_with_how_many(house: House) -> None:
    await told(house.segmenter, account(paid(on=TODAY), customer_id="luz"))
    found = await diagnosed(house, condition("failed_payments", "gte", 1))
    assert (found["matching"], found["absorbed_by"]) == (2, [{"segment_id": "fallidos", "customers": 2}])
    assert found["text"]["en"] == "The 2 customers that match it are in earlier segments: Fallidos (2)."


async def test_default_is_absorbed_by_all_others(house: House) -> None:
    await two_customers(house)
    await house.drafts(FAILING)
    await house.refreshes()
    found = await house.get("/cascade/segments/default/diagnosis")
    assert (found["cause"], found["matching"], found["variables"]) == ("absorbed", 2, [])


async def test_a_segment_that_is_nowhere_is_unknown(house: House) -> None:
    assert problem(await house.call("GET", "/cascade/segments/nadie/diagnosis")) == (404, "unknown_segment")


@pytest.mark.parametrize(
    ("numbers", "es", "en"),
    [
        ({"members": 1, "matching": 1}, "Tiene 1 cliente.", "It has 1 customer."),
        (
            {"members": 0, "matching": 1, "is_refreshed": False},
            "Su borrador aún no se ha publicado: actualice la cascada. Hoy lo cumpliría 1 cliente.",
            "Its draft is not published yet: refresh the cascade. 1 customer would match it today.",
        ),
        (
            {"members": 0, "matching": 1},
            "El único cliente que lo cumple está en un segmento anterior: Primero (1).",
            "The only customer that matches it is in an earlier segment: Primero (1).",
        ),
    ],
)
def test_one_customer_is_spoken_of_as_one(numbers: dict[str, Any], es: str, en: str) -> None:
    absorbed_by = (Absorbing("primero", "Primero", 1),)
    case = Case(rule=None, absorbed_by=absorbed_by, observed={}, as_of=TODAY, **{"is_refreshed": True, **numbers})
    found = diagnose(case)
    assert (found.es, found.en) == (es, en)
