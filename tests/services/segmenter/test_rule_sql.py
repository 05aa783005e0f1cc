"""Every operator on the real PostgreSQL, for values that are missing, at the bound, and beside it.

A row of the table says in five letters what a rule is of five customers: T true, F false, ? unknown.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.database.engine import Database
from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.oracle.facts import Account, Money
from tests.services.segmenter.listener import Listener, SetClock
from tests.services.segmenter.rules.language import Rule, pesos, where
from tests.services.segmenter.verdicts import declare_variables, told, verdicts

TODAY = date(2026, 3, 9)
CUSTOMERS = ("blank", "low", "mid", "high", "dollar")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def cop(amount: str) -> Money:
    return Money(Decimal(amount), "COP")


def five_accounts() -> list[Account]:
    return [
        account(customer_id="blank", name="Blanca"),
        account(
            an_invoice("100", issued_on=ago(50), due_on=ago(1), product="Luz"),
            failed(on=ago(8)),
            customer_id="low",
            name="José Lara",
            registered_on=ago(31),
            variables={
                "estrato": Decimal(1),
                "cupo": cop("199.9999"),
                "contrato": ago(31),
                "ciudad": "Bogotá D.C.",
                "canal": "correo",
                "vip": False,
            },
        ),
        account(
            an_invoice("150", issued_on=ago(50), due_on=TODAY, product="Luz"),
            an_invoice("50", issued_on=ago(50), due_on=ago(30), product="Gas"),
            failed(on=ago(7)),
            customer_id="mid",
            name="MERCADOS S.A.",
            type="company",
            registered_on=ago(30),
            variables={
                "estrato": Decimal(2),
                "cupo": cop("200"),
                "contrato": ago(30),
                "ciudad": "Medellín",
                "canal": "llamada",
                "vip": True,
            },
        ),
        account(
            an_invoice("80", issued_on=ago(90), due_on=ago(80), product="Luz"),
            paid("80", on=ago(70)),
            an_invoice("300", issued_on=ago(50), due_on=ago(31), product="  "),
            failed(on=TODAY),
            customer_id="high",
            name="jose  lara",
            registered_on=TODAY,
            variables={
                "estrato": Decimal(3),
                "cupo": cop("200.0001"),
                "contrato": TODAY,
                "ciudad": "bogota d.c.",
                "canal": "correo",
                "vip": True,
            },
        ),
        account(
            an_invoice("200", issued_on=ago(50), due_on=ago(1), product="Agua", currency="USD"),
            customer_id="dollar",
            name="100% Agua_Viva",
            currency="USD",
            variables={
                "estrato": Decimal("2.5"),
                "cupo": Money(Decimal(200), "USD"),
                "contrato": TODAY + timedelta(days=1),
                "ciudad": "   ",
            },
        ),
    ]


@pytest.fixture(scope="module")
async def segmenter(module_database: Database) -> Listener:
    found = Listener(module_database, SetClock(TODAY))
    await declare_variables(found)
    await told(found, *five_accounts())
    return found


NUMBER = [
    (where("estrato", "eq", 2), "?FTFF"),
    (where("estrato", "ne", 2), "?TFTT"),
    (where("estrato", "gt", 2), "?FFTT"),
    (where("estrato", "gte", 2), "?FTTT"),
    (where("estrato", "lt", 2), "?TFFF"),
    (where("estrato", "lte", 2), "?TTFF"),
    (where("estrato", "between", [2, 2.5]), "?FTFT"),
    (where("estrato", "is_set"), "FTTTT"),
    (where("estrato", "is_not_set"), "TFFFF"),
    (where("average_days_late", "eq", 10), "???T?"),
    (where("average_days_late", "gt", 10), "???F?"),
    (where("average_days_late", "between", [10, 11]), "???T?"),
    (where("average_days_late", "is_not_set"), "TTTFT"),
    (where("on_time_ratio", "lt", 0.5), "?????"),
    (where("on_time_ratio", "is_set"), "FFFFF"),
    (where("broken_promises", "eq", 0), "TTTTT"),
    (where("open_disputes", "gt", 0), "FFFFF"),
    (where("active_subscriptions", "is_set"), "TTTTT"),
]
MONEY = [
    (where("cupo", "eq", pesos("200.00")), "?FTF?"),
    (where("cupo", "ne", pesos("200")), "?TFT?"),
    (where("cupo", "gt", pesos("200")), "?FFT?"),
    (where("cupo", "gte", pesos("200")), "?FTT?"),
    (where("cupo", "lt", pesos("200")), "?TFF?"),
    (where("cupo", "lte", pesos("200")), "?TTF?"),
    (where("cupo", "between", [pesos("199.9999"), pesos("200")]), "?TTF?"),
    (where("cupo", "is_set"), "FTTTT"),
    (where("cupo", "is_not_set"), "TFFFF"),
    (where("total_balance", "eq", pesos("0")), "TFFF?"),
    (where("total_balance", "gte", pesos("200")), "FFTT?"),
    (where("total_balance", "gt", {"amount": "100", "currency": "USD"}), "????T"),
    ({"not": where("total_balance", "gte", pesos("200"))}, "TTFF?"),
    (where("total_balance", "is_set"), "TTTTT"),
    (where("overdue_balance", "gt", pesos("50")), "FTFT?"),
    (where("highest_open_invoice", "gte", pesos("150")), "FFTT?"),
]
DATE = [
    (where("contrato", "before", "2026-02-07"), "?TFFF"),
    (where("contrato", "after", "2026-02-07"), "?FFTT"),
    (where("contrato", "on", "2026-02-07"), "?FTFF"),
    (where("contrato", "between", ["2026-02-07", "2026-03-09"]), "?FTTF"),
    (where("contrato", "within_last_days", 30), "?FTTF"),
    (where("contrato", "within_last_days", 0), "?FFTF"),
    (where("contrato", "not_within_last_days", 30), "TTFFT"),
    (where("contrato", "not_since", "2026-02-07"), "TTFFF"),
    (where("contrato", "is_set"), "FTTTT"),
    (where("contrato", "is_not_set"), "TFFFF"),
    ({"not": where("contrato", "within_last_days", 30)}, "?TFFT"),
    (where("last_failed_payment_on", "within_last_days", 7), "?FTT?"),
    (where("oldest_due_on", "before", "2026-02-07"), "?FFTF"),
]
TEXT = [
    (where("ciudad", "eq", "BOGOTA  D.C."), "?TFT?"),
    (where("ciudad", "ne", "bogotá d.c."), "?FTF?"),
    (where("ciudad", "in", ["medellin", "Cali"]), "?FTF?"),
    (where("ciudad", "not_in", ["medellin", "Cali"]), "?TFT?"),
    (where("ciudad", "contains", "OGOTÁ"), "?TFT?"),
    (where("ciudad", "starts_with", "méd"), "?FTF?"),
    (where("ciudad", "is_set"), "FTTTF"),
    (where("ciudad", "is_not_set"), "TFFFT"),
    (where("name", "eq", "José Lara"), "FTFTF"),
    (where("name", "contains", "%"), "FFFFT"),
    (where("name", "contains", "_"), "FFFFT"),
    (where("name", "starts_with", "%"), "FFFFF"),
    (where("email", "ne", "ana@correo.co"), "?????"),
]
CHOICE = [
    (where("canal", "eq", "correo"), "?TFT?"),
    (where("canal", "ne", "correo"), "?FTF?"),
    (where("canal", "in", ["correo", "llamada"]), "?TTT?"),
    (where("canal", "not_in", ["correo"]), "?FTF?"),
    (where("canal", "is_set"), "FTTTF"),
    (where("canal", "is_not_set"), "TFFFT"),
    (where("customer_type", "eq", "company"), "FFTFF"),
    (where("aging_bucket", "eq", "1-30"), "FTTFT"),
    (where("aging_bucket", "in", ["current", "31-60"]), "TFFTF"),
    (where("risk_level", "eq", "unknown"), "TFFFF"),
    (where("risk_level", "ne", "unknown"), "FTTTT"),
    (where("risk_level", "in", ["medium", "high"]), "FTTTT"),
    (where("risk_level", "not_in", ["medium"]), "TFFFF"),
    (where("risk_level", "is_set"), "TTTTT"),
]
BOOLEAN = [
    (where("vip", "eq", True), "?FTT?"),
    (where("vip", "eq", False), "?TFF?"),
    (where("vip", "ne", True), "?TFF?"),
    (where("vip", "is_set"), "FTTTF"),
    (where("vip", "is_not_set"), "TFFFT"),
    (where("is_new", "eq", True), "FFTTF"),
    (where("is_new", "ne", True), "TTFFT"),
    (where("contactability_problem", "eq", True), "TTTTT"),
    (where("archived", "eq", False), "TTTTT"),
]
LIST = [
    (where("products", "contains", "Luz"), "FTTFF"),
    (where("products", "contains", "LÚZ"), "FTTFF"),
    ({"not": where("products", "contains", "Luz")}, "TFFTT"),
    (where("products", "contains", "Lu"), "FFFFF"),
    (where("products", "is_set"), "FTTFT"),
    (where("products", "is_not_set"), "TFFTF"),
]
WINDOW = [
    (where("failed_payments", "gt", 0), "FTTTF"),
    (where("failed_payments", "gt", 0.5), "FTTTF"),
    (where("failed_payments", "eq", 0.5), "FFFFF"),
    (where("failed_payments", "between", [0.5, 1]), "FTTTF"),
    (where("failed_payments", "lt", 3_000_000_000), "TTTTT"),
    (where("failed_payments", "gt", 0, within_days=8), "FTTTF"),
    (where("failed_payments", "gt", 0, within_days=7), "FFTTF"),
    (where("failed_payments", "eq", 0, within_days=6), "TTTFT"),
    (where("amount_paid", "gte", pesos("80"), within_days=70), "FFFT?"),
    (where("amount_paid", "gte", pesos("80"), within_days=69), "FFFF?"),
    (where("successful_payments", "gt", 0, within_days=70), "FFFTF"),
    (where("successful_payments", "gt", 0, within_days=69), "FFFFF"),
    (where("invoices_issued", "gt", 0, within_days=50), "FTTTT"),
    (where("invoices_issued", "gt", 0, within_days=49), "FFFFF"),
    (where("days_past_due", "gte", 30), "FFTTF"),
    (where("days_since_registration", "lte", 30), "FFTTF"),
]
UNKNOWN = where("email", "eq", "x")
GROUPS: list[tuple[Rule, str]] = [
    ({"all": [UNKNOWN, where("customer_type", "eq", "company")]}, "FF?FF"),
    ({"any": [UNKNOWN, where("customer_type", "eq", "company")]}, "??T??"),
    ({"not": UNKNOWN}, "?????"),
    ({"all": [{"not": UNKNOWN}, where("name", "is_set")]}, "?????"),
    (
        {"any": [{"all": [where("estrato", "gt", 2), where("vip", "eq", True)]}, {"not": where("name", "is_set")}]},
        "?FFT?",
    ),
]


@pytest.mark.parametrize(
    ("rule", "expected"), [*NUMBER, *MONEY, *DATE, *TEXT, *CHOICE, *BOOLEAN, *LIST, *WINDOW, *GROUPS], ids=str
)
async def test_what_a_rule_says(segmenter: Listener, rule: Rule, expected: str) -> None:
    found = await verdicts(segmenter, rule)
    said: dict[Any, str] = {True: "T", False: "F", None: "?"}
    assert "".join(said[found[customer]] for customer in CUSTOMERS) == expected
