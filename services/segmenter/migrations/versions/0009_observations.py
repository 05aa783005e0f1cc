"""Of how many customers each variable is loaded and between which values it lies, as it was counted last."""

from alembic import op

revision = "0009"
down_revision = "0008"

_TABLES = """
CREATE TABLE observation_count (
    sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
    customers bigint NOT NULL DEFAULT 0,
    counted_at timestamptz,
    as_of date,
    asked_at timestamptz,
    watermark text COLLATE "C",
    begun_at timestamptz,
    begun_of date,
    seen bigint NOT NULL DEFAULT 0
);
INSERT INTO observation_count DEFAULT VALUES;
CREATE TABLE observations (
    is_complete boolean NOT NULL,
    key text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    loaded bigint NOT NULL,
    least numeric,
    greatest numeric,
    first_on date,
    last_on date,
    PRIMARY KEY (is_complete, key, currency)
)
"""


def upgrade() -> None:
    """Create the tables; nothing is counted yet."""
    for statement in _TABLES.split(";"):
        op.execute(statement)
