"""Writes look for rows by their keys, even by plans that were made while the tables were empty."""

from sqlalchemy import text

from tests.services.customers.house import House
from tests.services.customers.sentences import a_credit_note, a_payment, a_person, an_invoice, for_invoice
from tests.support.eventually import eventually
from tests.support.sessions import is_alone

_MANY = 3000
_FILL = (
    """
    INSERT INTO customers (customer_id, seq, type, name, name_words, currency, registered_on, emails, addresses,
        variables, archived)
    SELECT 'x' || n, 1, 'person', 'x', 'x', 'COP', '2026-01-01', '[]', '[]', '{}', false
    FROM generate_series(1, :many) AS n
    """,
    """
    INSERT INTO payments (customer_id, payment_id, status, amount, currency, occurred_at, occurred_on, allocations,
        unapplied)
    SELECT 'x' || n, 'p', 'succeeded', 10, 'COP', '2026-03-01', '2026-03-01', '[]', n % 2
    FROM generate_series(1, :many) AS n
    """,
    """
    INSERT INTO invoices (customer_id, invoice_id, issued_on, due_on, amount, currency, lines, balance)
    SELECT 'x' || n, 'f', '2026-02-01', '2026-03-01', 10, 'COP', '[]', n % 2 FROM generate_series(1, :many) AS n
    """,
    """
    INSERT INTO credit_notes (customer_id, credit_note_id, kind, amount, currency, issued_on, unapplied, seq)
    SELECT 'x' || n, 'n', 'credit', 10, 'COP', '2026-03-01', n % 2, 1 FROM generate_series(1, :many) AS n
    """,
    """
    INSERT INTO applications (customer_id, seq, place, credit_kind, credit_id, invoice_id, amount, currency, applied_on)
    SELECT 'x' || n, 1, 1, 'payment', 'p', 'f', 10, 'COP', '2026-03-01' FROM generate_series(1, :many) AS n
    """,
)
_READ = text(
    """
    SELECT relname, seq_tup_read + coalesce(
        (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE pg_stat_user_indexes.relid = tables.relid), 0
    ) AS rows_read
    FROM pg_stat_user_tables AS tables
    WHERE relname IN ('payments', 'invoices', 'credit_notes', 'applications', 'refunds')
    """
)


async def _every_money_fact(house: House, who: str) -> None:
    path = f"/customers/{who}"
    answers = [
        await house.put(path, a_person()),
        await house.put(f"{path}/invoices/f1", an_invoice("30")),
        await house.put(f"{path}/payments/p1", a_payment("20", allocations=[for_invoice("f1", "10")])),
        await house.put(f"{path}/payments/p1/refunds/r1", {"amount": "5"}),
        await house.put(f"{path}/credit-notes/n1", a_credit_note("5")),
        await house.put(f"{path}/invoices/f2", an_invoice("10")),
        await house.post(f"{path}/invoices/f2/void", {}),
    ]
    assert [answer.status_code for answer in answers] == [201] * 6 + [200]


async def test_a_plan_made_while_tables_are_empty_reads_few_rows_when_they_are_full(house: House) -> None:
    for n in range(3):
        await _every_money_fact(house, f"early{n}")
    async with house.database.transaction() as connection:
        for fill in _FILL:
            await connection.execute(text(fill), {"many": _MANY})
    for n in range(3):
        await _every_money_fact(house, f"late{n}")
    await house.database.close()
    await eventually(lambda: is_alone(house.database))
    async with house.database.transaction() as connection:
        rows_read = {row.relname: row.rows_read for row in await connection.execute(_READ)}
    assert 0 < max(rows_read.values()) < _MANY, rows_read
