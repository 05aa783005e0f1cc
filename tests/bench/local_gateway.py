"""A mail gateway that accepts whatever comes, as cheaply as it can: ``python -m tests.bench.local_gateway``.

It runs in a process of its own, so that its work is nobody's; the first line it writes is its port.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_ACCEPTED = b'HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{"id":"1"}'
_LONGEST = 16 * 2**20


@asynccontextmanager
async def running_gateway() -> AsyncIterator[str]:
    """The base URL of such a gateway for as long as the block runs."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.local_gateway", stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout
    port = int(await child.stdout.readline())
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        await child.wait()


async def _serve() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0, limit=_LONGEST)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
            writer.write(_ACCEPTED)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()  # the caller is done with this connection


if __name__ == "__main__":
    asyncio.run(_serve())
