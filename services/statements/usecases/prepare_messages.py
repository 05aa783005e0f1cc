"""Prepare messages of alerts: read each customer, then skip its message with its reason or write its mail.

From there on they are sent as statements are (``send_mails``): one ledger, one way of telling what became of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from services.statements.domain.addresses import Address, addresses_of, fingerprints_of, why_none
from services.statements.domain.facts import Account
from services.statements.domain.holding import HELD_AT_MOST
from services.statements.domain.messages import why_no_message, words_for
from services.statements.domain.speech import locale_of
from services.statements.outbound.letter import Note, Sending
from services.statements.storage import addresses, ledger, messages, preparing, segments, suppressions
from services.statements.storage.addresses import NewAddress
from services.statements.storage.messages import UnpreparedMessage
from services.statements.storage.preparing import Prepared
from services.statements.usecases.fail_unwritten import fail_unwritten, try_to_write
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock

_AT_ONCE = 20

WriteNotes = Callable[[Note, Sending, Sequence[tuple[int, str]]], list[bytes]]
"""The bytes of a note's mails, one to each (place, address)."""


@dataclass(frozen=True)
class PrepareMessages:
    """A few messages a step, their rows locked."""

    database: Database
    clock: Clock
    write_notes: WriteNotes

    async def __call__(self) -> bool:
        """Prepare the next messages; whether there were any."""
        async with self.database.transaction() as connection:
            claimed = await messages.claim_unprepared(connection, _AT_ONCE, HELD_AT_MOST)
            if not claimed:
                return False
            accounts = await ledger.accounts(connection, [one.customer_id for one in claimed])
            found = await _addresses(connection, accounts)
            prepared = [self._prepare(one, accounts.get(one.customer_id), found) for one in claimed]
            await preparing.keep_prepared(connection, [one for one, _ in prepared])
            entered = [entry for _, entries in prepared for entry in entries]
            await addresses.enter(connection, entered)
            await fail_unwritten(connection, entered, self.clock.now())
        return True

    def _prepare(
        self, message: UnpreparedMessage, account: Account | None, addresses_of_all: Mapping[str, list[Address]]
    ) -> tuple[Prepared, list[NewAddress]]:
        customer = account.customer if account else None
        found = addresses_of_all.get(message.customer_id, [])
        reason = why_no_message(
            customer,
            message.as_of_date,
            why_none(found),
            is_behind=message.is_behind,
            is_too_late=self.clock.now() > message.window_ends_at,
        )
        if reason or customer is None:
            return _prepared(message, "skipped", reason, None), []
        locale = locale_of(customer)
        return _prepared(message, "planned", None, locale), self._mails(message, locale, found)

    def _mails(self, message: UnpreparedMessage, locale: str, found: Sequence[Address]) -> list[NewAddress]:
        note = Note(locale, words_for(message.subject, locale), words_for(message.body, locale))
        sending = Sending(message.delivery_id, message.rule_id, message.period)
        return try_to_write(message.delivery_id, found, partial(self.write_notes, note, sending))


async def _addresses(connection: Transaction, accounts: Mapping[str, Account]) -> dict[str, list[Address]]:
    """Where each customer can be written to."""
    given = {one for account in accounts.values() for one in fingerprints_of(account.customer)}
    suppressed = await suppressions.suppressed(connection, given)
    placeholders = (await segments.published(connection)).placeholders
    return {owner: addresses_of(account.customer, suppressed, placeholders) for owner, account in accounts.items()}


def _prepared(message: UnpreparedMessage, state: str, reason: str | None, locale: str | None) -> Prepared:
    return Prepared(
        delivery_id=message.delivery_id, state=state, reason=reason, locale=locale, totals=(), statement=None
    )
