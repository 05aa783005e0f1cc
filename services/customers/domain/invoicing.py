"""Invoices being issued and changed."""

from services.customers.domain import invoice as invoices
from services.customers.domain.account import Account
from services.customers.domain.change import Change
from services.customers.domain.customer import Customer
from services.customers.domain.invoice import AskedInvoice, invoice_asked
from services.customers.domain.terms import Terms


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
