"""Gateway events that were heard long ago are found by their age, to be forgotten."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Index them."""
    op.execute("CREATE INDEX gateway_events_by_age ON gateway_events (received_at)")
