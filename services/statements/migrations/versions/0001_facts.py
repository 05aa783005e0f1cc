"""Facts as heard: customers with their ledger, the segment each is in, the published cascade."""

from alembic import op

from shared.database import standing_tables

revision = "0001"
down_revision = None

_LEDGER = """
CREATE TABLE customers (
    customer_id text COLLATE "C" PRIMARY KEY,
    epoch bigint NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    name text NOT NULL,
    email text,
    emails text[] NOT NULL DEFAULT '{}',
    language text,
    country text,
    do_not_contact_until date,
    archived boolean NOT NULL DEFAULT false
) WITH (fillfactor = 80);
CREATE TABLE invoices (
    customer_id text COLLATE "C" NOT NULL,
    invoice_id text COLLATE "C" NOT NULL,
    number text NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    balance numeric NOT NULL,
    settled_on date,
    PRIMARY KEY (customer_id, invoice_id)
) WITH (fillfactor = 80);
CREATE TABLE payments (
    customer_id text COLLATE "C" NOT NULL,
    payment_id text COLLATE "C" NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    paid_on date NOT NULL,
    PRIMARY KEY (customer_id, payment_id)
);
CREATE TABLE applications (
    customer_id text COLLATE "C" NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    payment_id text COLLATE "C" NOT NULL,
    invoice_id text COLLATE "C" NOT NULL,
    amount numeric NOT NULL,
    currency text NOT NULL,
    applied_on date NOT NULL,
    PRIMARY KEY (customer_id, place)
)
"""
_SEGMENTS = """
CREATE TABLE standings (
    customer_id text COLLATE "C" PRIMARY KEY,
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    segment_id text COLLATE "C"
);
CREATE TABLE cascade (
    sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    segment_ids text[] NOT NULL,
    aging_edges integer[] NOT NULL
);
CREATE TABLE segmenter_progress (
    sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    facts_through timestamptz,
    told_at timestamptz NOT NULL
)
"""


def upgrade() -> None:
    """Create the tables that are written by hearing."""
    standing_tables.create_instance_v1()
    standing_tables.create_outbox_v1()
    standing_tables.create_hearing_v1()
    for statement in (*_LEDGER.split(";"), *_SEGMENTS.split(";")):
        op.execute(statement)
