"""What a mail is written from: whose it is, and the figures it shows."""

from dataclasses import dataclass

from services.statements.domain.facts import Customer
from services.statements.domain.statement import Statement


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One customer's statement, to be written for people; ``with_pdf``: its mail brings it as a PDF as well."""

    customer_id: str
    customer: Customer
    locale: str
    statement: Statement
    with_pdf: bool


@dataclass(frozen=True)
class Note:
    """A few words to a customer, as someone wrote them."""

    locale: str
    subject: str
    body: str


@dataclass(frozen=True)
class Sending:
    """What a mail carries beside its letter, so that it can be found in the send ledger."""

    delivery_id: str
    rule_id: str
    period: str


@dataclass(frozen=True)
class Logo:
    """An image that mail clients and PDF show: PNG, JPEG or GIF."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """The company as its mails show it. ``payment_link`` may hold ``{customer_id}``; ``colour`` is ``#rrggbb``."""

    company: str
    colour: str
    sender: str
    reply_to: str | None
    payment_link: str | None
    logo: Logo | None = None
