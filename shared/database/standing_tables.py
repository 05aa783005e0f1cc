"""The tables that several services keep for ``shared``, as migrations create them.

Each function is one frozen step of history: change a table by adding a step, never by editing one.
"""

from alembic import op


def create_instance_v1() -> None:
    """``instance``: the epoch of this database, which a restore raises (``instance.raise_epoch``)."""
    op.execute("CREATE TABLE instance (sole boolean PRIMARY KEY DEFAULT true CHECK (sole), epoch bigint NOT NULL)")
    op.execute("INSERT INTO instance (epoch) VALUES (1)")


def create_outbox_v1() -> None:
    """``outbox``: events not yet handed to Kafka, written in the transaction of the fact, deleted once sent."""
    op.execute(
        """
        CREATE TABLE outbox (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            key text COLLATE "C" NOT NULL,
            type text NOT NULL,
            event_id text NOT NULL,
            sequence bigint NOT NULL,
            epoch bigint NOT NULL,
            time timestamptz NOT NULL,
            history boolean NOT NULL,
            data bytea NOT NULL
        )
        """
    )


def trace_outbox_v1() -> None:
    """The trace that an event belongs to, in W3C's words; null where nobody traces."""
    op.execute("ALTER TABLE outbox ADD COLUMN traceparent text")


def create_hearing_v1() -> None:
    """What a service that hears a topic keeps: who fell behind, what was unreadable, how far each partition is."""
    op.execute(
        """
        CREATE TABLE behind (
            customer_id text COLLATE "C" PRIMARY KEY,
            seen_epoch bigint NOT NULL,
            seen_seq bigint NOT NULL,
            reason text NOT NULL,
            tries integer NOT NULL DEFAULT 0,
            since timestamptz NOT NULL DEFAULT clock_timestamp(),
            next_try_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """
    )
    op.execute(
        """
        CREATE TABLE quarantine (
            topic text NOT NULL,
            partition integer NOT NULL,
            kafka_offset bigint NOT NULL,
            reason text NOT NULL,
            key bytea,
            headers jsonb NOT NULL,
            value bytea,
            at timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (topic, partition, kafka_offset)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE partition_progress (
            topic text NOT NULL,
            partition integer NOT NULL,
            of integer NOT NULL,
            through timestamptz NOT NULL,
            PRIMARY KEY (topic, partition)
        )
        """
    )


def create_walks_v1() -> None:
    """``walks``: resumable passes over all customers of the sender (``shared.messaging.walks``).

    A service that knows customers already has no need of the first reading of everything.
    """
    op.execute(
        """
        CREATE TABLE walks (
            name text PRIMARY KEY,
            after text COLLATE "C",
            began_on date,
            finished_at timestamptz,
            claimed_until timestamptz NOT NULL DEFAULT '-infinity'
        )
        """
    )
    op.execute(
        """
        INSERT INTO walks (name, after, finished_at)
        SELECT 'snapshots', CASE WHEN NOT known THEN '' END, CASE WHEN known THEN clock_timestamp() END
        FROM (SELECT EXISTS (SELECT FROM customers) AS known) AS c
        UNION ALL SELECT 'audit', NULL, NULL
        """
    )


def create_access_v1() -> None:
    """``api_keys``: who may call, by the SHA-256 of the key. ``changes``: who changed what, newest last."""
    op.execute(
        """
        CREATE TABLE api_keys (
            key_id text COLLATE "C" PRIMARY KEY,
            name text NOT NULL,
            hash text COLLATE "C" NOT NULL UNIQUE,
            scopes text[] NOT NULL,
            created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            expires_at timestamptz,
            revoked_at timestamptz
        )
        """
    )
    op.execute(
        """
        CREATE TABLE changes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            at timestamptz NOT NULL,
            changed_by text NOT NULL,
            resource text COLLATE "C" NOT NULL,
            before jsonb,
            after jsonb
        )
        """
    )


def add_events_left_v1() -> None:
    """How many records of a partition were still to be read when its progress was told."""
    op.execute("ALTER TABLE partition_progress ADD COLUMN events_left bigint NOT NULL DEFAULT 0")
