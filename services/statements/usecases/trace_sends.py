"""Calls of the mail gateway as spans of the trace that the mail comes from. Only wired where there is tracing."""

from dataclasses import dataclass

from services.statements.domain.sending import Answer
from services.statements.storage.traces import traces_of
from services.statements.usecases.send_mails import Send
from shared.basics.errors import Unavailable
from shared.database.engine import Database
from shared.runtime import tracing


@dataclass(frozen=True)
class TraceSends:
    """A way of sending that is seen: ``send`` with a span around it."""

    database: Database
    send: Send

    async def __call__(self, key: str, mail: bytes) -> Answer:
        """Send a mail by its idempotency key, ``<delivery>.<n>``."""
        delivery_id = key.rpartition(".")[0]
        traceparent = await self._trace_of(delivery_id)
        if traceparent is None:
            return await self.send(key, mail)
        attributes = {"cascada.delivery_id": delivery_id}
        with tracing.at_work(tracing.start("send mail", "producer", parent=traceparent, attributes=attributes)) as span:
            answer = await self.send(key, mail)
            span.set_attribute("cascada.outcome", answer.kind)
        return answer

    async def _trace_of(self, delivery_id: str) -> str | None:
        try:
            async with self.database.transaction() as connection:
                return (await traces_of(connection, [delivery_id])).get(delivery_id)
        except Unavailable:  # nobody is to be in doubt about a mail because its trace could not be read
            return None


def traced(database: Database, send: Send) -> Send:
    """``send`` as it is while nobody traces."""
    return TraceSends(database, send) if tracing.is_on() else send
