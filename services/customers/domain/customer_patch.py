"""A part of a customer, written by itself: a CRM and a scoring system each send their own.

The rules are those of a JSON merge patch (RFC 7396): what is given replaces, null clears, what is not given stays;
``document`` and ``variables`` are merged key by key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.customers.domain.customer import Customer, Document
from services.customers.domain.terms import Terms
from services.customers.domain.variable import Variable
from services.customers.domain.variable_values import Value, load
from shared.basics.errors import mistake


@dataclass(frozen=True, kw_only=True)
class AskedPatch:
    """``said``: exactly the fields that were given, in the words of ``Customer`` and ``Particulars``.

    ``document`` and ``variables`` are mappings of what to change in them, or None to clear them.
    """

    customer_id: str
    said: Mapping[str, Any]

    @property
    def variables(self) -> Mapping[str, object]:
        """The values to load; None unloads one."""
        return self.said.get("variables") or {}


def patched(asked: AskedPatch, stored: Customer, declared: Mapping[str, Variable], terms: Terms) -> Customer:
    """The customer that a patch leads to. A cleared currency is the default again; ``registered_on`` cannot be cleared.

    Raises
    ------
    BadInput
        ``required``, ``unknown_currency``, ``date_in_future``, or a variable's mistake.
    """
    said = dict(asked.said)
    currency = stored.currency
    if "currency" in said:
        currency = said.pop("currency") or terms.currencies[0]
        if currency != stored.currency:
            terms.check_currency(currency, "/currency")
    registered_on = said.pop("registered_on", None) or stored.registered_on
    terms.check_day(registered_on, "/registered_on")
    if "document" in said:
        said["document"] = _document(stored.particulars.document, said["document"])
    unloads_all = said.pop("variables", {}) is None
    kept = {} if unloads_all else stored.variables
    return replace(
        stored,
        currency=currency,
        registered_on=registered_on,
        particulars=replace(stored.particulars, **said),
        variables=_variables(kept, asked.variables, declared, currency, terms),
    )


def _document(stored: Document | None, said: Mapping[str, str | None] | None) -> Document | None:
    if said is None:
        return None
    known = {"type": stored.type, "number": stored.number, "country": stored.country} if stored else {}
    merged = {**known, **said}
    kind, number = merged.get("type"), merged.get("number")
    if kind is None:
        raise mistake("/document/type", "required", "a document has a type")
    if number is None:
        raise mistake("/document/number", "required", "a document has a number")
    return Document(kind, number, merged.get("country"))


def _variables(
    kept: Mapping[str, Value],
    said: Mapping[str, object],
    declared: Mapping[str, Variable],
    currency: str,
    terms: Terms,
) -> dict[str, Value]:
    loaded = load(said, declared, kept, currency, terms)
    return {key: value for key, value in kept.items() if key not in said} | loaded
