"""What one write does to one customer: decided on its account, or refused with nothing changed.

Identity comes before content: a repeat changes nothing and a conflict is one whatever has happened since; only then
is the content judged. Source: meaning.md, *The ledger*, rule 2.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.customers.domain import invoice as invoices
from services.customers.domain import payment as payments
from services.customers.domain.account import Account
from services.customers.domain.customer import AskedCustomer, Customer, customer_asked
from services.customers.domain.invoice import AskedInvoice, Invoice, invoice_asked
from services.customers.domain.payment import AskedPayment, Payment, payment_asked
from services.customers.domain.terms import Terms
from services.customers.domain.variable import Variable
from shared.basics.errors import Conflict
from shared.basics.ledger.values import Effect

Asked = AskedCustomer | AskedInvoice | AskedPayment
Fact = Customer | Invoice | Payment


@dataclass(frozen=True)
class Change:
    """A fact that is new or different, its number in the customer's sequence, and its effect on the ledger."""

    fact: Fact
    seq: int
    is_new: bool
    effect: Effect


@dataclass(frozen=True)
class Surroundings:
    """What a decision knows beside the customer's own account.

    ``document_owners`` says whose each document (by key) is; it is kept up to date while writes are decided.
    """

    terms: Terms
    declared: Mapping[str, Variable]
    document_owners: dict[str, str]


def stored_fact(account: Account, asked: Asked) -> Fact | None:
    """The fact of the same name that is there already."""
    match asked:
        case AskedCustomer():
            return account.customer
        case AskedInvoice():
            return account.invoices.get(asked.invoice_id)
        case AskedPayment():
            return account.payments.get(asked.payment_id)


def decide(account: Account, asked: Asked, around: Surroundings) -> Change | None:
    """Enter what is asked into the account; None when it is there already, just so.

    Raises
    ------
    Missing
        A fact of an unknown customer.
    Conflict
        What is stored under this name differs and cannot change, or the document is another customer's.
    BadInput
        The content cannot be accepted.
    """
    match asked:
        case AskedCustomer():
            return _register(account, asked, around)
        case AskedInvoice():
            return _issue(account, asked, account.owner, around.terms)
        case AskedPayment():
            return _take(account, asked, account.owner, around.terms)


def _register(account: Account, asked: AskedCustomer, around: Surroundings) -> Change | None:
    stored = account.customer
    wanted = customer_asked(asked, stored, around.declared, around.terms)
    if wanted == stored:
        return None
    _claim_document(stored, wanted, around.document_owners)
    account.customer = wanted
    return Change(wanted, account.next_seq(), stored is None, Effect())


def _claim_document(stored: Customer | None, wanted: Customer, owners: dict[str, str]) -> None:
    document = wanted.particulars.document
    if document is not None:
        owner = owners.get(document.key, wanted.customer_id)
        if owner != wanted.customer_id:
            detail = f"document {document.type} {document.number} belongs to customer {owner}"
            raise Conflict("document_in_use", detail, customer_id=owner)
    if stored is not None and stored.particulars.document is not None:
        owners.pop(stored.particulars.document.key, None)
    if document is not None:
        owners[document.key] = wanted.customer_id


def _issue(account: Account, asked: AskedInvoice, owner: Customer, terms: Terms) -> Change | None:
    stored = account.invoices.get(asked.invoice_id)
    wanted = invoice_asked(asked, stored.amount.currency if stored else owner.currency)
    if wanted == stored:
        return None
    if stored is not None:
        invoices.check_identity(stored, wanted)
    invoices.check_content(asked, terms)
    effect = account.take_invoice(wanted)
    return Change(wanted, account.next_seq(), stored is None, effect)


def _take(account: Account, asked: AskedPayment, owner: Customer, terms: Terms) -> Change | None:
    stored = account.payments.get(asked.payment_id)
    if stored is not None:
        _check_repeat(stored, asked)
        return None
    wanted = payment_asked(asked, owner.currency, terms.date_of(asked.occurred_at))
    payments.check_content(asked, wanted, account.book.debts, terms)
    effect = account.take_payment(wanted)
    return Change(wanted, account.next_seq(), True, effect)


def _check_repeat(stored: Payment, asked: AskedPayment) -> None:
    if payment_asked(asked, stored.amount.currency, stored.occurred_on) != stored:
        raise Conflict("conflict", f"payment {stored.payment_id} is there with another body; payments never change")
