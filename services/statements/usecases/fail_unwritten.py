"""Letters that could not be written: each fails by itself, told and seen, and keeps no other waiting.

Called by whoever prepares mails, in that transaction. Without it one customer whose figures a template cannot take
would hold up everyone's mails for ever, since what fails is tried again with those beside it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from services.statements.domain.addresses import Address
from services.statements.domain.sending import Outcome
from services.statements.storage import addresses, deliveries
from services.statements.storage.addresses import NewAddress
from services.statements.usecases.settle_deliveries import settle_deliveries
from shared.database.engine import Transaction

log = structlog.get_logger(__name__)

_NOT_WRITTEN = Outcome("failed", "not_written")


Write = Callable[[Sequence[tuple[int, str]]], list[bytes]]
"""The bytes of a letter's mails, one to each (place, address)."""


def try_to_write(delivery_id: str, found: Sequence[Address], write: Write) -> list[NewAddress]:
    """Every address in its place (from 1), the usable ones with their mail; none has one if the letter cannot be
    written."""
    usable = [(n, one.address) for n, one in enumerate(found, start=1) if one.reason is None]
    mails: dict[int, bytes] = {}
    try:
        mails = dict(zip([n for n, _ in usable], write(usable), strict=True))
    except Exception:
        log.exception("letter_not_written", delivery_id=delivery_id)
    return [NewAddress(delivery_id, n, one.address, one.reason, mails.get(n)) for n, one in enumerate(found, start=1)]


async def fail_unwritten(connection: Transaction, entered: Sequence[NewAddress], now: datetime) -> None:
    """Let the addresses fail that are usable and have no mail (``not_written``). ``now`` is business time."""
    unwritten = [one for one in entered if one.reason is None and one.mail is None]
    if unwritten:
        locked = await deliveries.lock(connection, sorted({one.delivery_id for one in unwritten}))
        await addresses.change(connection, [(one.delivery_id, one.n, _NOT_WRITTEN) for one in unwritten])
        await settle_deliveries(connection, locked, now)
