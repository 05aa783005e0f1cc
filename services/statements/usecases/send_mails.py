"""Send mails that are due: noted before the call, called with empty hands, and what came of it noted after.

Three steps, each complete by itself, so that a process may die between any two: claim (a transaction), call (none),
keep (a transaction). A mail claimed by a process that died is found by its lease and judged as doubt.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from services.statements.domain.sending import Answer, Outcome, Policy, Try, after_attempt, judge_answer
from services.statements.storage import addresses, deliveries
from services.statements.storage.addresses import Attempt, DueMail, address_of
from services.statements.usecases.settle_deliveries import settle_deliveries
from shared.database.engine import Database
from shared.runtime.clock import Clock

Send = Callable[[str, bytes], Awaitable[Answer]]
"""Calls the gateway with an idempotency key and the bytes of a mail."""

_AT_ONCE = 10
_LEASE = timedelta(seconds=20)
"""Longer than the gateway's deadline, so that a lease ends only when its holder is gone."""


@dataclass(frozen=True)
class SendMails:
    """``wake`` tells the relay that there is something to tell."""

    database: Database
    clock: Clock
    send: Send
    policy: Policy
    wake: Callable[[], None]

    async def __call__(self) -> bool:
        """Send what is due, a few mails at once; whether there was any."""
        claimed = await self.claim()
        await asyncio.gather(*(self._send(mail) for mail in claimed))
        if claimed:
            self.wake()
        return bool(claimed)

    async def claim(self) -> list[DueMail]:
        """Take mails that are due and note that they are being sent; those that must not go any more are skipped."""
        now = self.clock.now()
        async with self.database.transaction() as connection:
            due = await addresses.claim_due(connection, _AT_ONCE)
            locked = await deliveries.lock(connection, sorted({mail.delivery_id for mail in due}))
            stopped = {(mail.delivery_id, mail.n): why for mail in due if (why := why_stopped(mail, now))}
            for (delivery_id, n), reason in stopped.items():
                await addresses.change(connection, delivery_id, n, Outcome("skipped", reason))
            sending = [mail for mail in due if (mail.delivery_id, mail.n) not in stopped]
            await addresses.send(connection, sending, _LEASE)
            await settle_deliveries(connection, locked, now)
        return sending

    async def _send(self, mail: DueMail) -> None:
        answer = await self.send(f"{mail.delivery_id}.{mail.n}", mail.mail)
        await self.keep(mail.delivery_id, mail.n, mail.tries + 1, answer, mail.window_ends_at)

    async def keep(self, delivery_id: str, n: int, attempt: int, answer: Answer, window_ends_at: datetime) -> None:
        """Keep what an attempt came to."""
        now = self.clock.now()
        async with self.database.transaction() as connection:
            locked = await deliveries.lock(connection, [delivery_id])
            row = address_of(await addresses.read(connection, [delivery_id]), delivery_id, n)
            tried = Try(attempt, row.reason if row.in_doubt else None, row.age, now >= window_ends_at)
            outcome = judge_answer(answer, tried, self.policy, random())  # noqa: S311 - jitter
            is_mine = row.state == "sending" and row.tries == attempt
            changed = after_attempt(row.state, outcome, is_mine=is_mine)
            if changed or answer.reason != "lease_lost":
                await addresses.note_attempt(connection, _attempt(delivery_id, n, attempt, answer, now))
            if changed:
                await addresses.change(connection, delivery_id, n, changed)
                await settle_deliveries(connection, locked, now)

    async def settle_lost(self) -> bool:
        """Judge mails whose sender did not come back: nobody knows whether they were sent."""
        async with self.database.transaction() as connection:
            lost = await addresses.claim_lost(connection)
        for mail in lost:
            answer = Answer("doubt", reason="lease_lost")
            await self.keep(mail.delivery_id, mail.n, mail.tries, answer, mail.window_ends_at)
        return bool(lost)


def why_stopped(mail: DueMail, now: datetime) -> str | None:
    """Why a mail that was surely not sent must not go any more; doubt is always settled."""
    if mail.in_doubt:
        return None
    if mail.is_cut or (mail.send_until_at and now > mail.send_until_at):
        return "too_late"
    return mail.stopped_for


def _attempt(delivery_id: str, n: int, attempt: int, answer: Answer, now: datetime) -> Attempt:
    outcome = answer.reason or answer.kind
    return Attempt(delivery_id=delivery_id, n=n, attempt=attempt, at=now, outcome=outcome, status=answer.status)
