"""Customers: persons and companies, and what becomes of a customer when its caller writes it.

Identified by the caller's own id and by the document, never by name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from services.customers.domain.terms import Terms
from services.customers.domain.variable import Variable
from services.customers.domain.variable_values import Value, load

_SEPARATORS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Document:
    """An identity document. ``country`` is where it was issued."""

    type: str
    number: str
    country: str | None = None

    def key(self, home: str | None) -> str:
        """What no two customers share: type and number without case and separators, within a country.

        A document of no country is of ``home``, the deployment's; only foreign ones name theirs.
        """
        country = plain(self.country or "")
        abroad = f"{country}:" if country not in ("", home) else ""
        return f"{abroad}{plain(self.type)}:{plain(self.number)}"


def plain(number: str) -> str:
    """A document's type or number as it is compared (``900.123.456-7`` → ``9001234567``)."""
    return _SEPARATORS.sub("", number).upper()


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What callers say of a customer and is kept as it was said. ``emails`` are further recipients."""

    type: Literal["person", "company"]
    name: str
    email: str | None = None
    emails: tuple[str, ...] = ()
    phone: str | None = None
    document: Document | None = None
    language: str | None = None
    time_zone: str | None = None
    country: str | None = None
    portfolio: str | None = None
    client_type: str | None = None
    risk_score: float | int | None = None
    do_not_contact_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A customer as it is. ``currency`` is the billing currency.

    Of an erased customer nothing personal is left, and nothing more may happen to it.
    """

    customer_id: str
    particulars: Particulars
    currency: str
    registered_on: date
    variables: Mapping[str, Value] = field(default_factory=dict)
    archived: bool = False
    erased_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class AskedCustomer:
    """A customer as a body asks for it: what was left out is None, variables are not checked yet."""

    customer_id: str
    particulars: Particulars
    currency: str | None = None
    registered_on: date | None = None
    variables: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class AskedArchiving:
    """A customer is to be archived, or taken out of the archive."""

    customer_id: str
    archived: bool


def customer_asked(
    asked: AskedCustomer, stored: Customer | None, declared: Mapping[str, Variable], terms: Terms
) -> Customer:
    """The customer that a write leads to; ``registered_on``, left out, and the archive stay what they were.

    A currency that is stored already was judged when it came: it stays when the deployment's currencies change.

    Raises
    ------
    BadInput
        ``unknown_currency``, ``date_in_future``, or a variable's mistake.
    """
    currency = asked.currency or terms.currencies[0]
    if stored is None or currency != stored.currency:
        terms.check_currency(currency, "/currency")
    registered_on = asked.registered_on or (stored.registered_on if stored else terms.today)
    terms.check_day(registered_on, "/registered_on")
    return Customer(
        customer_id=asked.customer_id,
        particulars=asked.particulars,
        currency=currency,
        registered_on=registered_on,
        variables=load(asked.variables, declared, stored.variables if stored else {}, currency, terms),
        archived=stored is not None and stored.archived,
    )
