"""Send mails that are due: noted before the call, called with empty hands, and what came of it noted after.

Three steps, each complete by itself, so that a process may die between any two: claim (a transaction), call (none),
keep (a transaction). A mail claimed by a process that died is found by its lease and judged as doubt. One that was not
called soon (the gateway is slow, or began to fail) is given back as it was: a cancel or a pause acts on it.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import random
from time import monotonic
from typing import NamedTuple

from services.statements.domain.breaker import Breaker
from services.statements.domain.pace import Pace
from services.statements.domain.sending import Answer, Outcome, Policy, Try, after_attempt, judge_answer, without_mail
from services.statements.storage import addresses, deliveries, pace
from services.statements.storage.addresses import AddressRow, DueMail
from services.statements.storage.attempts import Attempt, note_attempts
from services.statements.usecases.settle_deliveries import settle_deliveries
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock
from shared.runtime.metrics import SENDS

Send = Callable[[str, bytes], Awaitable[Answer]]
"""Calls the gateway with an idempotency key and the bytes of a mail."""

_IN_FLIGHT = 10
_CLAIMED_WITH_KEYS = 50
"""Where a repeat is harmless. Elsewhere what a dead worker had claimed stays in doubt: no more than is in flight."""
_CALLED_WITHIN = 2.0
_NOTED_WITHIN = 0.05
"""Where a repeat is not harmless, what was answered is noted so soon, while other calls are under way."""
_LEASE = timedelta(seconds=20)
"""Longer than the gateway's deadline after the last call has begun: a lease ends only when its holder is gone."""


@dataclass(frozen=True)
class Called:
    """A call of the gateway for one address, the how manyeth it was, and what it answered."""

    delivery_id: str
    n: int
    attempt: int
    answer: Answer
    window_ends_at: datetime


@dataclass
class _Claimed:
    """Mails that are being sent; what still waits ``until`` a moment of machine time is given back."""

    waiting: deque[DueMail]
    until: float
    in_flight: int = 0
    called: list[Called] = field(default_factory=list)

    def answered(self) -> list[Called]:
        """The calls that were answered since this was asked last."""
        called, self.called = self.called, []
        return called


class Claim(NamedTuple):
    """Mails to be handed to the gateway, and how many were ended instead, as they must not go any more."""

    mails: list[DueMail]
    ended: int


@dataclass
class SendMails:
    """``pace`` is None where mails go as fast as they can; ``wake`` tells the relay that there is something to tell."""

    database: Database
    clock: Clock
    send: Send
    policy: Policy
    pace: Pace | None
    breaker: Breaker
    wake: Callable[[], None]

    async def __call__(self) -> bool:
        """Send what is due, a few mails at once; whether there was any."""
        wanted = _CLAIMED_WITH_KEYS if self.policy.honours_keys else _IN_FLIGHT
        allowed = self.breaker.allowance(monotonic(), wanted)
        if not allowed:
            return await self.give_up()
        claim = await self.claim(allowed)
        if not claim.mails:
            return bool(claim.ended)
        claimed = _Claimed(deque(claim.mails), monotonic() + _CALLED_WITHIN)
        await self._call_and_keep(claimed)
        await self.give_back(claimed.waiting)
        self.wake()
        return True

    async def _call_and_keep(self, claimed: _Claimed) -> None:
        """Without keys what a dead worker had not noted is in doubt: only what was in flight is to be."""
        soon = None if self.policy.honours_keys else _NOTED_WITHIN
        calling = asyncio.gather(*(self._call_next(claimed) for _ in range(_IN_FLIGHT)))
        try:
            all_answered = False
            while not all_answered:
                await asyncio.wait([calling], timeout=soon)
                all_answered = calling.done()
                await self.keep(claimed.answered())
        finally:
            await calling

    async def _call_next(self, claimed: _Claimed) -> None:
        """Call for one waiting mail after the other while there is time and the gateway is not failing."""
        while claimed.waiting and monotonic() < claimed.until:
            if not self.breaker.may_call(monotonic(), claimed.in_flight):
                return
            claimed.in_flight += 1
            one = await self.call(claimed.waiting.popleft())
            claimed.in_flight -= 1
            self.breaker = self.breaker.after([one.answer], monotonic())
            claimed.called.append(one)

    async def claim(self, limit: int = _IN_FLIGHT) -> Claim:
        """Take mails that are due and note that they are being sent; those that must not go any more are skipped."""
        async with self.database.direct_transaction() as connection:
            slots = await pace.lock(connection, self.pace) if self.pace else None
            claim = await self._claim(connection, min(limit, slots.free) if slots else limit)
            if slots:
                await pace.use(connection, slots, len(claim.mails))
        return claim

    async def give_up(self) -> bool:
        """While the gateway is not called at all: let go of what was surely not sent and whose window is over."""
        now = self.clock.now()
        async with self.database.transaction() as connection:
            over = [mail for mail in await addresses.claim_over(connection, now, _IN_FLIGHT) if not mail.in_doubt]
            locked = await deliveries.lock(connection, sorted({mail.delivery_id for mail in over}))
            ends = [(mail.delivery_id, mail.n, why_stopped(mail, now) or Outcome("failed", "gave_up")) for mail in over]
            await addresses.change(connection, ends)
            await settle_deliveries(connection, locked, now)
        return bool(over)

    async def _claim(self, connection: Transaction, limit: int) -> Claim:
        now = self.clock.now()
        locked = await deliveries.lock_due(connection, limit)
        due = await addresses.due(connection, locked)
        stopped = {(mail.delivery_id, mail.n): end for mail in due if (end := why_stopped(mail, now))}
        await addresses.change(connection, [(*of, end) for of, end in stopped.items()])
        sending = [mail for mail in due if (mail.delivery_id, mail.n) not in stopped]
        await addresses.send(connection, sending, _LEASE)
        await settle_deliveries(connection, locked, now)
        return Claim(sending, len(stopped))

    async def call(self, mail: DueMail) -> Called:
        """Hand a claimed mail to the gateway."""
        answer = await self.send(f"{mail.delivery_id}.{mail.n}", mail.mail)
        return Called(mail.delivery_id, mail.n, mail.tries + 1, answer, mail.window_ends_at)

    async def give_back(self, mails: Collection[DueMail]) -> None:
        """Let claimed mails that were not called wait again, as if they had not been claimed."""
        if not mails:
            return
        async with self.database.direct_transaction() as connection:
            locked = await deliveries.lock(connection, sorted({mail.delivery_id for mail in mails}))
            await addresses.give_back(connection, mails)
            await settle_deliveries(connection, locked, self.clock.now())

    async def keep(self, called: Sequence[Called]) -> None:
        """Keep what calls came to, all of them in one transaction."""
        if not called:
            return
        now = self.clock.now()
        async with self.database.direct_transaction() as connection:
            locked = await deliveries.lock(connection, sorted({one.delivery_id for one in called}))
            rows = {(row.delivery_id, row.n): row for row in await addresses.read(connection, sorted(locked))}
            judged = [(one, self._judge(one, rows[one.delivery_id, one.n], now)) for one in called]
            noted = [one for one, changed in judged if changed or one.answer.reason != "lease_lost"]
            await note_attempts(connection, [_attempt(one, now) for one in noted])
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
        async with self.database.direct_transaction() as connection:
            lost = await addresses.claim_lost(connection)
        if not lost:
            return False
        doubt = Answer("doubt", reason="lease_lost")
        await self.keep([Called(mail.delivery_id, mail.n, mail.tries, doubt, mail.window_ends_at) for mail in lost])
        return True


def why_stopped(mail: DueMail, now: datetime) -> Outcome | None:
    """How a mail that was surely not sent ends if it must not go any more; doubt is always settled."""
    if mail.in_doubt:
        return None
    if mail.tries and now > mail.window_ends_at:
        return Outcome("failed", "gave_up")
    if mail.is_cut or (mail.send_until_at and now > mail.send_until_at):
        return Outcome("skipped", "too_late")
    return Outcome("skipped", mail.stopped_for) if mail.stopped_for else None


def _attempt(called: Called, now: datetime) -> Attempt:
    return Attempt(
        delivery_id=called.delivery_id,
        n=called.n,
        attempt=called.attempt,
        at=now,
        outcome=called.answer.reason or called.answer.kind,
        status=called.answer.status,
    )
