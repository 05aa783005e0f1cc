"""Refunds, credit notes and voids, and the event that told each money fact."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the rest of the ledger needs; who still writes as before may go on."""
    _say_what_told_invoices_and_payments()
    _number_what_is_there()
    _create_refunds()
    _create_credit_notes()
    _let_applications_be_taken_back()


def _say_what_told_invoices_and_payments() -> None:
    """``due_dates``: every due date an invoice had, with the event that gave it; empty while it has its first one."""
    op.execute(
        """
        ALTER TABLE invoices
            ADD COLUMN seq bigint NOT NULL DEFAULT 0,
            ADD COLUMN due_dates jsonb NOT NULL DEFAULT '[]',
            ADD COLUMN voided_on date,
            ADD COLUMN void_reason text,
            ADD COLUMN voided_seq bigint
        """
    )
    op.execute("ALTER TABLE payments ADD COLUMN seq bigint NOT NULL DEFAULT 0")


def _number_what_is_there() -> None:
    """Of facts that were there nobody knows the event any more: let them have come in the order of their days."""
    op.execute(
        """
        CREATE TEMPORARY TABLE numbered ON COMMIT DROP AS
        SELECT customer_id, kind, id,
            1 + row_number() OVER (PARTITION BY customer_id ORDER BY dated_on, kind, id) AS seq
        FROM (
            SELECT customer_id, 'invoice' AS kind, invoice_id AS id, issued_on AS dated_on FROM invoices
            UNION ALL
            SELECT customer_id, 'payment', payment_id, occurred_on FROM payments
        ) AS facts
        """
    )
    for table, kind in (("invoices", "invoice"), ("payments", "payment")):
        op.execute(
            f"""
            UPDATE {table} SET seq = numbered.seq FROM numbered
            WHERE kind = '{kind}' AND numbered.customer_id = {table}.customer_id AND numbered.id = {table}.{kind}_id
            """
        )


def _create_refunds() -> None:
    op.execute(
        """
        CREATE TABLE refunds (
            customer_id text COLLATE "C" NOT NULL REFERENCES customers,
            payment_id text COLLATE "C" NOT NULL,
            refund_id text COLLATE "C" NOT NULL,
            amount numeric NOT NULL CHECK (amount > 0),
            currency text NOT NULL,
            refunded_on date NOT NULL,
            reason text,
            seq bigint NOT NULL,
            PRIMARY KEY (customer_id, payment_id, refund_id)
        )
        """
    )


def _create_credit_notes() -> None:
    op.execute(
        """
        CREATE TABLE credit_notes (
            customer_id text COLLATE "C" NOT NULL REFERENCES customers,
            credit_note_id text COLLATE "C" NOT NULL,
            kind text NOT NULL,
            amount numeric NOT NULL CHECK (amount > 0),
            currency text NOT NULL,
            issued_on date NOT NULL,
            invoice_id text COLLATE "C",
            unapplied numeric NOT NULL CHECK (unapplied >= 0),
            is_waiting boolean NOT NULL GENERATED ALWAYS AS (unapplied > 0) STORED,
            seq bigint NOT NULL,
            PRIMARY KEY (customer_id, credit_note_id)
        ) WITH (fillfactor = 80)
        """
    )
    op.execute("CREATE INDEX credit_notes_waiting ON credit_notes (customer_id) WHERE is_waiting")
    op.execute("CREATE INDEX credit_notes_of_invoices ON credit_notes (customer_id, invoice_id)")


def _let_applications_be_taken_back() -> None:
    """A part taken back is a row of its own, its amount below zero."""
    op.execute("ALTER TABLE applications DROP CONSTRAINT applications_amount_check")
    op.execute("ALTER TABLE applications ADD CONSTRAINT applications_amount_check CHECK (amount <> 0)")
