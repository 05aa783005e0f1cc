"""A run that nobody asked for begins a trace, and the calls of the gateway are in it."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from shared.messaging import outbox
from shared.runtime import tracing
from tests.services.statements.house import House, open_house
from tests.services.statements.thursday_run import debtor, planned
from tests.support.traces import Traces, tracing_to_memory


@pytest.fixture
async def traced_house(statements_database: str) -> AsyncIterator[tuple[Traces, House]]:
    with tracing_to_memory() as traces:
        async with open_house(statements_database) as house:
            yield traces, house


async def test_each_mail_of_a_run_is_in_the_trace_of_the_run(traced_house: tuple[Traces, House]) -> None:
    traces, house = traced_house
    await planned(house, debtor("a"), debtor("b"))
    await house.work()
    run = traces.named("run held")
    calls = [span for span in traces.of(f"{run.context.trace_id:032x}") if span.name == "POST"]
    assert [traces.ancestors(call) for call in calls] == [["send mail", "run held"]] * 2
    sends = [dict(span.attributes or {}) for span in traces.spans if span.name == "send mail"]
    assert [send["cascada.outcome"] for send in sends] == ["accepted", "accepted"]


async def test_what_became_of_each_mail_is_told_in_the_trace_of_the_mail(traced_house: tuple[Traces, House]) -> None:
    traces, house = traced_house
    await planned(house, debtor("a"), debtor("b", email="no es una dirección@x"))
    await house.work()
    run = f"{traces.named('run held').context.trace_id:032x}"
    async with house.database.transaction() as connection:
        told = [event for _, event in await outbox.unsent(connection, "statements", 10)]
    assert sorted((event.key, event.type) for event in told) == [("a", "statement.sent"), ("b", "statement.failed")]
    for event in told:
        assert tracing.trace_id_of(event.traceparent) == run
        assert traces.ancestors(traces.named(f"create {event.type}", run)) == ["run held"]


async def test_while_tracing_is_off_a_run_has_no_trace(house: House) -> None:
    await planned(house, debtor("a"))
    await house.work()
    async with house.database.transaction() as connection:
        assert (await connection.execute(text("SELECT traceparent FROM runs"))).scalars().all() == [None]
