"""A customer as a new payment needs it, seen in one statement and without a lock: what follows must check ``seq``."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import text

from services.customers.domain.account import Account
from services.customers.domain.payment import AskedPayment
from services.customers.storage import customers
from shared.basics.ledger.values import Debt
from shared.database.engine import Transaction

_DEBT = "invoice_id, currency, issued_on, due_on, CAST(balance AS text) AS balance, settled_on, voided_on"
_LOOK = text(
    f"""
    SELECT
        (SELECT epoch FROM instance) AS epoch,
        EXISTS (SELECT FROM payments WHERE customer_id = :customer_id AND payment_id = :payment_id) AS is_there,
        (
            SELECT CAST(json_agg(debt) AS text) FROM (
                SELECT {_DEBT} FROM invoices WHERE customer_id = :customer_id AND is_open
                UNION ALL
                SELECT {_DEBT} FROM invoices
                WHERE customer_id = :customer_id AND invoice_id = ANY(CAST(:named AS text[])) AND NOT is_open
            ) AS debt
        ) AS debts,
        {customers.COLUMNS}
    FROM customers WHERE customer_id = :customer_id
    """
)
_debts = msgspec.json.Decoder(list[Debt])


@dataclass(frozen=True)
class Look:
    """An account with the debts that the payment can meet, and the epoch; ``is_there`` if the payment is no new one."""

    account: Account
    epoch: int
    is_there: bool


async def look_at(connection: Transaction, asked: AskedPayment) -> Look | None:
    """What a payment would meet now; None where nobody is registered."""
    named = [one.invoice_id for one in asked.allocations]
    values = {"customer_id": asked.customer_id, "payment_id": asked.payment_id, "named": named}
    row = (await connection.execute(_LOOK, values)).one_or_none()
    if row is None:
        return None
    account = Account(asked.customer_id, row.seq, customers.customer_of(row))
    account.book.debts = {debt.invoice_id: debt for debt in _debts.decode(row.debts)} if row.debts else {}
    return Look(account, row.epoch, row.is_there)
