"""Runs that ask the segmenter for their audience, keep to a contact window and to days between contacts."""

from alembic import op

revision = "0007"
down_revision = "0006"

_STEPS = """
ALTER TABLE cascade ADD COLUMN holidays date[] NOT NULL DEFAULT '{}';
ALTER TABLE runs
    ALTER COLUMN held_since DROP NOT NULL,
    ADD COLUMN min_days_between_contacts integer NOT NULL DEFAULT 0,
    ADD COLUMN asks_where boolean NOT NULL DEFAULT false,
    ADD COLUMN may_ask boolean NOT NULL DEFAULT false,
    ADD COLUMN asks integer NOT NULL DEFAULT 0,
    ADD COLUMN ask_again_at timestamptz;
UPDATE runs SET alive_at = due_at WHERE state = 'held';
CREATE TABLE run_audience (
    customer_id text COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL REFERENCES runs,
    PRIMARY KEY (customer_id, run_id)
);
CREATE INDEX run_audience_of_run ON run_audience (run_id, customer_id)
"""


def upgrade() -> None:
    """Add what runs need to know; a run held across the upgrade counts as alive since it fell due."""
    for statement in _STEPS.split(";"):
        op.execute(statement)
