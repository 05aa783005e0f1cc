"""How far the reading of all snapshots and the audit have come, and what is left of customers that were removed."""

from alembic import op

from shared.database import standing_tables

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create them."""
    standing_tables.create_walks_v1()
    op.execute('CREATE TABLE former_sequences (customer_id text COLLATE "C" PRIMARY KEY, sequence bigint NOT NULL)')
