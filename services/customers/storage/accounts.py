"""Accounts out of the tables and back: what a group of writes needs, in a few queries whatever their number."""

from collections.abc import Iterable, Sequence

from services.customers.domain.account import Account, Accounts
from services.customers.domain.change import Asked, Change
from services.customers.domain.customer import AskedCustomer, Customer
from services.customers.domain.invoice import AskedInvoice, Invoice
from services.customers.domain.payment import AskedPayment, Payment
from services.customers.storage import applications, customers, invoices, payments
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
    for invoice, debt in await invoices.named_invoices(connection, names):
        account = accounts[invoice.customer_id]
        account.invoices[invoice.invoice_id] = invoice
        account.debts[invoice.invoice_id] = debt
    paying = {one.customer_id for one in asked if isinstance(one, AskedPayment) and one.status == "succeeded"}
    for customer_id, debt in await invoices.open_debts(connection, paying):
        accounts[customer_id].debts[debt.invoice_id] = debt


def _named_invoices(asked: Asked) -> Iterable[tuple[str, str]]:
    if isinstance(asked, AskedInvoice):
        return [(asked.customer_id, asked.invoice_id)]
    if isinstance(asked, AskedPayment):
        return [(asked.customer_id, one.invoice_id) for one in asked.allocations]
    return []


async def _load_payments(connection: Transaction, accounts: Accounts, asked: Sequence[Asked]) -> None:
    names = {(one.customer_id, one.payment_id) for one in asked if isinstance(one, AskedPayment)}
    for payment, credit in await payments.named_payments(connection, names):
        account = accounts[payment.customer_id]
        account.payments[payment.payment_id] = payment
        account.credits[credit.kind, credit.credit_id] = credit
    owing = {one.customer_id for one in asked if isinstance(one, AskedInvoice)}
    for customer_id, credit in await payments.waiting_credits(connection, owing):
        accounts[customer_id].credits[credit.kind, credit.credit_id] = credit


async def document_owners(connection: Transaction, asked: Sequence[Asked]) -> dict[str, str]:
    """Whose the documents are that the asked customers carry."""
    carried = (one.particulars.document for one in asked if isinstance(one, AskedCustomer))
    keys = {document.key for document in carried if document is not None}
    return await customers.document_owners(connection, keys) if keys else {}


async def keep_accounts(connection: Transaction, accounts: Accounts, changes: Sequence[Change]) -> None:
    """Store what changed in the accounts."""
    written = {c.fact.customer_id: c.fact for c in changes if isinstance(c.fact, Customer)}
    seqs = {c.fact.customer_id: accounts[c.fact.customer_id].seq for c in changes}
    await customers.put_customers(connection, list(written.values()), seqs)
    await customers.count_events(connection, {one: seq for one, seq in seqs.items() if one not in written})
    await _keep_invoices(connection, accounts, changes)
    await _keep_payments(connection, accounts, changes)
    made = [(c.fact.customer_id, c.seq, c.effect.applications) for c in changes]
    await applications.put_applications(connection, made)


async def _keep_invoices(connection: Transaction, accounts: Accounts, changes: Sequence[Change]) -> None:
    written = {(c.fact.customer_id, c.fact.invoice_id): c.fact for c in changes if isinstance(c.fact, Invoice)}
    await invoices.put_invoices(
        connection, [(invoice, accounts[who].debts[which]) for (who, which), invoice in written.items()]
    )
    touched = {(c.fact.customer_id, debt.invoice_id) for c in changes for debt in c.effect.debts}
    paid = [(who, accounts[who].debts[which]) for who, which in sorted(touched - written.keys())]
    await invoices.put_balances(connection, paid)


async def _keep_payments(connection: Transaction, accounts: Accounts, changes: Sequence[Change]) -> None:
    written = {(c.fact.customer_id, c.fact.payment_id): c.fact for c in changes if isinstance(c.fact, Payment)}
    await payments.put_payments(
        connection,
        [(payment, accounts[who].credits["payment", which].left) for (who, which), payment in written.items()],
    )
    touched = {
        (c.fact.customer_id, one.credit_id)
        for c in changes
        for one in c.effect.applications
        if one.credit_kind == "payment"
    }
    used = [(who, accounts[who].credits["payment", which]) for who, which in sorted(touched - written.keys())]
    await payments.put_unapplied(connection, used)
