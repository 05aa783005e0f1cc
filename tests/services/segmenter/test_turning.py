"""The days on which a segment can change by time alone leave none out: whoever judges every day finds the same."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from services.segmenter.domain.cascade import Cascade, Segment
from services.segmenter.domain.rules.parse import parse_rule, stored_language
from services.segmenter.domain.settings import QuickFilters, Risk, Settings
from services.segmenter.domain.variables import catalogue
from services.segmenter.storage.coming_days import each_day
from services.segmenter.storage.rule_sql import CompiledCascade, compile_cascade
from shared.database.engine import Database
from tests.services.segmenter.listener import Listener, SetClock
from tests.services.segmenter.random_portfolio import portfolio
from tests.services.segmenter.rules.language import CUSTOM
from tests.services.segmenter.rules.random_rules import random_rule
from tests.services.segmenter.verdicts import declare_variables, told

TODAY = date(2026, 3, 9)
DAYS = 400
QUICK = QuickFilters(top_days=90, new_days=60, recent_days=20, recurring_months=4, recurring_at_least=2)
SETTINGS = Settings(
    risk=Risk(grace_days=3), quick_filters=QUICK, holidays=(date(2026, 3, 23),), top_cutoffs={"COP": Decimal(150)}
)
VARIABLES = catalogue(CUSTOM, SETTINGS.buckets)
SEGMENTABLE = {key: one for key, one in VARIABLES.items() if not one.is_aging}
EVERY_DAY = "SELECT CAST(:as_of AS date) + n AS day FROM generate_series(0, CAST(:days AS int)) AS n"
JUDGED = """
SELECT c.customer_id, asked.day, {segment} AS segment
FROM customers c JOIN behaviour b USING (customer_id) CROSS JOIN LATERAL ({turning}) AS asked ORDER BY 1, 2
"""


@pytest.fixture(scope="module")
async def segmenter(module_database: Database) -> Listener:
    found = Listener(module_database, SetClock(TODAY))
    await declare_variables(found)
    await told(found, *portfolio(Random(7), TODAY, size=40))
    return found


def a_cascade(seed: int) -> CompiledCascade:
    """One rule of each of some variables, so that whichever changes is seen."""
    chance, language = Random(seed), stored_language(VARIABLES)
    rules: list[Any] = [
        random_rule(chance, {key: SEGMENTABLE[key]}, TODAY) for key in chance.sample(sorted(SEGMENTABLE), 4)
    ]
    segments = [Segment(f"s-{n}", "S", None, rule, parse_rule(rule, language, "/rule")) for n, rule in enumerate(rules)]
    return compile_cascade(Cascade(2, (*segments, Segment("default", "Default")), SETTINGS))


async def changes(segmenter: Listener, compiled: CompiledCascade, turning: str) -> list[tuple[str, date, str]]:
    statement = JUDGED.format(segment=each_day(compiled.segment_sql), turning=turning)
    async with segmenter.database.transaction() as connection:
        rows = (await connection.execute(text(statement), {**compiled.params, "as_of": TODAY, "days": DAYS})).all()
    before: dict[str, str] = {}
    found = []
    for customer_id, day, segment in rows:
        if before.get(customer_id) != segment:
            found.append((customer_id, day, segment))
        before[customer_id] = segment
    return found


@pytest.mark.parametrize("seed", range(40))
async def test_no_day_is_left_out(segmenter: Listener, seed: int) -> None:
    compiled = a_cascade(seed)
    expected = await changes(segmenter, compiled, EVERY_DAY)
    assert await changes(segmenter, compiled, compiled.turning_sql) == expected


async def test_few_days_are_looked_at(segmenter: Listener) -> None:
    rule = {"variable": "failed_payments", "operator": "gt", "value": 0, "within_days": 30}
    segment = Segment("s", "S", None, rule, parse_rule(rule, stored_language(VARIABLES), "/rule"))
    compiled = compile_cascade(Cascade(2, (segment, Segment("default", "Default")), SETTINGS))
    statement = JUDGED.format(segment="'any'", turning=compiled.turning_sql)
    async with segmenter.database.transaction() as connection:
        rows = (await connection.execute(text(statement), {**compiled.params, "as_of": TODAY, "days": DAYS})).all()
    assert max(row.day for row in rows) <= TODAY + timedelta(days=31)
