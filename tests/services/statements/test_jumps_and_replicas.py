"""Two workers tick at once while business time jumps by seconds or days and the rule is edited in mid-period.

The oracle is a walk: what became due since the last look belongs to the version of then; of that the latest runs if it
is seen within its window, and whatever was recorded once is never recorded again.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest

from services.statements.domain.rule import NOT_LATE
from shared.basics.days import zone
from tests.services.statements.calendar_sweep import DAY, HOUR, NAMES, walked
from tests.services.statements.house import House, rule_body
from tests.services.statements.thursday_run import debtor

WHERE = "America/New_York"
START = date(2026, 3, 5)
"""Three days before clocks go from 2:00 to 3:00."""
CATCH_UP = 6 * HOUR
STEPS = 14
JUMPS = (timedelta(seconds=20), timedelta(seconds=50), HOUR, 5 * HOUR, 11 * HOUR, DAY, 3 * DAY)
TIMES = ("00:00", "02:30", "03:00", "09:00", "23:59")


@dataclass
class Oracle:
    """``runs`` says of each local date whether its statement runs (else it is missed)."""

    looked: datetime
    at: str
    runs: dict[date, bool] = field(default_factory=dict)

    def look(self, now: datetime) -> None:
        wall = time.fromisoformat(self.at)
        locals_ = [datetime.combine(START + number * DAY, wall) for number in range(90)]
        instants = {local.date(): instant for local, instant in walked(locals_, zone(WHERE)).items()}
        due = {day: at for day, at in instants.items() if self.looked < at <= now and day not in self.runs}
        in_time = [day for day, at in due.items() if now - at <= max(CATCH_UP, NOT_LATE)]
        self.runs |= {day: day == max(in_time, default=None) for day in due}
        self.looked = now

    def edit(self, now: datetime, at: str) -> None:
        self.look(now)
        self.at = at


def rule(at: str) -> dict[str, object]:
    frequency = {"type": "weekly", "weekdays": list(NAMES)}
    return rule_body(frequency=frequency, time=at, time_zone=WHERE, catch_up_hours=6, attach_pdf=False)


def period(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}-{NAMES[day.weekday()][:3]}"


@pytest.mark.parametrize("seed", range(2))
async def test_every_period_is_recorded_once_whoever_ticks_and_however_time_jumps(house: House, seed: int) -> None:
    dice = random.Random(seed)
    house.clock.set(f"{START}T00:00:01-05:00")
    await house.know(debtor("ana"))
    await house.http.put("/v1/rules/r", json=rule("09:00"))
    oracle, workers = Oracle(house.clock.now(), "09:00"), [house.steps(), house.steps()]
    for _ in range(STEPS):
        house.clock.moment += dice.choice(JUMPS)
        await asyncio.gather(*(worker.record_due_runs() for worker in workers))
        oracle.look(house.clock.now())
        await house.all_is_heard()
        await house.work()
        if dice.random() < 0.3:
            house.clock.moment += dice.choice(JUMPS[:4])
            at = dice.choice(TIMES)
            tag = (await house.http.get("/v1/rules/r")).headers["etag"]
            edited = house.http.put("/v1/rules/r", json=rule(at), headers={"If-Match": tag})
            ticks = (worker.record_due_runs() for worker in workers)
            answer, _ = await asyncio.gather(edited, asyncio.gather(*ticks))
            assert answer.status_code == 200
            oracle.edit(house.clock.now(), at)
    recorded = (await house.get("/runs", rule_id="r", limit=500))["items"]
    assert sorted((run["period"], run["state"] != "missed") for run in recorded) == sorted(
        (period(day), runs) for day, runs in oracle.runs.items()
    )
    mails = Counter(mail.headers["X-Cascada-Period"] for mail in house.mails)
    assert set(mails.values()) <= {1}
    assert set(mails) <= {period(day) for day, runs in oracle.runs.items() if runs}
    assert len(set(oracle.runs.values())) == 2, "some run and some are missed, or nothing was shown"
