"""Create, change, read, test, resume and delete webhooks. Their secrets are told to nobody, the record included."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from services.segmenter.domain.webhooks import Answer, Webhook, check_url
from services.segmenter.outbound.cascade import SOURCE
from services.segmenter.outbound.webhooks import Poster
from services.segmenter.storage.webhook_deliveries import Delivery, page_deliveries
from services.segmenter.storage.webhooks import (
    delete_webhook,
    find_webhook,
    keep_webhook,
    lock_webhook,
    page_webhooks,
    resume_webhook,
)
from shared.basics.errors import Missing, mistake
from shared.contracts.envelope import Envelope
from shared.database.changes import Change, record
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock
from shared.runtime.ids import new_id

TEST_TYPE = "webhook.test"

Condition = Callable[[Webhook | None], None]
"""Raises when the stored webhook is not the one the caller expects."""


@dataclass(frozen=True)
class KeepWebhooks:
    """Webhooks by id."""

    database: Database
    clock: Clock
    poster: Poster

    async def put(self, wanted: Webhook, condition: Condition, *, by: str) -> tuple[Webhook, bool]:
        """Create or replace a webhook; as it is now, and whether it is new.

        Raises
        ------
        BadInput
            Its URL is none that events may be posted to.
        """
        await self._check(wanted.url)
        async with self.database.transaction() as connection:
            stored = await lock_webhook(connection, wanted.webhook_id)
            condition(stored)
            if stored is not None and stored.says_the_same(wanted):
                return stored, False
            await keep_webhook(connection, wanted)
            await self._record(connection, wanted.webhook_id, stored, wanted, by)
            return await _load(connection, wanted.webhook_id), stored is None

    async def get(self, webhook_id: str) -> Webhook:
        """One webhook."""
        async with self.database.transaction() as connection:
            return await _load(connection, webhook_id)

    async def page(self, after: str, limit: int) -> list[Webhook]:
        """Webhooks in order of id."""
        async with self.database.transaction() as connection:
            return await page_webhooks(connection, after, limit)

    async def delete(self, webhook_id: str, condition: Condition, *, by: str) -> None:
        """Delete a webhook; what was not yet sent to it goes with it."""
        async with self.database.transaction() as connection:
            stored = _known(webhook_id, await lock_webhook(connection, webhook_id))
            condition(stored)
            await delete_webhook(connection, webhook_id)
            await self._record(connection, webhook_id, stored, None, by)

    async def deliveries(self, webhook_id: str, before: str | None, limit: int) -> list[Delivery]:
        """What was posted to it, the newest first."""
        async with self.database.transaction() as connection:
            await _load(connection, webhook_id)
            return await page_deliveries(connection, webhook_id, before, limit)

    async def resume(self, webhook_id: str, *, by: str) -> Webhook:
        """Let a stream go on at once where it stopped or waits."""
        async with self.database.transaction() as connection:
            stored = _known(webhook_id, await lock_webhook(connection, webhook_id))
            await resume_webhook(connection, webhook_id)
            if stored.state != "active":
                resumed = replace(stored, state="active")
                await self._record(connection, webhook_id, stored, resumed, by)
            return await _load(connection, webhook_id)

    async def test(self, webhook_id: str) -> Answer:
        """Post one event that tells nothing, now, outside of the stream; what came back."""
        webhook = await self.get(webhook_id)
        event = Envelope(
            type=TEST_TYPE,
            id=new_id(),
            source=SOURCE,
            time=self.clock.now(),
            sequence=0,
            epoch=0,
            key=webhook_id,
            data=b"{}",
        )
        return await self.poster.post(webhook.url, webhook.secret, [event])

    async def _check(self, url: str) -> None:
        host = check_url(url, anywhere=self.poster.anywhere)
        if not await self.poster.allows(host):
            raise mistake("/url", "forbidden_address", "events are posted to public addresses only")

    async def _record(
        self, connection: Transaction, webhook_id: str, before: Webhook | None, after: Webhook | None, by: str
    ) -> None:
        said = _public(after)
        if said and before and after and before.secret != after.secret:
            said["secret_changed"] = True
        change = Change(f"webhooks/{webhook_id}", _public(before), said)
        await record(connection, [change], by=by, at=self.clock.now())


def _public(webhook: Webhook | None) -> dict[str, Any] | None:
    if webhook is None:
        return None
    return {"url": webhook.url, "event_types": webhook.event_types, "state": webhook.state}


async def _load(connection: Transaction, webhook_id: str) -> Webhook:
    return _known(webhook_id, await find_webhook(connection, webhook_id))


def _known(webhook_id: str, found: Webhook | None) -> Webhook:
    if found is None:
        raise Missing("unknown_webhook", f"there is no webhook {webhook_id}")
    return found
