"""The whole ledger: refunds, credit notes, voids, disputes, what each credit has paid, and in which order facts came.

Whoever is known already is put behind: the snapshot brings what was not kept before. Until a later migration drops it,
``applications`` stays for workers of the release before.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

_COLUMNS = """
ALTER TABLE customers ADD COLUMN erased boolean NOT NULL DEFAULT false;
ALTER TABLE invoices
    ADD COLUMN seq bigint NOT NULL DEFAULT 0,
    ADD COLUMN first_due_on date,
    ADD COLUMN voided_on date,
    ADD COLUMN voided_seq bigint;
ALTER TABLE payments
    ADD COLUMN seq bigint NOT NULL DEFAULT 0,
    ADD COLUMN allocations jsonb NOT NULL DEFAULT '[]'
"""
_LEDGER = """
CREATE TABLE due_changes (
    customer_id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    invoice_id text COLLATE "C" NOT NULL,
    due_on date NOT NULL,
    PRIMARY KEY (customer_id, seq)
);
CREATE TABLE credit_notes (
    customer_id text COLLATE "C" NOT NULL,
    credit_note_id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    issued_on date NOT NULL,
    invoice_id text COLLATE "C",
    seq bigint NOT NULL,
    PRIMARY KEY (customer_id, credit_note_id)
);
CREATE TABLE refunds (
    customer_id text COLLATE "C" NOT NULL,
    payment_id text COLLATE "C" NOT NULL,
    refund_id text COLLATE "C" NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    refunded_on date NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (customer_id, payment_id, refund_id)
);
CREATE TABLE net_applications (
    customer_id text COLLATE "C" NOT NULL,
    credit_kind text NOT NULL,
    credit_id text COLLATE "C" NOT NULL,
    invoice_id text COLLATE "C" NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    applied_on date NOT NULL,
    PRIMARY KEY (customer_id, credit_kind, credit_id, invoice_id)
) WITH (fillfactor = 90);
CREATE TABLE disputes (
    customer_id text COLLATE "C" NOT NULL,
    dispute_id text COLLATE "C" NOT NULL,
    invoice_id text COLLATE "C",
    opened_on date NOT NULL,
    closed_on date,
    PRIMARY KEY (customer_id, dispute_id)
);
INSERT INTO behind (customer_id, seen_epoch, seen_seq, reason)
SELECT customer_id, 0, 0, 'the ledger keeps more' FROM customers ON CONFLICT DO NOTHING;
CREATE INDEX deliveries_by_customer ON deliveries (customer_id)
"""


def upgrade() -> None:
    """Widen what is there, then create what is new."""
    for statement in (*_COLUMNS.split(";"), *_LEDGER.split(";")):
        op.execute(statement)
