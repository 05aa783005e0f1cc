"""Messages that an alert asks for: one mail, its texts as written, to the customer it was raised for.

Source: meaning.md 31.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.statements.domain.addresses import NoMailReason
from services.statements.domain.facts import Customer
from services.statements.domain.skipping import SkipReason

SENT_WITHIN = timedelta(hours=24)
"""Business time from the alert on: a message that comes later than that speaks of a state long gone."""

_USUAL = "es"


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is to be sent for an alert; texts by language. ``traceparent``: of the event that told it."""

    alert_id: str
    alert_rule: str
    customer_id: str
    as_of: date
    raised_at: datetime
    subject: Mapping[str, str]
    body: Mapping[str, str]
    traceparent: str | None = None


def words_for(texts: Mapping[str, str], locale: str) -> str:
    """The text in the language of a locale (``es-CO``), else in Spanish, else in whichever there is."""
    language = locale.partition("-")[0]
    return texts.get(language) or texts.get(_USUAL) or next(iter(texts.values()), "")


def why_no_message(
    customer: Customer | None, as_of: date, no_mail: NoMailReason | None, *, is_behind: bool, is_too_late: bool
) -> SkipReason | None:
    """The first reason not to send, None to send; ``customer`` is None while nothing is known of it."""
    if customer is None:
        return "ledger_behind"
    if customer.erased:
        return "erased"
    paused_until = customer.do_not_contact_until
    reasons: list[tuple[bool, SkipReason | None]] = [
        (customer.archived, "left_audience"),
        (paused_until is not None and paused_until >= as_of, "paused"),
        (no_mail is not None, no_mail),
        (is_behind, "ledger_behind"),
        (is_too_late, "too_late"),
    ]
    return next((reason for applies, reason in reasons if applies), None)
