"""A round-robin balancer of connections that sends none to a replica being drained, as a Kubernetes Service does."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.chaos.proxy.thread import both_ways, pump


@dataclass
class Balancer:
    """In front of the replicas at these ports. ``drained`` ones get no new connection; a dead one is passed over."""

    ports: Sequence[int]
    drained: set[int] = field(default_factory=set)
    sent_to: Counter[int] = field(default_factory=Counter)
    open_to: Counter[int] = field(default_factory=Counter)
    turned_away: int = 0
    _next: int = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One caller, with one replica until either hangs up; hung up on at once when nobody takes it."""
        for port in self._in_turn():
            try:
                there, back = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            await self._join(port, (reader, writer), (there, back))
            return
        self.turned_away += 1

    async def _join(
        self,
        port: int,
        caller: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        replica: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self.sent_to[port] += 1
        self.open_to[port] += 1
        try:
            await both_ways(pump(caller[0], replica[1]), pump(replica[0], caller[1]))
        finally:
            self.open_to[port] -= 1
            replica[1].close()
            caller[1].close()

    def _in_turn(self) -> list[int]:
        self._next += 1
        taking = [port for port in self.ports if port not in self.drained]
        return taking[self._next % len(taking) :] + taking[: self._next % len(taking)] if taking else []
