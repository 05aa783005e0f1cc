"""Letters as tests read them: a bakery that owes in two currencies, someone in credit, someone with many invoices."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from services.statements.domain.facts import (
    Account,
    Application,
    CreditNote,
    Customer,
    Dispute,
    Invoice,
    Payment,
    Refund,
    Terms,
    Void,
)
from services.statements.domain.rule import Content
from services.statements.domain.speech import locale_of
from services.statements.domain.statement import state
from services.statements.outbound.letter import Letter, Letterhead, Logo
from services.statements.outbound.rendering import Rendered, render
from services.statements.outbound.showing import show
from shared.basics.money import Money

TODAY = date(2026, 3, 12)
FULL = Content(type="full", paid_within_days=90)
OVERDUE = Content(type="overdue", min_days_overdue=10)
HEAD = Letterhead(
    company="Comercial Andina",
    colour="#1f4e79",
    sender="Cartera <cartera@andina.demo>",
    reply_to="cartera@andina.demo",
    payment_link="https://pagos.andina.demo/{customer_id}",
)
LOGO = Logo(
    "logo.png",
    "image/png",
    bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
        "a5f645400000000049454e44ae426082"
    ),
)
"""One pixel."""


def money(amount: str, currency: str = "COP") -> Money:
    return Money(Decimal(amount), currency)


def invoice(
    number: str,
    due_on: date,
    amount: str,
    left: str = "0",
    *,
    issued_on: date = date(2026, 1, 5),
    settled_on: date | None = None,
    currency: str = "COP",
    void: Void | None = None,
) -> Invoice:
    terms = Terms(number, number, issued_on, due_on, money(amount, currency), 0, due_on)
    return Invoice(terms, Decimal(left), settled_on, void)


def applied(kind: Any, credit_id: str, invoice_id: str, amount: str, on: date) -> Application:
    return Application(kind, credit_id, invoice_id, money(amount), on)


BAKERY = Account(
    "cli-1",
    Customer(type="company", name="Panadería La Espiga S.A.S."),
    invoices=[
        invoice("FV-10231", date(2026, 2, 4), "1350000.50", "200000.50"),
        invoice("FV-10298", date(2026, 2, 19), "820000", settled_on=date(2026, 2, 20)),
        invoice("FV-10377", date(2026, 3, 27), "1790000", "1790000", issued_on=date(2026, 2, 25)),
        invoice("FV-10380", date(2026, 3, 27), "90000", void=Void("FV-10380", date(2026, 3, 2), 0)),
        invoice("EXP-7", date(2026, 2, 28), "1250", "1250", currency="USD"),
    ],
    payments=[
        Payment("PSE-88120", money("1100000"), date(2026, 2, 10), 0),
        Payment("PSE-88177", money("900000"), date(2026, 2, 20), 0),
    ],
    refunds=[Refund("PSE-88177", "DEV-4", money("80000"), date(2026, 2, 27), 0)],
    credit_notes=[CreditNote("NC-31", "credit", money("50000"), date(2026, 2, 12), "FV-10231", 0)],
    disputes=[Dispute("d", "FV-10231", date(2026, 3, 1), None)],
    applications=[
        applied("payment", "PSE-88120", "FV-10231", "1100000", date(2026, 2, 10)),
        applied("credit_note", "NC-31", "FV-10231", "50000", date(2026, 2, 12)),
        applied("payment", "PSE-88177", "FV-10298", "820000", date(2026, 2, 20)),
    ],
)
IN_CREDIT = Account(
    "cli-2",
    Customer(type="person", name="Ana María Restrepo"),
    invoices=[invoice("FV-1", date(2026, 2, 4), "50000", settled_on=date(2026, 2, 1))],
    payments=[Payment("PSE-1", money("80000"), date(2026, 2, 1), 0)],
    applications=[applied("payment", "PSE-1", "FV-1", "50000", date(2026, 2, 1))],
)
MANY = Account(
    "cli-9",
    Customer(type="person", name="Ana María Restrepo"),
    invoices=[invoice(f"F-{number:03}", date(2026, 2, 1), "10000", "10000") for number in range(130)],
)


def speaking(account: Account, language: str) -> Account:
    """The same account of someone who speaks another language."""
    return replace(account, customer=replace(account.customer, language=language))


def letter(account: Account, content: Content, *, with_pdf: bool = True) -> Letter:
    return Letter(
        customer_id=account.customer_id,
        customer=account.customer,
        locale=locale_of(account.customer),
        statement=state(account, content, TODAY, (30, 60, 90)),
        with_pdf=with_pdf,
    )


def written(account: Account, content: Content, head: Letterhead = HEAD) -> Rendered:
    return render(show(letter(account, content), head), head)
