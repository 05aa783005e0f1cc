"""Who calls: keys known for a moment, tokens where an issuer is set up, and nobody else."""

import pytest
from starlette.datastructures import Headers

from shared.basics.access import Caller
from shared.basics.errors import Unauthenticated
from shared.http.callers import Callers, KnownKeys

ANA = Caller("ana", "key:1", frozenset({"admin"}))


class Table:
    """Keys by themselves; counts the queries."""

    def __init__(self) -> None:
        self.keys = {"ana's": ANA}
        self.asked = 0

    async def find(self, key: str) -> Caller | None:
        self.asked += 1
        return self.keys.get(key)


class Watch:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Issuer:
    async def read(self, token: str) -> Caller:
        return Caller(token, f"token:{token}", frozenset())


async def test_a_key_seen_a_moment_ago_costs_no_query() -> None:
    table, watch = Table(), Watch()
    keys = KnownKeys(table.find, watch)
    for _ in range(5):
        assert await keys.find("ana's") == ANA
        watch.seconds += 0.5
    assert table.asked == 1


async def test_a_revoked_key_opens_nothing_after_three_seconds() -> None:
    table, watch = Table(), Watch()
    keys = KnownKeys(table.find, watch)
    await keys.find("ana's")
    table.keys.clear()
    watch.seconds = 3.0
    assert await keys.find("ana's") is None


async def test_a_new_key_opens_at_once() -> None:
    table = Table()
    keys = KnownKeys(table.find, Watch())
    assert await keys.find("eva's") is None
    table.keys["eva's"] = ANA
    assert await keys.find("eva's") == ANA


async def test_a_key_goes_before_a_token() -> None:
    callers = Callers(Table().find, Issuer())
    assert await callers.identify(Headers({"X-Api-Key": "ana's", "Authorization": "Bearer eva"})) == ANA
    assert (await callers.identify(Headers({"Authorization": "bearer eva"}))).name == "eva"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Api-Key": ""},
        {"X-Api-Key": "another's"},
        {"X-Api-Key": "another's", "Authorization": "Bearer eva"},
        {"Authorization": "Basic ZXZh"},
        {"Authorization": "ana's"},
    ],
)
async def test_nobody_else_is_let_in(headers: dict[str, str]) -> None:
    with pytest.raises(Unauthenticated):
        await Callers(Table().find, Issuer()).identify(Headers(headers))


async def test_without_an_issuer_no_token_opens() -> None:
    with pytest.raises(Unauthenticated):
        await Callers(Table().find).identify(Headers({"Authorization": "Bearer eva"}))
