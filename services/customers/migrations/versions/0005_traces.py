"""Events know the trace of the request that wrote their fact."""

from shared.database import standing_tables

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Widen the outbox."""
    standing_tables.trace_outbox_v1()
