"""Send mails that are due: noted before the call, called with empty hands, and what came of it noted after.

Three steps, each complete by itself, so that a process may die between any two: claim (a transaction), call (none),
keep (a transaction). A mail claimed by a process that died is found by its lease and judged as doubt.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random

from services.statements.domain.sending import Answer, Outcome, Policy, Try, after_attempt, judge_answer, without_mail
from services.statements.storage import addresses, deliveries
from services.statements.storage.addresses import AddressRow, Attempt, DueMail
from services.statements.usecases.settle_deliveries import settle_deliveries
from shared.database.engine import Database
from shared.runtime.clock import Clock
from shared.runtime.metrics import SENDS

Send = Callable[[str, bytes], Awaitable[Answer]]
"""Calls the gateway with an idempotency key and the bytes of a mail."""

_AT_ONCE = 10
_LEASE = timedelta(seconds=20)
"""Longer than the gateway's deadline, so that a lease ends only when its holder is gone."""


@dataclass(frozen=True)
class Called:
    """A call of the gateway for one address, the how manyeth it was, and what it answered."""

    delivery_id: str
    n: int
    attempt: int
    answer: Answer
    window_ends_at: datetime


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
        if not claimed:
            return False
        await self.keep(await asyncio.gather(*(self.call(mail) for mail in claimed)))
        self.wake()
        return True

    async def claim(self) -> list[DueMail]:
        """Take mails that are due and note that they are being sent; those that must not go any more are skipped."""
        now = self.clock.now()
        async with self.database.transaction() as connection:
            due = await addresses.claim_due(connection, _AT_ONCE)
            locked = await deliveries.lock(connection, sorted({mail.delivery_id for mail in due}))
            stopped = {(mail.delivery_id, mail.n): why for mail in due if (why := why_stopped(mail, now))}
            await addresses.change(connection, [(*of, Outcome("skipped", why)) for of, why in stopped.items()])
            sending = [mail for mail in due if (mail.delivery_id, mail.n) not in stopped]
            await addresses.send(connection, sending, _LEASE)
            await settle_deliveries(connection, locked, now)
        return sending

    async def call(self, mail: DueMail) -> Called:
        """Hand a claimed mail to the gateway."""
        answer = await self.send(f"{mail.delivery_id}.{mail.n}", mail.mail)
        return Called(mail.delivery_id, mail.n, mail.tries + 1, answer, mail.window_ends_at)

    async def keep(self, called: Sequence[Called]) -> None:
        """Keep what calls came to, all of them in one transaction."""
        now = self.clock.now()
        async with self.database.transaction() as connection:
            locked = await deliveries.lock(connection, sorted({one.delivery_id for one in called}))
            rows = {(row.delivery_id, row.n): row for row in await addresses.read(connection, sorted(locked))}
            judged = [(one, self._judge(one, rows[one.delivery_id, one.n], now)) for one in called]
            noted = [one for one, changed in judged if changed or one.answer.reason != "lease_lost"]
            await addresses.note_attempts(connection, [_attempt(one, now) for one in noted])
            changes = [(one.delivery_id, one.n, changed) for one, changed in judged if changed]
            await addresses.change(connection, changes)
            await settle_deliveries(connection, locked, now)
        for _, _, changed in changes:
            SENDS.labels(changed.state).inc()

    def _judge(self, called: Called, row: AddressRow, now: datetime) -> Outcome | None:
        """What an answer makes of its address; None where another attempt has settled it since."""
        doubt = row.reason if row.in_doubt else None
        tried = Try(called.attempt, doubt, row.age, now >= called.window_ends_at)
        outcome = judge_answer(called.answer, tried, self.policy, random())  # noqa: S311 - jitter
        if not row.has_mail:
            outcome = without_mail(outcome)
        is_mine = row.state == "sending" and row.tries == called.attempt
        return after_attempt(row.state, outcome, is_mine=is_mine)

    async def settle_lost(self) -> bool:
        """Judge mails whose sender did not come back: nobody knows whether they were sent."""
        async with self.database.transaction() as connection:
            lost = await addresses.claim_lost(connection)
        if not lost:
            return False
        doubt = Answer("doubt", reason="lease_lost")
        await self.keep([Called(mail.delivery_id, mail.n, mail.tries, doubt, mail.window_ends_at) for mail in lost])
        return True


def why_stopped(mail: DueMail, now: datetime) -> str | None:
    """Why a mail that was surely not sent must not go any more; doubt is always settled."""
    if mail.in_doubt:
        return None
    if mail.is_cut or (mail.send_until_at and now > mail.send_until_at):
        return "too_late"
    return mail.stopped_for


def _attempt(called: Called, now: datetime) -> Attempt:
    return Attempt(
        delivery_id=called.delivery_id,
        n=called.n,
        attempt=called.attempt,
        at=now,
        outcome=called.answer.reason or called.answer.kind,
        status=called.answer.status,
    )
