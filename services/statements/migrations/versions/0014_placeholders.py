"""Which addresses the published cascade calls placeholders; null, and so the usual ones, until it is read again."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """The revision steps back by one, so that the next reading of standings brings them for the cascade in force."""
    op.execute("ALTER TABLE cascade ADD COLUMN placeholder_local_parts text[], ADD COLUMN placeholder_domains text[]")
    op.execute("UPDATE cascade SET revision = revision - 1")
