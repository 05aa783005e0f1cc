"""Accounts out of the tables: what a group of writes needs, in a few queries whatever their number."""

from collections.abc import Iterable, Sequence

from services.customers.domain.account import Account, Accounts
from services.customers.domain.change import Asked
from services.customers.domain.customer import AskedCustomer
from services.customers.domain.invoice import AskedInvoice
from services.customers.domain.payment import AskedPayment
from services.customers.storage import customers, invoices, payments
from shared.database.engine import Transaction


async def lock_accounts(connection: Transaction, asked: Sequence[Asked]) -> dict[str, Account]:
    """The account of every customer named, locked till the transaction ends; unknown customers get an empty one.

    By the ledger's own rule a currency has open invoices or waiting credit, never both: an invoice can only meet
    waiting credit, a payment only open invoices.
    """
    accounts = {one.customer_id: Account(one.customer_id) for one in asked}
    for customer, seq in await customers.lock_customers(connection, accounts):
        account = accounts[customer.customer_id]
        account.customer, account.seq = customer, seq
    await _load_invoices(connection, accounts, asked)
    await _load_payments(connection, accounts, asked)
    return accounts


async def _load_invoices(connection: Transaction, accounts: Accounts, asked: Sequence[Asked]) -> None:
    names = {name for one in asked for name in _named_invoices(one)}
    for kept in await invoices.named_invoices(connection, names):
        accounts[kept.invoice.customer_id].hold_invoice(kept)
    paying = {one.customer_id for one in asked if isinstance(one, AskedPayment) and one.status == "succeeded"}
    for customer_id, debt in await invoices.open_debts(connection, paying):
        accounts[customer_id].book.debts[debt.invoice_id] = debt


def _named_invoices(asked: Asked) -> Iterable[tuple[str, str]]:
    if isinstance(asked, AskedInvoice):
        return [(asked.customer_id, asked.invoice_id)]
    if isinstance(asked, AskedPayment):
        return [(asked.customer_id, one.invoice_id) for one in asked.allocations]
    return []


async def _load_payments(connection: Transaction, accounts: Accounts, asked: Sequence[Asked]) -> None:
    names = {(one.customer_id, one.payment_id) for one in asked if isinstance(one, AskedPayment)}
    for kept in await payments.named_payments(connection, names):
        accounts[kept.payment.customer_id].hold_payment(kept)
    owing = {one.customer_id for one in asked if isinstance(one, AskedInvoice)}
    for customer_id, credit in await payments.waiting_credits(connection, owing):
        accounts[customer_id].book.credits[credit.key] = credit


async def document_owners(connection: Transaction, asked: Sequence[Asked]) -> dict[str, str]:
    """Whose the documents are that the asked customers carry."""
    carried = (one.particulars.document for one in asked if isinstance(one, AskedCustomer))
    keys = {document.key for document in carried if document is not None}
    return await customers.document_owners(connection, keys) if keys else {}
