"""The cascade: flows, published revisions, the draft, and refreshes. Revision 1 is Default alone."""

from alembic import op

revision = "0002"
down_revision = "0001"

_SETTINGS = """{
    "aging_edges": [30, 60, 90],
    "quick_filters": {"top_percentile": 80, "top_days": 365, "new_days": 30, "recent_days": 30,
        "recurring_months": 6, "recurring_at_least": 3},
    "contactability": {
        "local_parts": ["no", "na", "none", "noemail", "nomail", "sincorreo", "sinemail", "notiene", "notienecorreo",
            "noreply", "no-reply", "test", "prueba", "x", "xx", "xxx"],
        "domains": ["example.com", "example.org", "example.net", "noemail.com", "sincorreo.com", "test.com",
            "prueba.com"]
    }
}"""
_SEGMENTS = '[{"segment_id": "default", "name": "Default", "flow_id": null, "rule": null}]'
_TABLES = """
CREATE TABLE flows (
    flow_id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    channels text[] NOT NULL DEFAULT '{}',
    frequency text,
    content text
);
CREATE TABLE revisions (
    revision integer PRIMARY KEY,
    published_at timestamptz NOT NULL,
    published_by text,
    settings jsonb NOT NULL,
    segments jsonb NOT NULL,
    effect jsonb NOT NULL
);
CREATE TABLE published (
    sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
    revision integer NOT NULL REFERENCES revisions
);
CREATE TABLE draft (
    sole boolean PRIMARY KEY DEFAULT true CHECK (sole),
    version bigint NOT NULL,
    settings jsonb NOT NULL,
    segments jsonb NOT NULL
);
CREATE TABLE refreshes (
    refresh_id uuid PRIMARY KEY,
    state text NOT NULL
        CHECK (state IN ('preparing', 'publishing', 'converging', 'done', 'cancelled', 'failed')),
    draft jsonb NOT NULL,
    requested_by text,
    revision integer,
    as_of date,
    watermark text COLLATE "C",
    done integer NOT NULL DEFAULT 0,
    total integer NOT NULL DEFAULT 0,
    changed integer NOT NULL DEFAULT 0,
    error text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz
);
CREATE UNIQUE INDEX one_refresh_at_a_time ON refreshes ((true))
    WHERE state IN ('preparing', 'publishing', 'converging')
"""


def upgrade() -> None:
    """Create the tables and publish revision 1, which is the draft as well."""
    for statement in _TABLES.split(";"):
        op.execute(statement)
    op.execute(
        f"""
        INSERT INTO revisions (revision, published_at, settings, segments, effect)
        VALUES (1, clock_timestamp(), '{_SETTINGS}', '{_SEGMENTS}', '{{"customers": 0, "balance": []}}')
        """.replace(":", r"\:")
    )
    op.execute("INSERT INTO published (revision) VALUES (1)")
    op.execute("INSERT INTO draft (version, settings, segments) SELECT 1, settings, segments FROM revisions")
