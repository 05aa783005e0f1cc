"""Where one customer stands right now: segment, flow, bucket, risk with its reasons, and every variable."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.segmenter.domain.cascade import Cascade, Flow
from services.segmenter.domain.reason import Reason
from services.segmenter.domain.risk import Figures, reasons_of
from services.segmenter.domain.settings import Risk
from services.segmenter.storage.day_turn import DayTurn, load_turn
from services.segmenter.storage.former_segments import load_former_names
from services.segmenter.storage.judging import standards_in_force
from services.segmenter.storage.refreshes import Converging, load_converging
from services.segmenter.storage.standings import Standing, load_values
from services.segmenter.usecases.explain_customer import next_change
from services.segmenter.usecases.known_customer import known_standing
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class CustomerStanding:
    """``judged_on`` and ``revision`` are those of the last evaluation, as segment, bucket and risk level are.

    ``as_of`` is the day of the variables, and of ``risk_reasons``. ``next_change_on``: the first day on which the
    segment is another if nothing happens.
    """

    customer_id: str
    standing: Standing
    segment_name: str
    judged_on: date
    flow: Flow | None
    revision: int
    refreshing: bool
    risk_reasons: tuple[Reason, ...]
    variables: dict[str, Any]
    as_of: date
    next_change_on: date | None


@dataclass(frozen=True)
class ReadStanding:
    """Reads one customer's standing."""

    database: Database
    clock: Clock

    async def __call__(self, customer_id: str) -> CustomerStanding:
        """The standing of a customer.

        Raises
        ------
        Missing, Gone
            The customer is not known, or erased.
        """
        async with self.database.direct_transaction() as connection:
            found = await known_standing(connection, customer_id)
            by = await standards_in_force(connection)
            cascade = by.cascade
            turn, converging = await load_turn(connection), await load_converging(connection)
            as_of = max(self.clock.today(), turn.as_of)
            values = await load_values(connection, customer_id, by.variables, cascade.settings, as_of)
            change = await next_change(connection, customer_id, by.compiled, as_of)
            name = await _name(connection, cascade, found.segment_id)
        return CustomerStanding(
            customer_id=customer_id,
            standing=found,
            segment_name=name,
            judged_on=_judged_on(customer_id, found, turn),
            flow=_flow(cascade, found.segment_id),
            revision=_revision(customer_id, found, cascade.revision, converging),
            refreshing=converging is not None,
            risk_reasons=_reasons(values, cascade.settings.risk),
            variables=values,
            as_of=as_of,
            next_change_on=change.on if change else None,
        )


async def _name(connection: Transaction, cascade: Cascade, segment_id: str) -> str:
    """Of a segment in force, or of one that was until customers began to leave it."""
    published = next((one.name for one in cascade.segments if one.segment_id == segment_id), None)
    return published or (await load_former_names(connection, [segment_id]))[segment_id]


def _reasons(values: dict[str, Any], risk: Risk) -> tuple[Reason, ...]:
    return reasons_of(values["risk_level"], Figures.of(values, risk), risk)


def _judged_on(customer_id: str, found: Standing, turn: DayTurn) -> date:
    """Rows are written only when they change: whom the turn has passed was judged by it all the same."""
    passed = turn.as_of if customer_id <= turn.watermark else turn.turned
    return max(found.as_of, passed)


def _revision(customer_id: str, found: Standing, in_force: int, converging: Converging | None) -> int:
    if converging is None or customer_id <= converging.watermark:
        return in_force
    return max(found.revision, in_force - 1)


def _flow(cascade: Cascade, segment_id: str) -> Flow | None:
    flow_id = next((s.flow_id for s in cascade.segments if s.segment_id == segment_id), None)
    return cascade.flows[flow_id] if flow_id else None
