"""One HTTP call on a connection of its own, cheap enough to make hundreds a second; no answer is an answer too.

A connection a call, so that a balancer decides about each; a kept one would stay with the replica it began with.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 15.0


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and the body as far as it came."""

    status: int
    body: bytes


async def call(url: str, key: str, method: str, path: str, body: Any = None) -> Answer | None:
    """The answer; None when the line broke, nobody listened, or nothing came within 15 s."""
    where = urlsplit(url)
    content = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} /v1{path} HTTP/1.1\r\nHost: {where.netloc}\r\nX-Api-Key: {key}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    try:
        async with asyncio.timeout(_SECONDS):
            return await _exchange(where.hostname or "", where.port or 80, head.encode() + content)
    except (OSError, TimeoutError, ValueError, IndexError):
        return None


async def _exchange(host: str, port: int, request: bytes) -> Answer:
    """Send, and read to the end. A line that breaks before the status is a ``ValueError`` or ``IndexError``."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(request)
        told = await reader.read()
    finally:
        writer.close()
    head, _, content = told.partition(b"\r\n\r\n")
    return Answer(int(head.split(b" ", 2)[1]), content)
