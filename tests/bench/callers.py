"""Callers of an HTTP service that cost little themselves: HTTP/1.1 over kept connections, one call at a time each.

The usual client spends more on a call than the service does, and would be measured in its place.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    body: bytes = b""
    content_type: str = "application/json"


def put(path: str, body: Any) -> Call:
    """A PUT of JSON."""
    return Call("PUT", path, json.dumps(body).encode())


async def call_all(url: str, key: str, calls: Sequence[Call], *, at_once: int) -> None:
    """Make all calls over so many connections; every answer must be a success."""
    waiting = iter(calls)
    await asyncio.gather(*(_caller(url, key, waiting) for _ in range(at_once)))


async def _caller(url: str, key: str, waiting: Any) -> None:
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        for call in waiting:
            writer.write(_request(call, where.netloc, key))
            status, answer = await _answer(reader)
            if not 200 <= status < 300:
                raise RuntimeError(f"{call.method} {call.path} was answered {status}: {answer[:500]!r}")
    finally:
        writer.close()


def _request(call: Call, host: str, key: str) -> bytes:
    head = (
        f"{call.method} {call.path} HTTP/1.1\r\nHost: {host}\r\nX-Api-Key: {key}\r\n"
        f"Content-Type: {call.content_type}\r\nContent-Length: {len(call.body)}\r\n\r\n"
    )
    return head.encode() + call.body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status = int(head.split(" ", 2)[1])
    lengths = [line.partition(":")[2] for line in head.split("\r\n") if line.lower().startswith("content-length:")]
    return status, await reader.readexactly(int(lengths[0]))
