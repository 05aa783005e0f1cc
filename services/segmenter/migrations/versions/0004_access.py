"""Keys and the record of changes; how many records are left to read."""

from shared.database import standing_tables

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    standing_tables.create_access_v1()
    standing_tables.add_events_left_v1()
