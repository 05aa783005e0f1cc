"""An event loop in a thread, so that proxies go on while the run itself waits for a process or works something out."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType

import uvloop

Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class ProxyThread:
    """Serves any number of ports of 127.0.0.1 until the block ends."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxies", daemon=True)

    def __enter__(self) -> "ProxyThread":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(_end_all(self._servers), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def serve(self, port: int, handle: Handle) -> None:
        """Listen at a port from now on."""
        listening = asyncio.run_coroutine_threadsafe(_listen(port, handle), self._loop)
        self._servers.append(listening.result(10))


async def _listen(port: int, handle: Handle) -> asyncio.Server:
    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
        except OSError:  # either side went away: whoever is left finds out by its own connection
            pass
        finally:
            writer.transport.abort()

    return await asyncio.start_server(one, "127.0.0.1", port)


async def _end_all(servers: Sequence[asyncio.Server]) -> None:
    """Listen no more, and let go of every connection."""
    for server in servers:
        server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand on whatever comes until its sender ends."""
    while chunk := await reader.read(64 * 1024):
        writer.write(chunk)
        await writer.drain()


async def both_ways(one: Awaitable[None], other: Awaitable[None]) -> None:
    """Run both directions of a connection until either ends."""
    tasks = [asyncio.ensure_future(one), asyncio.ensure_future(other)]
    _, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
