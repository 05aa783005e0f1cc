"""Accounts back into the tables: what a group of changes made new or different, in a few statements.

The changes say what to look at; how it stands is read from the accounts, which several changes may have passed
through. Rows of a new customer are inserted, never merged: were two transactions to register the same one, the later
must fail and look again, or both would tell a first event.
"""

from collections.abc import Sequence

from services.customers.domain.account import Account, Accounts
from services.customers.domain.change import Change
from services.customers.domain.customer import Customer
from services.customers.domain.invoice import Invoice
from services.customers.storage import applications, customers, invoices
from services.customers.storage.keeping_credits import keep_credits
from services.customers.storage.nouns import keep_nouns
from shared.contracts.envelope import Envelope
from shared.database.engine import Transaction
from shared.database.writing import Write, write
from shared.messaging import outbox

_Name = tuple[str, str]


async def keep(
    connection: Transaction,
    accounts: Accounts,
    changes: Sequence[Change],
    events: Sequence[Envelope],
    home: str | None,
) -> None:
    """Store what changed in the accounts and the events that tell it, but for documents in one statement.

    ``home`` is the country of documents that name none.
    """
    await customers.drop_documents(connection, _customers(changes, new=False))
    done = [(change.fact.customer_id, change.seq, change.effect) for change in changes]
    await write(
        connection,
        [
            *_keep_customers(accounts, changes, home),
            *_keep_invoices(accounts, changes),
            *keep_credits(accounts, changes),
            *keep_nouns(changes),
            *applications.enter_applications(done),
            *outbox.put_with(events),
        ],
    )


async def keep_unless_beaten(connection: Transaction, account: Account, change: Change, event: Envelope) -> None:
    """Store one change of the ledger, and the event that tells it, for a customer that nobody locked.

    Another write that came first makes it fail as a lost race. The last part of a statement is the first to be
    carried out, so the customer's row is locked before any other, as everywhere.
    """
    accounts, changes = {account.customer_id: account}, [change]
    await write(
        connection,
        [
            *_keep_invoices(accounts, changes),
            *keep_credits(accounts, changes),
            *applications.enter_applications([(account.customer_id, change.seq, change.effect)]),
            *outbox.put_with([event]),
            customers.count_next_event(account.customer_id, change.seq),
        ],
    )


def _keep_customers(accounts: Accounts, changes: Sequence[Change], home: str | None) -> list[Write]:
    seqs = {change.fact.customer_id: accounts[change.fact.customer_id].seq for change in changes}
    new, changed = _customers(changes, new=True), _customers(changes, new=False)
    written = {customer.customer_id for customer in (*new, *changed)}
    return [
        *customers.enter_customers(new, seqs),
        *customers.change_customers(changed, seqs),
        *customers.hold_documents([*new, *changed], home),
        *customers.count_events({one: seq for one, seq in seqs.items() if one not in written}),
    ]


def _customers(changes: Sequence[Change], *, new: bool) -> list[Customer]:
    """Those that were registered or those that were there, each as its last change left it."""
    facts = [(change.fact, change.is_new) for change in changes if isinstance(change.fact, Customer)]
    registered = {fact.customer_id for fact, is_new in facts if is_new}
    last = {fact.customer_id: fact for fact, _ in facts}
    return [fact for customer_id, fact in last.items() if (customer_id in registered) == new]


def _keep_invoices(accounts: Accounts, changes: Sequence[Change]) -> list[Write]:
    written: set[_Name] = set()
    new: set[_Name] = set()
    touched: set[_Name] = set()
    for change in changes:
        if isinstance(change.fact, Invoice):
            name = (change.fact.customer_id, change.fact.invoice_id)
            written.add(name)
            new |= {name} if change.is_new else set()
        touched |= {(change.fact.customer_id, debt.invoice_id) for debt in change.effect.debts}
    changed, paid = written - new, touched - written
    return [
        *invoices.enter_invoices(accounts[who].kept_invoice(which) for who, which in new),
        *invoices.change_invoices(accounts[who].kept_invoice(which) for who, which in changed),
        *invoices.change_balances((who, accounts[who].book.debts[which]) for who, which in paid),
    ]
