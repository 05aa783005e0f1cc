"""What is measured and traced: how long a day turn took, and the trace of each event told."""

from alembic import op

from shared.database import standing_tables

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Widen what is there; null where a worker of the release before wrote."""
    standing_tables.trace_outbox_v1()
    op.execute("ALTER TABLE day_turn ADD COLUMN begun_at timestamptz, ADD COLUMN finished_at timestamptz")
