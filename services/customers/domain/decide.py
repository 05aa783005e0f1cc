"""What one write does to one customer: decided on its account, or refused with nothing changed.

Identity comes before content: a repeat changes nothing and a conflict is one whatever has happened since; only then
is the content judged. Source: meaning.md, *The ledger*, rule 2.
"""

from services.customers.domain.account import Account
from services.customers.domain.change import Asked, Change, Fact, Surroundings
from services.customers.domain.credit_note import AskedCreditNote
from services.customers.domain.crediting import take_credit_note
from services.customers.domain.customer import AskedArchiving, AskedCustomer
from services.customers.domain.customer_patch import AskedPatch
from services.customers.domain.dispute import Dispute
from services.customers.domain.invoice import AskedInvoice, AskedVoid
from services.customers.domain.invoicing import issue, void
from services.customers.domain.noting import note, noted
from services.customers.domain.paying import refund, take_payment
from services.customers.domain.payment import AskedPayment
from services.customers.domain.promise import AskedPromise
from services.customers.domain.refund import AskedRefund
from services.customers.domain.registering import write_customer
from services.customers.domain.subscription import AskedSubscription


def stored_fact(account: Account, asked: Asked) -> Fact | None:
    """The fact of the same name that is there already; raises ``Missing`` and ``Gone`` as ``decide`` does."""
    if isinstance(asked, AskedCustomer):
        return account.registered
    owner = account.owner
    match asked:
        case AskedPatch() | AskedArchiving():
            return owner
        case AskedInvoice() | AskedVoid():
            return account.invoices.get(asked.invoice_id)
        case AskedCreditNote():
            return account.credit_notes.get(asked.credit_note_id)
        case AskedPayment():
            return account.payments.get(asked.payment_id)
        case AskedRefund():
            return account.refunds.get((asked.payment_id, asked.refund_id))
        case AskedSubscription() | Dispute() | AskedPromise():
            return noted(account, asked)


def decide(account: Account, asked: Asked, around: Surroundings) -> Change | None:
    """Enter what is asked into the account; None when it is there already, just so.

    Raises
    ------
    Missing
        A fact of an unknown customer, a void of an unknown invoice, a refund of an unknown payment.
    Gone
        The customer was erased.
    Conflict
        What is stored under this name differs and cannot change, or the document is another customer's.
    BadInput
        The content cannot be accepted.
    """
    match asked:
        case AskedCustomer() | AskedPatch() | AskedArchiving():
            return write_customer(account, asked, around)
        case AskedInvoice():
            return issue(account, asked, account.owner, around.terms)
        case AskedVoid():
            return void(account, asked, around.terms)
        case AskedCreditNote():
            return take_credit_note(account, asked, account.owner, around.terms)
        case AskedPayment():
            return take_payment(account, asked, account.owner, around.terms)
        case AskedRefund():
            return refund(account, asked, around.terms)
        case AskedSubscription() | Dispute() | AskedPromise():
            return note(account, asked, around.terms)
