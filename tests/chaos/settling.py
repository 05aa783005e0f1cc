"""When the load stops: wait until everything accepted stands everywhere, and nothing is under way any more."""

from typing import Any

import asyncpg
import httpx

from tests.chaos.chaos import Chaos
from tests.support.eventually import eventually

_POSITIONS = "SELECT customer_id, seq FROM customers ORDER BY customer_id"
_UNFINISHED = "SELECT count(*) FROM runs WHERE state IN ('held', 'running')"


async def settled(chaos: Chaos, within: float = 120.0) -> None:
    """Both hearers know of every customer what customers knows, nobody is behind, nothing waits to be told or sent."""

    async def is_so() -> bool:
        try:
            await _nothing_is_told_still(chaos)
            await _the_same_is_known(chaos)
            assert await chaos.number("statements", _UNFINISHED) == 0, "runs are under way"
        except (httpx.HTTPError, OSError, asyncpg.PostgresError, TimeoutError) as error:
            raise AssertionError(f"no answer: {type(error).__name__}: {error}") from error
        return True

    await eventually(is_so, within=within)


async def _nothing_is_told_still(chaos: Chaos) -> None:
    cascada = chaos.cascada
    statuses: list[dict[str, Any]] = []
    for service in (cascada.customers, cascada.segmenter, cascada.statements):
        statuses.append(await cascada.status(service))
        assert statuses[-1]["outbox_unsent"] == 0, statuses[-1]
    for hearing in statuses[1:]:
        assert hearing["customers_behind"] == 0, hearing
    assert statuses[1]["day_turn"]["done"], statuses[1]
    assert statuses[1]["as_of"] == chaos.load.today.isoformat(), statuses[1]
    assert not statuses[1]["refresh"], statuses[1]


async def _the_same_is_known(chaos: Chaos) -> None:
    known = await chaos.rows("customers", _POSITIONS)
    for hearer in ("segmenter", "statements"):
        assert await chaos.rows(hearer, _POSITIONS) == known, f"{hearer} does not know the same yet"
