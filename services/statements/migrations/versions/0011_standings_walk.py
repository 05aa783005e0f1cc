"""How far the reading of where everyone stands has come, and of which revision the published cascade is."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Whoever knows standings already has no need to wait for the first reading."""
    op.execute("ALTER TABLE cascade ADD COLUMN revision bigint NOT NULL DEFAULT 0")
    op.execute(
        """
        INSERT INTO walks (name, after, finished_at)
        SELECT 'standings', CASE WHEN NOT known THEN '' END, CASE WHEN known THEN clock_timestamp() END
        FROM (SELECT EXISTS (SELECT FROM standings) AS known) AS s
        """
    )
