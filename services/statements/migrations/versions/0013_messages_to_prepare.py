"""Messages to be written are found without looking at statements that are; ``applications`` goes.

Since 0004 nothing writes or reads that table, the release before this one included (ADR 58): ``net_applications`` is in
its place.
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Index the few that are of no run, and drop what nobody names."""
    op.execute("CREATE INDEX messages_to_prepare ON deliveries (delivery_id) WHERE NOT is_prepared AND run_id IS NULL")
    op.execute("DROP TABLE applications")
