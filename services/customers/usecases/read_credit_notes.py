"""Read credit notes of a customer, with what is left of each."""

from dataclasses import dataclass

from services.customers.domain.credit_note import KeptCreditNote
from services.customers.storage import credit_notes, customers
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
            The customer has no such credit note.
        """
        async with self.database.transaction() as connection:
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
        """
        async with self.database.transaction() as connection:
            if await customers.find_customer(connection, customer_id) is None:
                raise Missing("unknown_customer", f"there is no customer {customer_id}")
            return await credit_notes.page_of_credit_notes(connection, customer_id, after, limit)
