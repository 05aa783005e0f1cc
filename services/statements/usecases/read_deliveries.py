"""Read deliveries: what became of each address, and exactly what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.statements.outbound.mail import Mail, read_mail
from services.statements.storage import addresses, deliveries
from services.statements.storage.addresses import AddressRow
from services.statements.storage.attempts import Attempt, read_attempts
from services.statements.storage.deliveries import Delivery
from shared.basics.errors import Missing
from shared.database.engine import Database, Transaction


@dataclass(frozen=True)
class DeliveryView:
    """A delivery with its addresses, each with its attempts."""

    delivery: Delivery
    addresses: list[tuple[AddressRow, list[Attempt]]]


@dataclass(frozen=True)
class SentContent:
    """What was sent: the mails (alike but for the address), and the figures in them, if they are of a statement."""

    mails: list[Mail]
    statement: dict[str, Any] | None

    def file(self, content_type: str) -> bytes:
        """The attachment of a kind.

        Raises
        ------
        Missing
            The mail had none (``no_part``).
        """
        files = self.mails[0].attachments
        found = next((file.bytes for file in files if file.content_type == content_type), None)
        if found is None:
            raise Missing("no_part", f"the mail had no {content_type}")
        return found


@dataclass(frozen=True)
class ReadDeliveries:
    """Reads without locking."""

    database: Database

    async def one(self, delivery_id: str) -> DeliveryView:
        """A delivery.

        Raises
        ------
        Missing
            There is none.
        """
        async with self.database.transaction() as connection:
            [view] = await views_of(connection, [await _known(connection, delivery_id)])
        return view

    async def content(self, delivery_id: str) -> SentContent:
        """What was sent.

        Raises
        ------
        Missing
            There is no such delivery, or nothing was written for it, or it is kept no more.
        """
        async with self.database.transaction() as connection:
            await _known(connection, delivery_id)
            mails = [read_mail(mail) for mail in await addresses.mails(connection, delivery_id)]
            statement = await deliveries.statement(connection, delivery_id)
        if not mails:
            raise Missing("no_content", "nothing was written for this delivery, or it is kept no more")
        return SentContent(mails, statement)


def unknown_delivery(delivery_id: str) -> Missing:
    """There is no such delivery."""
    return Missing("unknown_delivery", f"there is no delivery {delivery_id!r}")


async def _known(connection: Transaction, delivery_id: str) -> Delivery:
    delivery = await deliveries.find(connection, delivery_id)
    if delivery is None:
        raise unknown_delivery(delivery_id)
    return delivery


async def views_of(connection: Transaction, found: Sequence[Delivery]) -> list[DeliveryView]:
    """Deliveries with all that is known of their addresses."""
    ids = [delivery.delivery_id for delivery in found]
    views = {delivery.delivery_id: DeliveryView(delivery, []) for delivery in found}
    attempts: dict[tuple[str, int], list[Attempt]] = {}
    for attempt in await read_attempts(connection, ids):
        attempts.setdefault((attempt.delivery_id, attempt.n), []).append(attempt)
    for row in await addresses.read(connection, ids):
        views[row.delivery_id].addresses.append((row, attempts.get((row.delivery_id, row.n), [])))
    return list(views.values())
