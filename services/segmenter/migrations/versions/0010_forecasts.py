"""The portfolio's forecast of each day turn: how far it is worked out, and how many customers move when."""

from alembic import op

revision = "0010"
down_revision = "0009"

_TABLES = """
CREATE TABLE forecasts (
    as_of date PRIMARY KEY,
    revision integer NOT NULL REFERENCES revisions,
    watermark text COLLATE "C" NOT NULL DEFAULT '',
    computed_at timestamptz
);
CREATE TABLE forecast_moves (
    as_of date NOT NULL,
    day date NOT NULL,
    from_segment text COLLATE "C" NOT NULL,
    to_segment text COLLATE "C" NOT NULL,
    currency text NOT NULL,
    customers bigint NOT NULL,
    balance numeric NOT NULL,
    PRIMARY KEY (as_of, day, from_segment, to_segment, currency)
)
"""


def upgrade() -> None:
    """Create the tables; the first forecast comes with the next tick after a turned day."""
    for statement in _TABLES.split(";"):
        op.execute(statement)
