"""A proxy before PostgreSQL that reads the wire protocol as far as to see a COMMIT, and can cut the line there.

Cut *before*: the server never hears the COMMIT, and rolls back. Cut *after*: the server commits, and nobody hears it
say so. The client cannot tell one from the other, which is the point.
"""

import asyncio
import random
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.chaos.proxy.thread import both_ways

_START_UP = 196608  # the protocol's version 3.0; anything else of that shape asks for encryption
_QUERY = ord("Q")
_CHANCE, _USUAL_CHANCE = {"customers": 0.5}, 0.05  # workers commit all the time, the api only when somebody writes


@dataclass
class Commits:
    """In front of the server at ``port``. Set ``to_cut`` to have so many COMMITs cut, by chance."""

    port: int
    to_cut: int = 0
    cut: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many were cut by (database, ``before`` | ``after``)."""
    seen: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(100))

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client's session."""
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            session = _Session(self, reader, writer, there, back)
            await both_ways(session.forward(), session.answer())
        finally:
            back.transport.abort()

    def cuts_now(self, database: str) -> str | None:
        """Whether this COMMIT is cut, and when."""
        self.seen += 1
        if self.to_cut <= 0 or self.dice.random() >= _CHANCE.get(database, _USUAL_CHANCE):
            return None
        self.to_cut -= 1
        when = self.dice.choice(("before", "after"))
        self.cut[database, when] += 1
        return when


@dataclass
class _Session:
    of: Commits
    client: asyncio.StreamReader
    to_client: asyncio.StreamWriter
    server: asyncio.StreamReader
    to_server: asyncio.StreamWriter
    database: str = ""
    is_deaf: bool = False
    _unread: bytes = b""

    async def forward(self) -> None:
        """What the client says, until it ends or a COMMIT of it is cut."""
        while chunk := await self.client.read(64 * 1024):
            when = next((cut for cut in map(self._cut_at, self._messages(chunk)) if cut), None)
            if when == "before":
                return
            self.is_deaf = when == "after"
            self.to_server.write(chunk)
            await self.to_server.drain()
            if self.is_deaf:
                await asyncio.sleep(5)  # answer() ends the session as soon as the server has answered

    async def answer(self) -> None:
        """What the server says, until it ends or says what nobody shall hear."""
        while chunk := await self.server.read(64 * 1024):
            if self.is_deaf:
                return
            self.to_client.write(chunk)
            await self.to_client.drain()

    def _cut_at(self, message: tuple[int, bytes]) -> str | None:
        kind, body = message
        if kind == _QUERY and body[:6].upper() == b"COMMIT":
            return self.of.cuts_now(self.database)
        return None

    def _messages(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        """The whole messages that a chunk completes: (type, body); those of the start have no type."""
        self._unread += chunk
        while True:
            typed = bool(self.database)
            if len(self._unread) < 4 + typed:
                return
            length = int(struct.unpack_from("!I", self._unread, typed)[0])
            if len(self._unread) < length + typed:
                return
            body, kind = self._unread[4 + typed : length + typed], self._unread[0] if typed else 0
            self._unread = self._unread[length + typed :]
            if not typed:
                self._start(body)
            yield kind, body

    def _start(self, body: bytes) -> None:
        if len(body) >= 4 and struct.unpack_from("!I", body)[0] == _START_UP:
            words = body[4:].split(b"\x00")
            self.database = dict(zip(words[::2], words[1::2], strict=False)).get(b"database", b"?").decode()
