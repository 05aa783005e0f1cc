"""Accounts out of the tables: what a group of writes needs, in a few queries whatever their number."""

from collections.abc import Iterable, Sequence

from services.customers.domain.account import Account, Accounts
from services.customers.domain.change import Asked
from services.customers.domain.customer import AskedCustomer, Customer, Document, Particulars, plain
from services.customers.domain.customer_patch import AskedPatch
from services.customers.domain.dispute import Dispute
from services.customers.domain.invoice import AskedInvoice
from services.customers.domain.payment import AskedPayment
from services.customers.storage import customers, invoices, payments
from services.customers.storage.nouns import load_nouns
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
    await load_nouns(connection, accounts, asked)
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
    if isinstance(asked, Dispute) and asked.invoice_id is not None:
        return [(asked.customer_id, asked.invoice_id)]
    return []


async def _load_payments(connection: Transaction, accounts: Accounts, asked: Sequence[Asked]) -> None:
    names = {(one.customer_id, one.payment_id) for one in asked if isinstance(one, AskedPayment)}
    for kept in await payments.named_payments(connection, names):
        accounts[kept.payment.customer_id].hold_payment(kept)
    owing = {one.customer_id for one in asked if isinstance(one, AskedInvoice)}
    for customer_id, credit in await payments.waiting_credits(connection, owing):
        accounts[customer_id].book.credits[credit.key] = credit


async def document_owners(connection: Transaction, asked: Sequence[Asked], accounts: Accounts) -> dict[str, str]:
    """Whose the documents are, by key, that the asked customers may come to carry.

    A patch may change a part of a document, so all documents are looked at that have a number anybody says or has.
    """
    numbers = {plain(number) for one in asked for number in _numbers(one, accounts[one.customer_id].customer)}
    return await customers.document_owners(connection, numbers) if numbers else {}


def _numbers(asked: Asked, stored: Customer | None) -> Iterable[str]:
    match asked:
        case AskedCustomer(particulars=Particulars(document=Document(number=number))):
            return [number]
        case AskedPatch(said={"document": said}):
            known = stored and stored.particulars.document
            return [number for number in (known and known.number, (said or {}).get("number")) if number]
        case _:
            return []
