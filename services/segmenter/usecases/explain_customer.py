"""Why a customer is in its segment, today, on a past day or on a coming one; and when the answer changes by itself."""

from dataclasses import dataclass
from datetime import date, timedelta

from services.segmenter.domain.explanation import Explanation, NextChange, judge_segments, taken_by
from services.segmenter.domain.rules.tree import conditions
from services.segmenter.storage.coming_days import load_coming
from services.segmenter.storage.findings import load_findings
from services.segmenter.storage.judging import standards_in_force
from services.segmenter.storage.past import NOW, Past, as_it_was
from services.segmenter.storage.present_day import present_day
from services.segmenter.storage.rule_sql import CompiledCascade
from services.segmenter.usecases.known_customer import known_standing
from shared.basics.errors import mistake
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock

FARTHEST_DAYS = 400
"""How far ahead a customer may be judged, and its next change is looked for."""


@dataclass(frozen=True)
class ExplainCustomer:
    """Judges one customer by the published cascade and the facts known now that are dated until the day asked for."""

    database: Database
    clock: Clock

    async def __call__(self, customer_id: str, as_of: date | None) -> Explanation:
        """The explanation as of a day; today without one.

        Raises
        ------
        Missing, Gone
            The customer is not known, or erased.
        BadInput
            The day is more than 400 days ahead, or the first there is.
        """
        async with self.database.transaction() as connection:
            await known_standing(connection, customer_id)
            present = await present_day(connection, self.clock.today())
            day = _checked(as_of or present, present)
            past = await as_it_was(connection, customer_id, day) if day < present else NOW
            by = await standards_in_force(connection)
            cascade = by.cascade
            asked = [one for segment in cascade.segments if segment.rule for one in conditions(segment.rule)]
            findings = await load_findings(connection, customer_id, asked, cascade.settings, day, past=past)
            change = await next_change(connection, customer_id, by.compiled, day, past=past)
        judged = judge_segments(cascade, findings)
        return Explanation(customer_id, day, cascade.revision, taken_by(judged), judged, change)


async def next_change(
    connection: Transaction, customer_id: str, compiled: CompiledCascade, as_of: date, *, past: Past = NOW
) -> NextChange | None:
    """The first change within 400 days after a day, exactly; None if there is none. Source: meaning.md 29."""
    coming = await load_coming(connection, customer_id, compiled, as_of, days=FARTHEST_DAYS, past=past)
    return NextChange(coming[0].on, coming[0].to_segment) if coming else None


def _checked(day: date, present: date) -> date:
    # The database takes the first day there is for minus infinity.
    if not date.min < day <= present + timedelta(days=FARTHEST_DAYS):
        raise mistake("/query/as_of", "out_of_range", f"a day at most {FARTHEST_DAYS} days after {present}")
    return day
