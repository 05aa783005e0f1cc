"""Read credit notes of a customer, with what is left of each."""

from dataclasses import dataclass

from services.customers.domain.credit_note import KeptCreditNote
from services.customers.storage import credit_notes
from services.customers.usecases.finding import find_registered
from shared.basics.errors import Missing
from shared.database.engine import Database


@dataclass(frozen=True)
class ReadCreditNotes:
    """Reads without locking."""

    database: Database

    async def one(self, customer_id: str, credit_note_id: str) -> KeptCreditNote:
        """A credit note and what is left of it.

        Raises
        ------
        Missing
            There is no such customer, or it has no such credit note.
        Gone
            The customer was erased.
        """
        async with self.database.transaction() as connection:
            await find_registered(connection, customer_id)
            found = await credit_notes.named_credit_notes(connection, [(customer_id, credit_note_id)])
        if not found:
            raise Missing("unknown_credit_note", f"customer {customer_id} has no credit note {credit_note_id}")
        return found[0]

    async def page(self, customer_id: str, after: str, limit: int) -> list[KeptCreditNote]:
        """Credit notes in order of id, at most ``limit`` after the id ``after``.

        Raises
        ------
        Missing
            There is no such customer.
        Gone
            The customer was erased.
        """
        async with self.database.transaction() as connection:
            await find_registered(connection, customer_id)
            return await credit_notes.page_of_credit_notes(connection, customer_id, after, limit)
