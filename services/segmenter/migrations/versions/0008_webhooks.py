"""Webhooks: who is posted what is told, how far each of them is, and what came of each POST."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables."""
    op.execute(
        """
        CREATE TABLE webhooks (
            webhook_id text COLLATE "C" PRIMARY KEY,
            url text NOT NULL,
            event_types text[] NOT NULL,
            secret text NOT NULL,
            version uuid NOT NULL,
            passed bigint NOT NULL,
            state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'failing')),
            failures int NOT NULL DEFAULT 0,
            failing_since timestamptz,
            next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            lease uuid,
            leased_until timestamptz NOT NULL DEFAULT '-infinity'
        )
        """
    )
    op.execute("CREATE TABLE webhook_stream (position bigint NOT NULL)")
    op.execute("INSERT INTO webhook_stream VALUES (0)")
    op.execute(
        """
        CREATE TABLE webhook_events (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            position bigint UNIQUE,
            key text COLLATE "C" NOT NULL,
            type text NOT NULL,
            event_id text COLLATE "C" NOT NULL,
            source text NOT NULL,
            sequence bigint NOT NULL,
            epoch bigint NOT NULL,
            time timestamptz NOT NULL,
            data bytea NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX webhook_events_unplaced ON webhook_events (id) WHERE position IS NULL")
    op.execute(
        """
        CREATE TABLE webhook_deliveries (
            webhook_id text COLLATE "C" NOT NULL REFERENCES webhooks ON DELETE CASCADE,
            delivery_id uuid NOT NULL,
            at timestamptz NOT NULL,
            events int NOT NULL,
            first_event_id text COLLATE "C" NOT NULL,
            last_event_id text COLLATE "C" NOT NULL,
            outcome text NOT NULL,
            status int,
            PRIMARY KEY (webhook_id, delivery_id)
        )
        """
    )
    op.execute("CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (webhook_id, at)")
