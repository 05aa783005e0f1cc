"""Where a refresh counts how many customers paid which amount, range after range, to fix the cutoffs of *top*."""

from alembic import op

revision = "0012"
down_revision = "0011"

_TABLE = """
CREATE TABLE top_amounts (
    currency text COLLATE "C" NOT NULL,
    paid numeric NOT NULL,
    customers bigint NOT NULL,
    PRIMARY KEY (currency, paid)
)
"""


def upgrade() -> None:
    """Create the table; a refresh that is being prepared counts from the first customer on."""
    op.execute(_TABLE)
