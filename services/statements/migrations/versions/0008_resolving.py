"""Runs that are cancelled, sending at a pace, content that is forgotten after a while."""

from alembic import op

revision = "0008"
down_revision = "0007"

_STEPS = """
CREATE INDEX runs_being_cancelled ON runs (run_id) WHERE state = 'cancelled' AND finished_at IS NULL;
CREATE TABLE send_pace (
    sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
    next_at timestamptz
);
INSERT INTO send_pace DEFAULT VALUES;
ALTER TABLE deliveries ADD COLUMN keeps_content boolean NOT NULL DEFAULT false;
UPDATE deliveries SET keeps_content = true WHERE statement IS NOT NULL;
CREATE INDEX deliveries_with_content ON deliveries (as_of_date) WHERE keeps_content;
CREATE INDEX addresses_unknown ON addresses (delivery_id) WHERE state = 'unknown'
"""


def upgrade() -> None:
    """Add what the ledger needs beside sending."""
    for statement in _STEPS.split(";"):
        op.execute(statement)
