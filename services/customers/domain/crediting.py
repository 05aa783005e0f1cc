"""Credit notes being issued."""

from services.customers.domain import credit_note as credit_notes
from services.customers.domain.account import Account
from services.customers.domain.change import Change
from services.customers.domain.credit_note import AskedCreditNote, credit_note_asked
from services.customers.domain.customer import Customer
from services.customers.domain.terms import Terms
from shared.basics.errors import Conflict


def take_credit_note(account: Account, asked: AskedCreditNote, owner: Customer, terms: Terms) -> Change | None:
    """Enter a credit note; it never changes."""
    stored = account.credit_notes.get(asked.credit_note_id)
    if stored is not None:
        if credit_note_asked(asked, stored.amount.currency) != stored:
            detail = f"credit note {stored.credit_note_id} is there with another body; credit notes never change"
            raise Conflict("conflict", detail)
        return None
    wanted = credit_note_asked(asked, owner.currency)
    credit_notes.check_content(asked, wanted, account.book.debts, terms)
    effect = account.take_credit_note(wanted)
    return Change("credit_note.issued", wanted, account.next_seq(), True, effect)
