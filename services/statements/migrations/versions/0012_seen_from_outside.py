"""What is measured and traced: the trace of each run, message and event told."""

from alembic import op

from shared.database import standing_tables

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Widen what is there; null where nobody traces."""
    standing_tables.trace_outbox_v1()
    op.execute("ALTER TABLE runs ADD COLUMN traceparent text")
    op.execute("ALTER TABLE messages ADD COLUMN traceparent text")
