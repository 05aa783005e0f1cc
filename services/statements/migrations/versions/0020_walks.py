"""How far the reading of all snapshots, and the audit, have come."""

from shared.database import standing_tables

revision = "0020"
down_revision = "0005"


def upgrade() -> None:
    """Create it."""
    standing_tables.create_walks_v1()
