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
from services.customers.storage import applications, customers, invoices
from services.customers.storage.keeping_credits import keep_credits
from services.customers.storage.nouns import keep_nouns
from shared.database.engine import Transaction

_Name = tuple[str, str]


async def keep(connection: Transaction, accounts: Accounts, changes: Sequence[Change], home: str | None) -> None:
    """Store what changed in the accounts. ``home`` is the country of documents that name none."""
    await _keep_customers(connection, accounts, changes, home)
    await _keep_invoices(connection, accounts, changes)
    await keep_credits(connection, accounts, changes)
    await keep_nouns(connection, changes)
    done = [(change.fact.customer_id, change.seq, change.effect) for change in changes]
    await applications.enter_applications(connection, done)


async def _keep_customers(
    connection: Transaction, accounts: Accounts, changes: Sequence[Change], home: str | None
) -> None:
    seqs = {change.fact.customer_id: accounts[change.fact.customer_id].seq for change in changes}
    written = {change.fact.customer_id: change.fact for change in changes if isinstance(change.fact, Customer)}
    new = {change.fact.customer_id for change in changes if isinstance(change.fact, Customer) and change.is_new}
    changed = [fact for customer_id, fact in written.items() if customer_id not in new]
    await customers.enter_customers(connection, [written[customer_id] for customer_id in new], seqs)
    await customers.change_customers(connection, changed, seqs)
    await customers.hold_documents(connection, list(written.values()), home)
    await customers.count_events(connection, {one: seq for one, seq in seqs.items() if one not in written})


async def _keep_invoices(connection: Transaction, accounts: Accounts, changes: Sequence[Change]) -> None:
    written: set[_Name] = set()
    new: set[_Name] = set()
    touched: set[_Name] = set()
    for change in changes:
        if isinstance(change.fact, Invoice):
            name = (change.fact.customer_id, change.fact.invoice_id)
            written.add(name)
            new |= {name} if change.is_new else set()
        touched |= {(change.fact.customer_id, debt.invoice_id) for debt in change.effect.debts}
    await invoices.enter_invoices(connection, [accounts[who].kept_invoice(which) for who, which in new])
    changed = written - new
    await invoices.change_invoices(connection, [accounts[who].kept_invoice(which) for who, which in changed])
    paid = touched - written
    await invoices.change_balances(connection, [(who, accounts[who].book.debts[which]) for who, which in paid])
