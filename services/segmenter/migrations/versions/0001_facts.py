"""Facts as heard from customers, the behaviour kept from them, and who is in which segment."""

from alembic import op

from shared.database import standing_tables

revision = "0001"
down_revision = None

_FACTS = """
CREATE TABLE customers (
    customer_id text COLLATE "C" PRIMARY KEY,
    epoch bigint NOT NULL,
    seq bigint NOT NULL,
    customer_type text NOT NULL,
    name text NOT NULL,
    currency text NOT NULL,
    registered_on date NOT NULL,
    email text,
    emails text[] NOT NULL DEFAULT '{}',
    phone text,
    document_number text,
    document_type text,
    country text,
    portfolio text,
    client_type text,
    language text,
    risk_score numeric,
    addresses text[] NOT NULL DEFAULT '{}',
    phone_is_placeholder boolean NOT NULL DEFAULT false,
    variables jsonb NOT NULL DEFAULT '{}',
    folded jsonb NOT NULL DEFAULT '{}'
) WITH (fillfactor = 80);
CREATE TABLE payments (
    customer_id text COLLATE "C" NOT NULL,
    payment_id text COLLATE "C" NOT NULL,
    status text NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    occurred_at timestamptz NOT NULL,
    occurred_on date NOT NULL,
    applied numeric NOT NULL DEFAULT 0,
    PRIMARY KEY (customer_id, payment_id)
) WITH (fillfactor = 90);
CREATE TABLE invoices (
    customer_id text COLLATE "C" NOT NULL,
    invoice_id text COLLATE "C" NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    product text,
    product_folded text,
    balance numeric NOT NULL,
    is_open boolean NOT NULL,
    PRIMARY KEY (customer_id, invoice_id)
) WITH (fillfactor = 80);
CREATE INDEX open_invoices ON invoices (customer_id, due_on) WHERE is_open;
CREATE TABLE declared_variables (
    key text COLLATE "C" PRIMARY KEY,
    type text NOT NULL,
    title jsonb NOT NULL,
    description text,
    choices text[],
    epoch bigint NOT NULL,
    sequence bigint NOT NULL
)
"""
_BEHAVIOUR = """
CREATE TABLE behaviour (
    customer_id text COLLATE "C" PRIMARY KEY,
    failed_payments integer NOT NULL DEFAULT 0,
    successful_payments integer NOT NULL DEFAULT 0,
    invoices_issued integer NOT NULL DEFAULT 0,
    amount_paid numeric NOT NULL DEFAULT 0,
    total_balance numeric NOT NULL DEFAULT 0,
    unapplied_credit numeric NOT NULL DEFAULT 0,
    consecutive_failed_payments integer NOT NULL DEFAULT 0,
    last_attempt_at timestamptz,
    last_attempt_id text COLLATE "C",
    last_payment_on date,
    last_failed_payment_on date,
    first_payment_on date,
    last_activity_on date,
    last_invoice_on date,
    paid_months date[] NOT NULL DEFAULT '{}'
) WITH (fillfactor = 75);
CREATE TABLE days (
    customer_id text COLLATE "C" NOT NULL,
    day date NOT NULL,
    failed_payments integer NOT NULL,
    successful_payments integer NOT NULL,
    invoices_issued integer NOT NULL,
    amount_paid numeric NOT NULL,
    PRIMARY KEY (customer_id, day)
) WITH (fillfactor = 90)
"""
_ASSIGNMENT = """
CREATE TABLE membership (
    customer_id text COLLATE "C" PRIMARY KEY,
    segment_id text COLLATE "C" NOT NULL,
    told boolean NOT NULL,
    since timestamptz NOT NULL,
    aging_bucket text NOT NULL DEFAULT 'current',
    revision integer NOT NULL,
    as_of date NOT NULL,
    sequence bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE INDEX members ON membership (segment_id, customer_id);
CREATE TABLE moves (
    customer_id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    at timestamptz NOT NULL,
    as_of date NOT NULL,
    from_segment text COLLATE "C",
    to_segment text COLLATE "C" NOT NULL,
    cause text NOT NULL CHECK (cause IN ('event', 'day_turn', 'refresh')),
    revision integer NOT NULL,
    PRIMARY KEY (customer_id, sequence)
)
"""
_PROGRESS = """
CREATE TABLE history_pending (customer_id text COLLATE "C" PRIMARY KEY);
CREATE TABLE history_heard (partition integer PRIMARY KEY, at timestamptz NOT NULL);
CREATE TABLE day_turn (
    sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
    as_of date NOT NULL,
    watermark text COLLATE "C" NOT NULL,
    turned date NOT NULL,
    done boolean NOT NULL GENERATED ALWAYS AS (turned >= as_of) STORED
);
INSERT INTO day_turn (as_of, watermark, turned) VALUES ('0001-01-01', '', '0001-01-01');
CREATE TABLE telling (
    sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
    sequence bigint NOT NULL,
    told_at timestamptz NOT NULL
);
INSERT INTO telling (sequence, told_at) VALUES (0, '-infinity')
"""


def upgrade() -> None:
    """Create them all, standing tables first."""
    standing_tables.create_instance_v1()
    standing_tables.create_outbox_v1()
    standing_tables.create_hearing_v1()
    for group in (_FACTS, _BEHAVIOUR, _ASSIGNMENT, _PROGRESS):
        for statement in group.split(";"):
            op.execute(statement)
