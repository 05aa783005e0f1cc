"""What this service told itself, read back from ``statements.v1``, which knows more than a restored database."""

from collections.abc import AsyncIterator, Sequence
from ssl import SSLContext

from services.statements.storage.restoring import ToldDelivery
from services.statements.storage.suppressions import NewSuppression
from services.statements.usecases.return_from_backup import Told, ToldContact
from shared.basics.money import Money
from shared.contracts.statements_v1 import EVENTS, TOPIC, ContactNews, StatementOutcome
from shared.messaging.batch import Event
from shared.messaging.rereading import reread
from shared.runtime.ids import new_id

_REASONS = {"contact.bounced": "hard_bounce", "contact.complained": "complaint"}


async def read_own_events(bootstrap_servers: str, tls: SSLContext | None) -> AsyncIterator[Sequence[Told]]:
    """Everything told and not forgotten by the broker, batch by batch."""
    async for events in reread(bootstrap_servers, TOPIC, {TOPIC: EVENTS}, tls):
        yield own_events(events)


def own_events(events: Sequence[Event]) -> list[Told]:
    """What events say of deliveries and addresses."""
    return [Told(one.envelope.key, one.position, said) for one in events if (said := _said(one)) is not None]


def _said(event: Event) -> ToldDelivery | ToldContact | None:
    match event.payload:
        case StatementOutcome() as outcome:
            return _delivery(event, outcome)
        case ContactNews() as contact:
            return _contact(event, contact)
        case _:
            return None


def _delivery(event: Event, outcome: StatementOutcome) -> ToldDelivery:
    was_sent = event.envelope.type == "statement.sent"
    return ToldDelivery(
        delivery_id=outcome.delivery_id,
        rule_id=outcome.rule_id,
        period=outcome.period,
        customer_id=outcome.customer_id,
        as_of_date=outcome.as_of_date,
        totals=[Money(one.amount, one.currency) for one in outcome.totals],
        state="accepted" if was_sent else "failed",
        reason=None if was_sent else outcome.reason,
        accepted_at=event.envelope.time if was_sent else None,
    )


def _contact(event: Event, contact: ContactNews) -> ToldContact:
    reason = _REASONS.get(event.envelope.type)
    if reason is None:
        return ToldContact(contact.address_sha256, None)
    suppression = NewSuppression(
        suppression_id=new_id(),
        address_sha256=contact.address_sha256,
        reason=reason,
        since=contact.at,
        customer_id=contact.customer_id,
        delivery_id=contact.delivery_id,
        n=1,
    )
    return ToldContact(contact.address_sha256, suppression)
