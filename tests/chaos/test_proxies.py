"""The proxies do what the fault run takes them to do: a COMMIT is cut before or after, a drained replica left alone."""

import asyncio
from collections.abc import Iterator
from random import Random
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.local.ports import free_port
from tests.chaos.proxy.balancer import Balancer
from tests.chaos.proxy.commits import Commits
from tests.chaos.proxy.thread import Handle, ProxyThread
from tests.support.eventually import eventually
from tests.support.fixtures import NewDatabase


@pytest.fixture
def proxies() -> Iterator[ProxyThread]:
    with ProxyThread() as thread:
        yield thread


class Always(Random):
    """Every COMMIT is cut, at the moment asked for."""

    def __init__(self, when: str) -> None:
        super().__init__()
        self._when = when

    def random(self) -> float:
        return 0.0

    def choice(self, _: object) -> str:  # type: ignore[override]
        return self._when


@pytest.mark.parametrize(("when", "is_there"), [("before", False), ("after", True)])
async def test_a_commit_is_cut(new_database: NewDatabase, proxies: ProxyThread, *, when: str, is_there: bool) -> None:
    url = urlsplit(await new_database())
    commits, port = Commits(url.port or 5432, dice=Always(when)), free_port()
    proxies.serve(port, commits.handle)
    connection = await asyncpg.connect(url._replace(netloc=f"{url.netloc.rpartition(':')[0]}:{port}").geturl())
    await connection.execute("CREATE TABLE facts (number integer)")
    commits.to_cut = 1
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("INSERT INTO facts VALUES (1)")
    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)):
        await transaction.commit()
    assert commits.cut == {(url.path[1:], when): 1}

    past = await asyncpg.connect(url.geturl())
    found = await eventually(lambda: _is_decided(past, is_there=is_there))
    await past.close()
    assert found


async def _is_decided(connection: asyncpg.Connection, *, is_there: bool) -> bool:
    """Whether the row is there as expected, and no session holds it any more."""
    others = "SELECT count(*) FROM pg_locks WHERE relation = 'facts'::regclass AND pid <> pg_backend_pid()"
    still_held = await connection.fetchval(others)
    return not still_held and bool(await connection.fetchval("SELECT count(*) FROM facts")) is is_there


async def test_a_drained_or_dead_replica_is_passed_over(proxies: ProxyThread) -> None:
    one, other, dead, door = (free_port() for _ in range(4))
    for port in (one, other):
        proxies.serve(port, _answering(port))
    balancer = Balancer([one, other, dead])
    proxies.serve(door, balancer.handle)
    assert {await _asked(door) for _ in range(9)} == {str(one), str(other)}
    balancer.drained.add(one)
    assert {await _asked(door) for _ in range(6)} == {str(other)}
    balancer.drained.add(other)
    assert await _asked(door) == ""
    assert balancer.turned_away == 1


def _answering(port: int) -> Handle:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(str(port).encode())
        await writer.drain()
        writer.write_eof()
        await asyncio.sleep(0.2)

    return answer


async def _asked(door: int) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", door)
    try:
        return (await reader.read()).decode()
    except ConnectionError:
        return ""
    finally:
        writer.close()
