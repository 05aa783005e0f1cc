"""Accounts back into the tables: what a group of changes made new or different, in a few statements.

The changes say what to look at; how it stands is read from the accounts, which several changes may have passed
through. Rows of a new customer are inserted, never merged: were two transactions to register the same one, the later
must fail and look again, or both would tell a first event.
"""

from collections.abc import Sequence

from services.customers.domain.account import Accounts
from services.customers.domain.change import Change
from services.customers.domain.customer import Customer
from services.customers.domain.invoice import Invoice
from services.customers.domain.payment import Payment
from services.customers.storage import applications, customers, invoices, payments
from shared.database.engine import Transaction

_Name = tuple[str, str]


async def keep(connection: Transaction, accounts: Accounts, changes: Sequence[Change]) -> None:
    """Store what changed in the accounts."""
    await _keep_customers(connection, accounts, changes)
    await _keep_invoices(connection, accounts, changes)
    await _keep_payments(connection, accounts, changes)
    made = [(change.fact.customer_id, change.seq, change.effect.applications) for change in changes]
    await applications.enter_applications(connection, made)


async def _keep_customers(connection: Transaction, accounts: Accounts, changes: Sequence[Change]) -> None:
    seqs = {change.fact.customer_id: accounts[change.fact.customer_id].seq for change in changes}
    written = {change.fact.customer_id: change.fact for change in changes if isinstance(change.fact, Customer)}
    new = {change.fact.customer_id for change in changes if isinstance(change.fact, Customer) and change.is_new}
    changed = [fact for customer_id, fact in written.items() if customer_id not in new]
    await customers.enter_customers(connection, [written[customer_id] for customer_id in new], seqs)
    await customers.change_customers(connection, changed, seqs)
    await customers.hold_documents(connection, list(written.values()))
    await customers.count_events(connection, {one: seq for one, seq in seqs.items() if one not in written})


async def _keep_invoices(connection: Transaction, accounts: Accounts, changes: Sequence[Change]) -> None:
    written: dict[_Name, Invoice] = {}
    new: set[_Name] = set()
    touched: set[_Name] = set()
    for change in changes:
        if isinstance(change.fact, Invoice):
            written[change.fact.customer_id, change.fact.invoice_id] = change.fact
            new |= {(change.fact.customer_id, change.fact.invoice_id)} if change.is_new else set()
        touched |= {(change.fact.customer_id, debt.invoice_id) for debt in change.effect.debts}
    debts = {(who, which): accounts[who].book.debts[which] for who, which in touched}
    await invoices.enter_invoices(connection, [(written[name], debts[name]) for name in new])
    await invoices.change_invoices(connection, [(written[name], debts[name]) for name in written.keys() - new])
    paid = touched - written.keys()
    await invoices.change_balances(connection, [(name[0], debts[name]) for name in paid])


async def _keep_payments(connection: Transaction, accounts: Accounts, changes: Sequence[Change]) -> None:
    new: dict[_Name, Payment] = {}
    used: set[_Name] = set()
    for change in changes:
        if isinstance(change.fact, Payment):
            new[change.fact.customer_id, change.fact.payment_id] = change.fact
        used |= {(change.fact.customer_id, one.credit_id) for one in change.effect.applications}
    credit = {(who, which): accounts[who].book.credits["payment", which] for who, which in used | new.keys()}
    await payments.enter_payments(connection, [(payment, credit[name]) for name, payment in new.items()])
    await payments.change_unapplied(connection, [(name[0], credit[name]) for name in used - new.keys()])
