"""The real sets of ``shared/data`` as an integrator would send them: batch lines, row by row, nothing mended.

What the contract cannot hold is sent all the same: the product must name it.
"""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.journeys.real_sets import DATA

Line = dict[str, Any]


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, packed or not."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def edgered() -> Iterator[Line]:
    """Contract repayments, each attempt as it happened."""
    rows = rows_of(DATA / "edgered-payments" / "payments.csv")
    yield from _customers({f"eg-{row['client_id']}" for row in rows}, "AUD", "company")
    for row in rows:
        yield {
            **_fact("payment", f"eg-{row['client_id']}", row["transaction_id"]),
            "status": {"PAYMENT": "succeeded", "DEFAULT": "failed"}[row["payment_code"]],
            "amount": row["payment_amt"],
            "occurred_at": datetime.fromtimestamp(int(row["transaction_date"]), UTC).isoformat(),
        }


def ibm() -> Iterator[Line]:
    """Invoices, each with the payment that settled it."""
    rows = rows_of(DATA / "ibm-ar" / "WA_Fn-UseC_-Accounts-Receivable.csv")
    yield from _customers({f"ibm-{row['customerID']}" for row in rows}, "USD", "company")
    for row in rows:
        customer, number = f"ibm-{row['customerID']}", row["invoiceNumber"]
        yield {
            **_fact("invoice", customer, number),
            "issued_on": _american(row["InvoiceDate"]),
            "due_on": _american(row["DueDate"]),
            "amount": row["InvoiceAmount"],
        }
        yield {
            **_paid(customer, number, row["InvoiceAmount"], f"{_american(row['SettledDate'])}T12:00:00-05:00"),
            "allocations": [{"invoice_id": number, "amount": row["InvoiceAmount"]}],
        }


def hosting() -> Iterator[Line]:
    """Invoices of a hosting company: the lines of a number together, due on the earliest of their dates."""
    grouped: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows_of(DATA / "hosting-billing" / "invoice.csv.gz"):
        grouped[row["USERID"], row["INVOICEID"]].append(row)
    yield from _customers({f"h-{user}" for user, _ in grouped}, "USD", "company")
    for (user, number), rows in grouped.items():
        due = [_british(row["DUEDATE"]) for row in rows if row["DUEDATE"]]
        yield {
            **_fact("invoice", f"h-{user}", number),
            **({"issued_on": min(due), "due_on": min(due)} if due else {}),
            "amount": str(sum(Decimal(row["AMOUNT"]) for row in rows)),
            "lines": [{"description": row["DESCRIPTION"], "amount": row["AMOUNT"]} for row in rows],
        }


def fines(every: int) -> Iterator[Line]:
    """Fines with their penalties and payments: of ``every`` so many cases one."""
    cases: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows_of(DATA / "traffic-fines" / "events.csv.gz"):
        cases[row["case"]].append(row)
    for case in sorted(cases)[::every]:
        yield from _customers([f"tf-{case}"], "EUR", "person")
        yield from _fine(f"tf-{case}", cases[case])


def _fine(customer: str, events: Iterable[dict[str, str]]) -> Iterator[Line]:
    owed = Decimal(0)
    for place, row in enumerate(events):
        day = row["time"][:10]
        if row["event"] in ("Create Fine", "Add penalty"):
            amount = Decimal(row["amount"]) - owed
            owed += amount
            yield {**_fact("invoice", customer, f"e{place}"), "issued_on": day, "due_on": day, "amount": str(amount)}
        if row["event"] == "Payment":
            yield _paid(customer, f"e{place}", row["paymentAmount"], row["time"])


def cards(every: int) -> Iterator[Line]:
    """Credit cards: a bill a month, and what was paid in it; of ``every`` so many customers one."""
    for row in rows_of(DATA / "uci-credit-default" / "UCI_Credit_Card.csv.gz")[::every]:
        customer = f"uci-{row['ID']}"
        yield from _customers([customer], "TWD", "person")
        for number in range(1, 7):
            month = f"2005-{10 - number:02}"
            yield {
                **_fact("invoice", customer, f"b{number}"),
                "issued_on": f"{month}-01",
                "due_on": f"{month}-25",
                "amount": _plain(row[f"BILL_AMT{number}"]),
            }
            if Decimal(row[f"PAY_AMT{number}"]):
                yield _paid(customer, f"p{number}", _plain(row[f"PAY_AMT{number}"]), f"{month}-20T12:00:00-05:00")


def _customers(ids: Iterable[str], currency: str, kind: str) -> Iterator[Line]:
    for one in sorted(ids):
        yield {"kind": "customer", "customer_id": one, "type": kind, "name": f"Cliente {one}", "currency": currency}


def _fact(kind: str, customer: str, name: str) -> Line:
    return {"kind": kind, "customer_id": customer, "id": name}


def _paid(customer: str, name: str, amount: str, at: str) -> Line:
    return {**_fact("payment", customer, name), "status": "succeeded", "amount": amount, "occurred_at": at}


def _plain(number: str) -> str:
    """Without the exponent that some round amounts of the file have."""
    return f"{Decimal(number):f}"


def _american(text: str) -> str:
    month, day, year = text.split("/")
    return f"{year}-{month:0>2}-{day:0>2}"


def _british(text: str) -> str:
    day, month, year = text[:10].split("/")
    return f"{year}-{month}-{day}"
