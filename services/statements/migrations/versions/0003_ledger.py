"""The send ledger: deliveries, their addresses and attempts, what the gateway told, suppressed addresses."""

from alembic import op

revision = "0003"
down_revision = "0002"

_DELIVERIES = """
CREATE TABLE deliveries (
    delivery_id text COLLATE "C" PRIMARY KEY,
    run_id text COLLATE "C" NOT NULL REFERENCES runs,
    rule_id text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    customer_id text COLLATE "C" NOT NULL,
    state text NOT NULL,
    reason text,
    said_something boolean NOT NULL,
    is_prepared boolean NOT NULL DEFAULT false,
    as_of_date date NOT NULL,
    locale text,
    totals jsonb NOT NULL DEFAULT '[]',
    statement json,
    accepted_at timestamptz,
    UNIQUE (rule_id, period, customer_id)
) WITH (fillfactor = 80);
CREATE INDEX deliveries_of_run ON deliveries (run_id, customer_id);
CREATE INDEX deliveries_to_prepare ON deliveries (delivery_id) WHERE NOT is_prepared;
CREATE INDEX deliveries_under_way ON deliveries (run_id) WHERE state IN ('planned', 'sending', 'retry_wait');
CREATE TABLE addresses (
    delivery_id text COLLATE "C" NOT NULL REFERENCES deliveries,
    n integer NOT NULL,
    address text NOT NULL,
    state text NOT NULL,
    reason text,
    mail bytea,
    tries integer NOT NULL DEFAULT 0,
    in_doubt boolean NOT NULL DEFAULT false,
    first_try_at timestamptz,
    next_try_at timestamptz,
    lease_until timestamptz,
    PRIMARY KEY (delivery_id, n)
) WITH (fillfactor = 70);
CREATE INDEX addresses_due ON addresses (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX addresses_leased ON addresses (lease_until) WHERE lease_until IS NOT NULL;
CREATE TABLE attempts (
    delivery_id text COLLATE "C" NOT NULL,
    n integer NOT NULL,
    attempt integer NOT NULL,
    at timestamptz NOT NULL,
    outcome text NOT NULL,
    status integer,
    PRIMARY KEY (delivery_id, n, attempt)
)
"""
_NEWS = """
CREATE TABLE gateway_events (
    provider text NOT NULL,
    event_id text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (provider, event_id)
);
CREATE TABLE suppressions (
    address_sha256 text COLLATE "C" PRIMARY KEY,
    reason text NOT NULL,
    since timestamptz NOT NULL
);
CREATE TABLE tellings (
    customer_id text COLLATE "C" PRIMARY KEY,
    sequence bigint NOT NULL
)
"""


def upgrade() -> None:
    """Create the tables of what is sent."""
    for statement in (*_DELIVERIES.split(";"), *_NEWS.split(";")):
        op.execute(statement)
