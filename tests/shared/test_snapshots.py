"""Snapshots over HTTP: a stream is read line by line, left when enough is read, and an end too early is no end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager

import pytest

from shared.basics.errors import Unavailable
from shared.contracts.customers_snapshots import Snapshot
from shared.contracts.envelope import encode_data
from shared.http.client import ServiceClient
from shared.messaging.snapshots import Snapshots
from tests.shared.hearer import snapshot, variable

OK = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def line(one: object) -> bytes:
    return encode_data(one) + b"\n"  # type: ignore[arg-type]


@asynccontextmanager
async def answering(*parts: bytes) -> AsyncIterator[Snapshots]:
    """A server that answers anything with these bytes, and closes."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"".join(parts))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, ServiceClient(f"http://127.0.0.1:{port}", "key") as client:
        yield Snapshots(client)


async def read(snapshots: Snapshots) -> list[str]:
    async with aclosing(snapshots.read("")) as told:
        return [one.customer_id if isinstance(one, Snapshot) else one.variable.key async for one in told]


async def test_lines_are_read_however_they_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    strange = snapshot("ana")
    strange.customer.emails.append("una\u2028otra\u0085más")
    whole = line(variable("cupo")) + line(strange) + line(snapshot("bea"))
    pieces = [chunk(whole[place : place + 7]) for place in range(0, len(whole), 7)]
    async with answering(OK, *pieces, END) as snapshots:
        assert await read(snapshots) == ["cupo", "ana", "bea"]


async def test_variables_are_read_without_the_customers() -> None:
    async with answering(OK, chunk(line(variable("cupo")) + line(snapshot("ana")))) as snapshots:
        assert [one.variable.key for one in await snapshots.variables()] == ["cupo"]


async def _fetch(snapshots: Snapshots) -> object:
    return await snapshots.fetch("ana")


async def _heads(snapshots: Snapshots) -> object:
    return await snapshots.heads("", 10)


@pytest.mark.parametrize("ask", [read, _fetch, _heads])
@pytest.mark.parametrize(
    "answer",
    [
        OK + chunk(line(snapshot("ana"))),  # cut between two lines
        OK + chunk(line(snapshot("ana"))[:30]),
        OK + chunk(b"<html>\n") + END,
        b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n",
        b"",
    ],
    ids=["cut at a line", "cut", "no json", "503", "nothing"],
)
async def test_an_answer_that_is_not_whole_is_tried_again_later(
    ask: Callable[[Snapshots], Awaitable[object]], answer: bytes
) -> None:
    async with answering(answer) as snapshots:
        with pytest.raises(Unavailable):
            await ask(snapshots)
