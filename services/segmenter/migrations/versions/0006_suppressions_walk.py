"""When what is known of an address was so, and how far the reading of suppressed addresses has come."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Of addresses told before nobody knows when: what is suppressed now counts."""
    op.execute("ALTER TABLE contacts ADD COLUMN at timestamptz NOT NULL DEFAULT '-infinity'")
    op.execute("INSERT INTO walks (name, after) VALUES ('suppressions', '')")
