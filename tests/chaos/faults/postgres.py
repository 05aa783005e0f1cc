"""PostgreSQL restarts, is killed, loses lines in the middle of a COMMIT, and has no connection left to give."""

import asyncio
import signal
from collections import Counter
from functools import partial

import asyncpg

from deploy.local.postgres import is_answering
from tests.chaos.chaos import Chaos
from tests.chaos.row import Fired, fired
from tests.support.eventually import eventually

_WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE application_name = 'customers-api' AND wait_event_type = 'Lock'
"""
_POOL = 10
_BURST = 30


async def restart_postgres(chaos: Chaos, times: int) -> Fired:
    """SIGINT, PostgreSQL's fast shutdown: every session is ended."""
    return await _end(chaos, signal.SIGINT, times)


async def kill_postgres(chaos: Chaos, times: int) -> Fired:
    """Kill -9 of the server: it recovers from its log when it starts again."""
    return await _end(chaos, signal.SIGKILL, times)


async def cut_commits(chaos: Chaos, times: int) -> Fired:
    """The line of a session is cut as its COMMIT passes by: half before the server heard it, half after."""
    commits = chaos.doors.commits
    before = Counter(commits.cut)
    commits.to_cut = times
    await eventually(lambda: commits.to_cut <= 0, within=240)
    cut = commits.cut - before
    said = ", ".join(f"{database} {when} {count}" for (database, when), count in sorted(cut.items()))
    return fired(
        f"the proxy counted {cut.total()} cuts: {said}",
        when=cut.total() == times and any(database == "customers" for database, _ in cut),
        seen=f"{chaos.load.history.in_doubt()} writes of the whole run so far were in doubt for their writers",
    )


async def exhaust_pool(chaos: Chaos, times: int) -> Fired:
    """Nobody can lock a customer for a while, so that every connection of both replicas is taken and kept."""
    waiting, refused = 0, 0
    for _ in range(times):
        connection = await asyncpg.connect(chaos.stack.env["CUSTOMERS_DATABASE_URL"], timeout=10)
        try:
            await connection.execute("BEGIN; LOCK TABLE customers IN EXCLUSIVE MODE")
            answered = asyncio.create_task(chaos.load.all_at_once(_BURST))
            await eventually(lambda: _stand_waiting(chaos), within=20)
            waiting = max(waiting, await chaos.number("customers", _WAITING))
            await eventually(partial(_more_turned_away, chaos, refused), within=20)
        finally:
            await connection.close()
        await answered
        refused = _turned_away(chaos)
    return fired(
        f"{waiting} sessions stood waiting, {_POOL} a replica is all there are; {refused} calls were answered 503",
        when=waiting >= 2 * _POOL and refused > 0,
        seen=f"{_failed(chaos)} calls of the run were answered 500; once the lock was gone, everything went on",
    )


async def _stand_waiting(chaos: Chaos) -> bool:
    return await chaos.number("customers", _WAITING) >= 2 * _POOL


def _failed(chaos: Chaos) -> int:
    return sum(write.statuses.count(500) for write in chaos.load.history.writes())


def _more_turned_away(chaos: Chaos, than: int) -> bool:
    return _turned_away(chaos) > than


def _turned_away(chaos: Chaos) -> int:
    return sum(write.statuses.count(503) for write in chaos.load.history.writes())


async def _end(chaos: Chaos, how: signal.Signals, times: int) -> Fired:
    ended, accepted = [], chaos.load.history.count("accepted")
    for _ in range(times):
        pid = chaos.signal("postgres", how)
        now = await chaos.is_back("postgres", pid, within=90)
        await eventually(lambda: is_answering(chaos.stack.env["CUSTOMERS_DATABASE_URL"]), within=90)
        ended.append(f"{pid} → {now}")
        soon = chaos.load.history.count("accepted") + 5
        await eventually(lambda: chaos.load.history.count("accepted") >= soon, within=60)  # noqa: B023
    more = chaos.load.history.count("accepted") - accepted
    return fired(
        f"server gone by process id: {', '.join(ended)}",
        when=len(ended) == times,
        seen=f"{more} writes were accepted meanwhile, the first as soon as it was back",
    )
