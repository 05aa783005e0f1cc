"""Every other fact of a customer, what money facts need so that a past day can be replayed, and the risk level kept.

Applications and the order of money facts were not kept until now: whoever is known already is repaired from its owner.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

_CUSTOMERS = """
ALTER TABLE customers
    ADD COLUMN archived boolean NOT NULL DEFAULT false,
    ADD COLUMN erased boolean NOT NULL DEFAULT false;
CREATE TABLE contacts (
    customer_id text COLLATE "C" NOT NULL,
    address_sha256 text COLLATE "C" NOT NULL,
    is_unusable boolean NOT NULL,
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (customer_id, address_sha256)
)
"""
_MONEY = """
ALTER TABLE payments
    DROP COLUMN applied,
    ADD COLUMN refunded numeric NOT NULL DEFAULT 0,
    ADD COLUMN allocations jsonb,
    ADD COLUMN seq bigint NOT NULL DEFAULT 0;
ALTER TABLE invoices
    ADD COLUMN voided_on date,
    ADD COLUMN first_due_on date,
    ADD COLUMN seq bigint NOT NULL DEFAULT 0,
    ADD COLUMN voided_seq bigint,
    ADD COLUMN credited numeric NOT NULL DEFAULT 0,
    ADD COLUMN in_time numeric NOT NULL DEFAULT 0;
UPDATE invoices SET first_due_on = due_on;
ALTER TABLE invoices ALTER COLUMN first_due_on SET NOT NULL;
CREATE INDEX dues ON invoices (customer_id, due_on);
CREATE TABLE due_dates (
    customer_id text COLLATE "C" NOT NULL,
    invoice_id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    due_on date NOT NULL,
    PRIMARY KEY (customer_id, invoice_id, seq)
);
CREATE TABLE applications (
    customer_id text COLLATE "C" NOT NULL,
    invoice_id text COLLATE "C" NOT NULL,
    credit_kind text COLLATE "C" NOT NULL,
    credit_id text COLLATE "C" NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    applied_on date NOT NULL,
    PRIMARY KEY (customer_id, invoice_id, credit_kind, credit_id)
);
CREATE TABLE refunds (
    customer_id text COLLATE "C" NOT NULL,
    payment_id text COLLATE "C" NOT NULL,
    refund_id text COLLATE "C" NOT NULL,
    amount numeric NOT NULL,
    refunded_on date NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (customer_id, payment_id, refund_id)
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
)
"""
_OTHERS = """
CREATE TABLE subscriptions (
    customer_id text COLLATE "C" NOT NULL,
    subscription_id text COLLATE "C" NOT NULL,
    product text,
    product_folded text,
    status text NOT NULL,
    started_on date NOT NULL,
    ended_on date,
    changed_on date[] NOT NULL,
    PRIMARY KEY (customer_id, subscription_id)
);
CREATE TABLE disputes (
    customer_id text COLLATE "C" NOT NULL,
    dispute_id text COLLATE "C" NOT NULL,
    invoice_id text COLLATE "C",
    opened_on date NOT NULL,
    closed_on date,
    PRIMARY KEY (customer_id, dispute_id)
);
CREATE TABLE promises (
    customer_id text COLLATE "C" NOT NULL,
    promise_id text COLLATE "C" NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    made_on date NOT NULL,
    due_on date NOT NULL,
    cancelled boolean NOT NULL,
    PRIMARY KEY (customer_id, promise_id)
);
ALTER TABLE behaviour
    ADD COLUMN paid_down numeric NOT NULL DEFAULT 0,
    ADD COLUMN lateness numeric NOT NULL DEFAULT 0,
    ADD COLUMN has_subscriptions boolean NOT NULL DEFAULT false,
    ADD COLUMN has_promises boolean NOT NULL DEFAULT false;
ALTER TABLE days
    ADD COLUMN paid_down numeric NOT NULL DEFAULT 0,
    ADD COLUMN lateness numeric NOT NULL DEFAULT 0
"""
_SETTINGS = """{"holidays": [], "risk": {
    "grace_days": 0,
    "high": {"days_past_due_over": 60, "average_days_late_over": "30", "broken_promises_from": 2,
        "on_time_ratio_under": "0.5"},
    "low": {"average_days_late_up_to": "5", "on_time_ratio_from": "0.9", "overdue": false, "broken_promises": 0},
    "score": null}}""".replace(":", r"\:")
_ASSIGNMENT = """
ALTER TABLE membership ADD COLUMN risk_level text NOT NULL DEFAULT 'unknown';
ALTER TABLE moves
    ALTER COLUMN to_segment DROP NOT NULL,
    DROP CONSTRAINT moves_cause_check,
    ADD CONSTRAINT moves_cause_check CHECK (cause IN ('event', 'day_turn', 'refresh', 'erasure'));
INSERT INTO behind (customer_id, seen_epoch, seen_seq, reason)
    SELECT customer_id, epoch, seq, 'facts were kept in part until migration 0003' FROM customers
    ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    """Add them all, and mark whoever is known as behind."""
    for group in (_CUSTOMERS, _MONEY, _OTHERS, _ASSIGNMENT):
        for statement in group.split(";"):
            op.execute(statement)
    op.execute(f"UPDATE revisions SET settings = settings || '{_SETTINGS}'")
    op.execute(f"UPDATE draft SET settings = settings || '{_SETTINGS}'")
    op.execute(f"UPDATE refreshes SET draft = jsonb_set(draft, '{{settings}}', draft -> 'settings' || '{_SETTINGS}')")
