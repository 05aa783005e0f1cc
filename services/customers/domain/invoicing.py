"""Invoices being issued, changed and voided."""

from services.customers.domain import invoice as invoices
from services.customers.domain.account import Account
from services.customers.domain.change import Change
from services.customers.domain.customer import Customer
from services.customers.domain.invoice import AskedInvoice, AskedVoid, Invoice, invoice_asked
from services.customers.domain.terms import Terms
from shared.basics.errors import Conflict, Missing


def issue(account: Account, asked: AskedInvoice, owner: Customer, terms: Terms) -> Change | None:
    """Enter a new invoice, which waiting credit pays at once, or what may change of one."""
    stored = account.invoices.get(asked.invoice_id)
    wanted = invoice_asked(asked, owner.currency, stored)
    if wanted == stored:
        return None
    if stored is not None:
        invoices.check_identity(stored, wanted)
    invoices.check_content(asked, terms)
    seq = account.next_seq()
    event = "invoice.issued" if stored is None else "invoice.changed"
    return Change(event, wanted, seq, stored is None, account.take_invoice(wanted, seq))


def void(account: Account, asked: AskedVoid, terms: Terms) -> Change | None:
    """Take an invoice out of the books: what paid it waits again, or pays others.

    Raises
    ------
    Missing
        ``unknown_customer`` or ``unknown_invoice``.
    Conflict
        It is void with another date or reason, or a credit note names it (``invoice_has_credit_notes``).
    BadInput
        ``date_in_future``.
    """
    customer_id = account.owner.customer_id
    stored = account.invoices.get(asked.invoice_id)
    if stored is None:
        raise Missing("unknown_invoice", f"customer {customer_id} has no invoice {asked.invoice_id}")
    if stored.voided_on is not None:
        _check_repeat(stored, asked)
        return None
    voided_on = asked.voided_on or terms.today
    terms.check_day(voided_on, "/voided_on")
    if stored.invoice_id in account.with_credit_note:
        raise Conflict("invoice_has_credit_notes", f"a credit note names invoice {stored.invoice_id}")
    seq = account.next_seq()
    effect = account.take_void(stored.invoice_id, voided_on, asked.reason, seq)
    return Change("invoice.voided", account.invoices[stored.invoice_id], seq, False, effect)


def _check_repeat(stored: Invoice, asked: AskedVoid) -> None:
    """What the repeat leaves out contradicts nothing."""
    said = (asked.voided_on or stored.voided_on, asked.reason or stored.void_reason)
    if said != (stored.voided_on, stored.void_reason):
        raise Conflict("conflict", f"invoice {stored.invoice_id} is void with another date or reason")
