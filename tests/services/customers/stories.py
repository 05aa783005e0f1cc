"""Random histories of a customer's money, and each of their steps as HTTP and batches say it."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.services.customers.oracle import Issue, Note, Pay, Refund, Step, Void, day

AMOUNTS = [Decimal(text) for text in ("0.0001", "1", "10.5", "40", "99.9999", "100", "250")]
PARTS = [Decimal(text) for text in ("0.0001", "1", "10.5", "40")]
CURRENCIES = ["COP", "COP", "COP", "USD"]
INVOICES = ["f1", "f2", "F3", "f-4", "f5"]
PAYMENTS = ["p1", "p2", "P3", "p-4"]
NOTES = ["n1", "p2", "N3", "n4"]
REFUNDS = ["r1", "R2", "r3"]
KINDS = ["issue", "issue", "pay", "pay", "note", "note", "refund", "refund", "void", "again"]


def _story(random: Random) -> list[Step]:
    """Facts in any order, mostly about what was sent before; some said again, some invoices due on another day."""
    story: list[Step] = []
    beginning = random.choice([["pay", "pay", "issue"], ["issue", "issue", "pay"], ["issue", "pay"]])
    for kind in [*beginning, *random.choices(KINDS, k=random.randint(6, 20))]:
        story.append(_next(random, kind, story))
    return story


stories = st.builds(_story, st.randoms(use_true_random=True))
"""Evenly random: drawn step by step, hypothesis would hardly come to refunds and voids that move anything."""


def _next(random: Random, kind: str, story: list[Step]) -> Step:
    issued = {step.invoice: step.currency for step in story if isinstance(step, Issue)} or {"f9": "COP"}
    paid = [step.payment for step in story if isinstance(step, Pay)] or ["p9"]
    invoice, amount, on = random.choice(list(issued)), random.choice(AMOUNTS), random.randint(0, 40)
    match kind:
        case "issue":
            owed = random.choice([amount, amount, amount, Decimal(0)])
            return Issue(_fresh(random, INVOICES, issued), random.choice(CURRENCIES), owed, random.randint(0, 40), on)
        case "pay":
            wishes = tuple((invoice, random.choice(PARTS)) for _ in range(random.choice([0, 0, 0, 1, 2])))
            currency = random.choice([issued[invoice], *CURRENCIES])
            return Pay(_fresh(random, PAYMENTS, paid), currency, amount, on, random.random() < 0.8, wishes)
        case "note":
            named = random.choice([None, invoice, invoice])
            currency = random.choice([issued[invoice], issued[invoice], *CURRENCIES])
            note_kind = random.choice(["credit", "write_off"])
            return Note(random.choice(NOTES), note_kind, currency, random.choice(PARTS), on, named)
        case "refund":
            part = random.choice([None, *PARTS])
            return Refund(random.choice(paid), random.choice(REFUNDS), part, random.choice([None, on]))
        case "void":
            return Void(invoice, random.choice([None, on]))
        case _:
            again = random.choice(story)
            return replace(again, due=on) if isinstance(again, Issue) else again


def _fresh(random: Random, names: list[str], used: Collection[str]) -> str:
    """Mostly a name that was not said yet."""
    return random.choice([name for name in names if name not in used or random.random() < 0.1] or names)


def path_of(step: Step) -> str:
    """Where the step is sent to, below its customer."""
    match step:
        case Issue():
            return f"invoices/{step.invoice}"
        case Pay():
            return f"payments/{step.payment}"
        case Note():
            return f"credit-notes/{step.note}"
        case Refund():
            return f"payments/{step.payment}/refunds/{step.refund}"
        case Void():
            return f"invoices/{step.invoice}/void"


def body_of(step: Step) -> dict[str, Any]:
    """The step as a body; what it leaves to the default is left out."""
    match step:
        case Issue():
            return {"amount": _money(step), "issued_on": str(day(step.issued)), "due_on": str(day(step.due))}
        case Pay():
            return {
                "status": "succeeded" if step.succeeded else "failed",
                "amount": _money(step),
                "occurred_at": f"{day(step.paid)}T17:00:00Z",
                "allocations": [{"invoice_id": invoice, "amount": str(part)} for invoice, part in step.wishes],
            }
        case Note():
            named = {"invoice_id": step.invoice} if step.invoice else {}
            return {"kind": step.kind, "amount": _money(step), "issued_on": str(day(step.issued)), **named}
        case Refund():
            amount = {} if step.amount is None else {"amount": str(step.amount)}
            return amount | ({} if step.on is None else {"refunded_on": str(day(step.on))})
        case Void():
            return {} if step.on is None else {"voided_on": str(day(step.on))}


def line_of(customer: str, step: Step) -> dict[str, Any]:
    """The step as a line of a batch, which knows no voids."""
    body = body_of(step)
    match step:
        case Issue():
            names = {"kind": "invoice", "id": step.invoice}
        case Pay():
            names = {"kind": "payment", "id": step.payment}
        case Note():
            names = {"kind": "credit_note" if body.pop("kind") == "credit" else "write_off", "id": step.note}
        case Refund():
            names = {"kind": "refund", "id": step.refund, "payment_id": step.payment}
        case Void():
            raise ValueError("no line voids an invoice")
    return {**names, "customer_id": customer, **body}


def _money(step: Issue | Pay | Note) -> dict[str, str]:
    return {"amount": str(step.amount), "currency": step.currency}
