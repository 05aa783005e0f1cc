"""A letter in words: what HTML, text and PDF lay out, each in its way. Made by ``showing``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.statements.outbound.languages.phrases import Phrases


@dataclass(frozen=True, slots=True)
class ShownLine:
    """An invoice; ``tone`` is good, quiet or late."""

    number: str
    issued_on: str
    due_on: str
    amount: str
    balance: str
    due_words: str
    amount_words: str
    status: str
    tone: str
    disputed: bool


@dataclass(frozen=True, slots=True)
class ShownMovement:
    """What moved the balance; ``on`` is empty for several things in one."""

    on: str
    what: str
    amount: str


@dataclass(frozen=True, slots=True)
class ShownAge:
    """What is open in a bucket."""

    name: str
    amount: str
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCurrency:
    """One currency; ``opening`` and ``closing`` are None in overdue statements, ``overdue`` and ``credit`` if zero.

    HTML and text show the first lines, and of the movements what is ``listed``; notes say that there are more.
    """

    code: str
    is_owed: bool
    total: str
    overdue: str | None
    credit: str | None
    lines: Sequence[ShownLine]
    lines_note: str | None
    opening: str | None
    movements: Sequence[ShownMovement]
    listed: Sequence[ShownMovement]
    listed_note: str | None
    closing: str | None
    aging: Sequence[ShownAge]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A whole letter, everything in words."""

    phrases: Phrases
    lang: str
    region: str
    as_of_date: date
    company: str
    customer_id: str
    customer_name: str
    title: str
    subject: str
    hello: str
    about: str
    is_full: bool
    is_overdue: bool
    is_owed: bool
    movements_title: str | None
    currencies: Sequence[ShownCurrency]
    payment_link: str | None
    reply_to: str | None
    lines_file: str | None
    """The file with all lines, if there are too many to be shown."""
    pdf_file: str
