"""Statement rules with their versions, and the runs of their periods."""

from alembic import op

revision = "0002"
down_revision = "0001"

_RULES = """
CREATE TABLE rules (
    rule_id text COLLATE "C" PRIMARY KEY,
    version integer NOT NULL,
    body jsonb NOT NULL,
    is_deleted boolean NOT NULL DEFAULT false,
    recorded_through timestamptz NOT NULL,
    next_due_at timestamptz
);
CREATE INDEX rules_due ON rules (next_due_at);
CREATE TABLE rule_versions (
    rule_id text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (rule_id, version)
)
"""
_RUNS = """
CREATE TABLE runs (
    run_id text COLLATE "C" PRIMARY KEY,
    rule_id text COLLATE "C" NOT NULL,
    rule_version integer NOT NULL,
    period text COLLATE "C" NOT NULL,
    nominal_on date NOT NULL,
    due_at timestamptz NOT NULL,
    send_until_at timestamptz,
    window_ends_at timestamptz NOT NULL,
    state text NOT NULL,
    reason text,
    stopped_for text,
    is_cut boolean NOT NULL DEFAULT false,
    is_stale boolean NOT NULL DEFAULT false,
    held_since timestamptz NOT NULL DEFAULT clock_timestamp(),
    waited_seconds numeric,
    as_of_date date,
    facts_through timestamptz,
    segments_through timestamptz,
    started_at timestamptz,
    alive_at timestamptz,
    finished_at timestamptz,
    planned_up_to text COLLATE "C" NOT NULL DEFAULT '',
    is_planned boolean NOT NULL DEFAULT false,
    UNIQUE (rule_id, period),
    UNIQUE (rule_id, nominal_on),
    FOREIGN KEY (rule_id, rule_version) REFERENCES rule_versions
);
CREATE INDEX runs_newest ON runs (due_at, run_id);
CREATE INDEX runs_under_way ON runs (run_id) WHERE state IN ('held', 'running')
"""


def upgrade() -> None:
    """Create the tables of what is due."""
    for statement in (*_RULES.split(";"), *_RUNS.split(";")):
        op.execute(statement)
