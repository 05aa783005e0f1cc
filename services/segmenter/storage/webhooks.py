"""Webhooks as they are edited: their address, their types and their secret."""

from typing import Any

from sqlalchemy import Row, text

from services.segmenter.domain.webhooks import Webhook
from shared.database.engine import Transaction

_COLUMNS = "webhook_id, url, event_types, secret, version, state, failures, failing_since, next_try_at"
_CLAIM_ID = text("SELECT pg_advisory_xact_lock(hashtextextended('webhook ' || :webhook_id, 0))")
_ONE = text(f"SELECT {_COLUMNS} FROM webhooks WHERE webhook_id = :webhook_id")
_LOCK = text(f"SELECT {_COLUMNS} FROM webhooks WHERE webhook_id = :webhook_id FOR UPDATE")
_PAGE = text(f"SELECT {_COLUMNS} FROM webhooks WHERE webhook_id > :after ORDER BY webhook_id LIMIT :limit")
_KEEP = text(
    """
    INSERT INTO webhooks (webhook_id, url, event_types, secret, version, passed)
    SELECT :webhook_id, :url, CAST(:event_types AS text[]), :secret, CAST(:version AS uuid), position
    FROM webhook_stream
    ON CONFLICT (webhook_id) DO UPDATE SET
        url = excluded.url, event_types = excluded.event_types, secret = excluded.secret, version = excluded.version
    """
)
_RESUME = text(
    """
    UPDATE webhooks SET state = 'active', failures = 0, failing_since = NULL, next_try_at = clock_timestamp()
    WHERE webhook_id = :webhook_id
    """
)
_FAILING = text(
    """
    SELECT count(*) FILTER (WHERE state = 'active') AS retrying, count(*) FILTER (WHERE state = 'failing') AS failing
    FROM webhooks WHERE failures > 0
    """
)
_DELETE = text("DELETE FROM webhooks WHERE webhook_id = :webhook_id")


async def find_webhook(connection: Transaction, webhook_id: str) -> Webhook | None:
    """A webhook, if there is one."""
    row = (await connection.execute(_ONE, {"webhook_id": webhook_id})).one_or_none()
    return _webhook(row) if row else None


async def lock_webhook(connection: Transaction, webhook_id: str) -> Webhook | None:
    """A webhook, for this transaction alone; so is its id where there is none yet."""
    await connection.execute(_CLAIM_ID, {"webhook_id": webhook_id})
    row = (await connection.execute(_LOCK, {"webhook_id": webhook_id})).one_or_none()
    return _webhook(row) if row else None


async def page_webhooks(connection: Transaction, after: str, limit: int) -> list[Webhook]:
    """Webhooks in order of id."""
    return [_webhook(row) for row in await connection.execute(_PAGE, {"after": after, "limit": limit})]


async def count_failing(connection: Transaction) -> dict[str, int]:
    """How many took nothing last time: ``retrying`` are tried again, ``failing`` wait for a person."""
    return dict((await connection.execute(_FAILING)).one()._mapping)


async def keep_webhook(connection: Transaction, webhook: Webhook) -> None:
    """Create a webhook, which begins with what is told from now on, or replace what it says."""
    await connection.execute(
        _KEEP,
        {
            "webhook_id": webhook.webhook_id,
            "url": webhook.url,
            "event_types": list(webhook.event_types),
            "secret": webhook.secret,
            "version": webhook.version,
        },
    )


async def resume_webhook(connection: Transaction, webhook_id: str) -> None:
    """Let its stream go on where it stopped."""
    await connection.execute(_RESUME, {"webhook_id": webhook_id})


async def delete_webhook(connection: Transaction, webhook_id: str) -> None:
    """Drop a webhook with its log; what was not yet sent to it goes with it."""
    await connection.execute(_DELETE, {"webhook_id": webhook_id})


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(**{**row._asdict(), "event_types": tuple(row.event_types), "version": str(row.version)})
