"""The real sets of ``shared/data`` as facts: what happened, in the order it happened.

The folder lies beside the checkout; ``CASCADA_DATA_DIR`` names another place.
"""

import csv
import os
from collections import defaultdict
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

from tests.oracle.facts import BUSINESS_ZONE, Account, Customer, Fact, Invoice, Payment, dated

DATA = Path(os.environ.get("CASCADA_DATA_DIR") or Path(__file__).parents[3] / "shared" / "data")
EDGERED = DATA / "edgered-payments"
IBM = DATA / "ibm-ar"


def edgered_accounts() -> list[Account]:
    """Contract repayments and failures, each attempt as it happened (amounts that are no payment left out)."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    for row in _rows(EDGERED / "payments.csv"):
        if Decimal(row["payment_amt"]) > 0:
            facts[row["client_id"]].append(_attempt(row))
    kinds = {row["client_id"]: row["entity_type"] for row in _rows(EDGERED / "clients.csv")}
    return [_account(f"eg-{client_id}", kinds.get(client_id), "AUD", found) for client_id, found in facts.items()]


def _attempt(row: dict[str, str]) -> Payment:
    return Payment(
        payment_id=f"t-{row['transaction_id']}",
        occurred_at=datetime.fromtimestamp(int(row["transaction_date"]), UTC),
        amount=Decimal(row["payment_amt"]),
        status={"PAYMENT": "succeeded", "DEFAULT": "failed"}[row["payment_code"]],
        currency="AUD",
    )


def ibm_accounts() -> list[Account]:
    """Invoices, each paid in full on the day it was settled."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    kinds: dict[str, str] = {}
    for row in _rows(IBM / "WA_Fn-UseC_-Accounts-Receivable.csv"):
        facts[row["customerID"]].extend(_invoice_and_payment(row))
        kinds[row["customerID"]] = row["PaperlessBill"]
    return [_account(f"ibm-{customer_id}", kinds[customer_id], "USD", found) for customer_id, found in facts.items()]


def _invoice_and_payment(row: dict[str, str]) -> tuple[Invoice, Payment]:
    amount, number = Decimal(row["InvoiceAmount"]), row["invoiceNumber"]
    invoice = Invoice(
        invoice_id=f"f-{number}",
        issued_on=_day(row["InvoiceDate"]),
        due_on=_day(row["DueDate"]),
        amount=amount,
        currency="USD",
        product=f"país {row['countryCode']}",
    )
    settled_at = datetime.combine(_day(row["SettledDate"]), time(12), BUSINESS_ZONE)
    said = ((invoice.invoice_id, amount),)
    return invoice, Payment(
        payment_id=f"p-{number}", occurred_at=settled_at, amount=amount, currency="USD", allocations=said
    )


def _account(customer_id: str, client_type: str | None, currency: str, facts: list[Fact]) -> Account:
    in_time = sorted(facts, key=_order)
    customer = Customer(
        customer_id=customer_id,
        name=f"Cliente {customer_id}",
        type="person" if client_type and "Individual" in client_type else "company",
        client_type=client_type,
        currency=currency,
        registered_on=dated(in_time[0]),
    )
    return Account(customer, in_time)


def _order(fact: Fact) -> tuple[date, datetime, str]:
    """As it happened; an invoice of a day comes before its payments."""
    if isinstance(fact, Invoice):
        return fact.issued_on, datetime.combine(fact.issued_on, time.min, BUSINESS_ZONE), fact.invoice_id
    assert isinstance(fact, Payment)
    return fact.on, fact.occurred_at, fact.payment_id


def _day(text: str) -> date:
    month, day, year = text.split("/")
    return date(int(year), int(month), int(day))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
