"""A process beside another one: started by it and ended with it, each able to ring the other.

For work that takes an interpreter whole, while the process that started it answers, hears and calls. What both have to
say to each other stands in the database; the line between them only says that there is something to look at. It is a
socket in the place of standard input: when one end goes, however that happens, the other process notices.
"""

import asyncio
import signal
import socket
import sys
from collections.abc import Sequence

from shared.runtime.loops import Bell, Loop, StopFlag


class Line:
    """One end; ``bell`` rings when the other end calls."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._writer: asyncio.StreamWriter | None = None

    def ring(self) -> None:
        """Say that there is something to look at."""
        if self._writer:
            self._writer.write(b".")

    async def hold(self, end: socket.socket, stop: StopFlag) -> None:
        """Listen until the other end is gone or the flag goes up."""
        reader, self._writer = await asyncio.open_connection(sock=end)
        either = [asyncio.ensure_future(self._listen(reader)), asyncio.ensure_future(stop.until_raised())]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        for one in either:
            one.cancel()
        self._writer.close()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while await reader.read(1024):
                self._bell.ring()
        except ConnectionError:
            return


def starting(command: Sequence[str], line: Line) -> Loop:
    """The loop that starts ``python -m …`` and ends it with this process; if it ends by itself, this one ends too."""

    async def loop(stop: StopFlag) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            child = await asyncio.create_subprocess_exec(sys.executable, "-m", *command, stdin=theirs.fileno())
        await line.hold(ours, stop)
        await child.wait()
        if not stop.is_raised:
            raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}")

    return loop


def started(line: Line) -> Loop:
    """The loop of the process that was started: it ends with the line, and leaves signals to who started it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)

    async def loop(stop: StopFlag) -> None:
        await line.hold(socket.socket(fileno=sys.stdin.fileno()), stop)

    return loop
