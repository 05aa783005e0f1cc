"""Days pass in jumps: the clock is set, statements fall due, a month ends."""

import calendar
from datetime import date, time, timedelta
from functools import partial
from typing import Any

import httpx

from tests.chaos.chaos import Chaos
from tests.chaos.row import Fired, fired
from tests.support.eventually import eventually

DAILY = {
    "name": "Estado diario",
    "frequency": {
        "type": "weekly",
        "weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    },
    "time": "09:00",
    "time_zone": "America/Bogota",
    "content": {"type": "full", "paid_within_days": 90},
    "attach_pdf": False,
    "skip_when_empty": False,
    "status": "active",
}
MONTHLY = {**DAILY, "name": "Fin de mes", "frequency": {"type": "monthly", "day": 31}, "time": "10:00"}
RULES = {"diario": DAILY, "mensual": MONTHLY}

_BEFORE_NINE, _BEFORE_TEN, _BEFORE_MIDNIGHT = time(8, 59, 57), time(9, 59, 57), time(23, 59, 54)
_JUMP_DAYS = 9


async def next_day(chaos: Chaos) -> dict[str, Any]:
    """Go to just before nine of the next day; returns the run of the daily rule, once it has begun."""
    await eventually(partial(_nothing_is_sent, chaos), within=150)
    day = chaos.tomorrow()
    await chaos.goes_to(day, _BEFORE_NINE)
    return await eventually(partial(_begun, chaos, "diario", day), within=90)


async def ended(chaos: Chaos, run: dict[str, Any], within: float = 150.0) -> dict[str, int]:
    """Wait for the end of a run; returns its counts."""

    async def finished() -> dict[str, int]:
        found = await _read(chaos, f"/runs/{run['run_id']}")
        assert found["state"] == "finished", found
        return dict(found["counts"])

    return await eventually(finished, within=within)


async def pass_month_end(chaos: Chaos, times: int) -> Fired:
    """The statement of the last day of the month, midnight into the next by itself, and a jump over nine days."""
    turned, counts = [], dict[str, int]()
    for _ in range(times):
        await eventually(partial(_nothing_is_sent, chaos), within=150)
        last = _last_of_month(chaos.tomorrow())
        await chaos.goes_to(last, _BEFORE_TEN)
        run = await eventually(partial(_begun, chaos, "mensual", last), within=90)
        counts = await ended(chaos, run)
        await eventually(partial(_nothing_is_sent, chaos), within=150)
        await chaos.goes_to(last, _BEFORE_MIDNIGHT)
        turned += [await _turned_to(chaos, last + timedelta(days=1))]
        jump = last + timedelta(days=1 + _JUMP_DAYS)
        await chaos.goes_to(jump, time(11))
        turned += [await _turned_to(chaos, jump)]
        await eventually(partial(_begun, chaos, "diario", jump), within=90)
        await eventually(partial(_nothing_is_sent, chaos), within=150)
    return fired(
        f"the segmenter turned the day to {', '.join(map(str, turned))}, and the month's rule ran as {run['period']}",
        when=bool(turned) and counts["audience"] > 0,
        seen=f"{counts['audience']} statements of the month; what the jump passed over is missed, not sent",
    )


async def _nothing_is_sent(chaos: Chaos) -> bool:
    """Every run is over: a jump over a window would cut it off."""
    return not await chaos.number("statements", "SELECT count(*) FROM runs WHERE state IN ('held', 'running')")


async def _turned_to(chaos: Chaos, day: date) -> date:
    async def is_turned() -> bool:
        turn = (await chaos.cascada.status(chaos.cascada.segmenter))["day_turn"]
        return bool(turn["done"] and turn["as_of"] == day.isoformat())

    await eventually(is_turned, within=60)
    chaos.load.today = day
    return day


async def _begun(chaos: Chaos, rule_id: str, day: date) -> dict[str, Any]:
    runs = (await _read(chaos, "/runs", rule_id=rule_id))["items"]
    mine = [run for run in runs if run["local_due_at"].startswith(day.isoformat())]
    assert [run["state"] for run in mine] in (["running"], ["finished"]), mine
    return dict(mine[0])


async def _read(chaos: Chaos, path: str, **asked: str) -> dict[str, Any]:
    try:
        answer = await chaos.cascada.statements.get(path, params=asked)
    except httpx.HTTPError as error:
        raise AssertionError(f"no answer: {error!r}") from error
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
