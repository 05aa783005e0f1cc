"""Post what is told to webhooks: each stream in order, one POST at a time, again until it is taken.

At least once: a worker that dies between the POST and the move of the cursor leaves a lease, after which another one
sends the same events with the same ids.
"""

from dataclasses import dataclass

from services.segmenter.domain.webhooks import Answer, gives_up, wait_seconds
from services.segmenter.outbound.webhooks import POST_SECONDS, Poster
from services.segmenter.storage.webhook_deliveries import note_delivery
from services.segmenter.storage.webhook_events import last_position, next_events, place
from services.segmenter.storage.webhook_turns import Turn, claim, machine_now, pass_to, wait
from shared.contracts.envelope import Envelope
from shared.database.engine import Database, Transaction
from shared.runtime.ids import new_id

EVENTS_PER_POST = 500
LEASE_SECONDS = 4 * POST_SECONDS
_PLACED_AT_ONCE = 5000


@dataclass(frozen=True)
class PostToWebhooks:
    """Any number of workers share the webhooks."""

    database: Database
    poster: Poster

    async def step(self) -> bool:
        """Serve the webhook whose turn it is; False if nobody's is."""
        async with self.database.transaction() as connection:
            placed = await place(connection, _PLACED_AT_ONCE)
        async with self.database.transaction() as connection:
            last = await last_position(connection)
            turn = await claim(connection, new_id(), last=last, seconds=LEASE_SECONDS)
            if turn is None:
                return placed > 0
            found = await next_events(connection, turn.event_types, after=turn.passed, last=last, limit=EVENTS_PER_POST)
            if not found:
                return await pass_to(connection, turn, last)
        events = [event for _, event in found]
        answer = await self.poster.post(turn.url, turn.secret, events)
        passed = found[-1][0] if len(found) == EVENTS_PER_POST else last
        async with self.database.transaction() as connection:
            await self._settle(connection, turn, events, answer, passed)
        return True

    async def _settle(
        self, connection: Transaction, turn: Turn, events: list[Envelope], answer: Answer, passed: int
    ) -> None:
        now = await machine_now(connection)
        if answer.is_success:
            held = await pass_to(connection, turn, passed)
        else:
            stops = gives_up(turn.failing_since or now, now)
            seconds = wait_seconds(turn.failures + 1)
            held = await wait(connection, turn, now=now, seconds=seconds, stops=stops)
        if held:
            await note_delivery(connection, turn.webhook_id, new_id(), events, answer, now)
