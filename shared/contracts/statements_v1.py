"""``statements.v1``: what became of each statement, and of the addresses it went to.

Key: the customer's id. The topic carries state: the highest (``ce_epoch``, ``ce_sequence``) of a customer wins.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from shared.contracts.values import Money

TOPIC = "statements.v1"


class StatementOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """``statement.sent`` (accepted by the gateway), ``statement.failed``; ``reason`` says why it failed."""

    customer_id: str
    delivery_id: str
    rule_id: str
    period: str
    as_of_date: date
    totals: list[Money]
    reason: str | None = None


class ContactBounced(msgspec.Struct, frozen=True, kw_only=True):
    """``contact.bounced`` (a hard bounce), ``contact.complained``, ``contact.restored``: what mails to an address meet.

    The address is told as the hex SHA-256 of it trimmed and lower-cased.
    """

    customer_id: str
    channel: Literal["email"]
    address_sha256: str
    delivery_id: str
    at: datetime


EVENTS: dict[str, type[msgspec.Struct]] = {
    "statement.sent": StatementOutcome,
    "statement.failed": StatementOutcome,
    "contact.bounced": ContactBounced,
    "contact.complained": ContactBounced,
    "contact.restored": ContactBounced,
}
"""The payload of each event type; others are ignored by hearers."""
