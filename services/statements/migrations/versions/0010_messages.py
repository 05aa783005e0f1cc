"""Messages of alerts: mails of no run, sent through the same ledger."""

from alembic import op

revision = "0010"
down_revision = "0009"

_STEPS = """
ALTER TABLE deliveries ALTER COLUMN run_id DROP NOT NULL;
CREATE TABLE messages (
    customer_id text COLLATE "C" NOT NULL,
    delivery_id text COLLATE "C" NOT NULL REFERENCES deliveries,
    subject jsonb NOT NULL,
    body jsonb NOT NULL,
    window_ends_at timestamptz NOT NULL,
    heard_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (customer_id, delivery_id)
)
"""


def upgrade() -> None:
    """Let deliveries be of no run, and keep the texts of those."""
    for statement in _STEPS.split(";"):
        op.execute(statement)
