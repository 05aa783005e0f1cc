"""An SMTP server that a test scripts: it takes mails, says no at a step, or hangs up there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Literal

Step = Literal["connect", "auth", "mail", "rcpt", "data", "content"]


@dataclass
class ScriptedSmtp:
    """``says``: the answer at a step, in place of yes. ``hangs_up_at`` a step, there without an answer."""

    port: int = 0
    says: dict[Step, str] = field(default_factory=dict)
    hangs_up_at: Step | None = None
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._talk(reader, writer)
        except (_HungUp, ConnectionError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._answer(writer, "connect", "220 ready")
        to: list[str] = []
        while line := (await reader.readline()).decode().strip():
            word = line.upper()
            if word.startswith(("EHLO", "HELO")):
                writer.write(b"250-hello\r\n250 AUTH PLAIN\r\n")
            elif word.startswith("AUTH"):
                self._answer(writer, "auth", "235 come in")
            elif word.startswith("MAIL"):
                to = []
                self._answer(writer, "mail", "250 ok")
            elif word.startswith("RCPT"):
                to.append(line[8:].strip("<>"))
                self._answer(writer, "rcpt", "250 ok")
            elif word == "DATA":
                self._answer(writer, "data", "354 go on")
                if "data" not in self.says:
                    await self._take(reader, to)
                    self._answer(writer, "content", "250 taken")
            else:
                writer.write(b"221 bye\r\n")

    async def _take(self, reader: asyncio.StreamReader, to: list[str]) -> None:
        content = await reader.readuntil(b"\r\n.\r\n")
        self.taken.append(message_from_bytes(content[:-3], EmailMessage, policy=default))
        self.recipients.append(to)

    def _answer(self, writer: asyncio.StreamWriter, step: Step, usual: str) -> None:
        if self.hangs_up_at == step:
            raise _HungUp
        writer.write(f"{self.says.get(step, usual)}\r\n".encode())


class _HungUp(Exception):
    pass


@asynccontextmanager
async def scripted_smtp() -> AsyncIterator[ScriptedSmtp]:
    """A server on a free port."""
    scripted = ScriptedSmtp()
    server = await asyncio.start_server(scripted.talk, "127.0.0.1", 0)
    scripted.port = server.sockets[0].getsockname()[1]
    try:
        yield scripted
    finally:
        server.close()
