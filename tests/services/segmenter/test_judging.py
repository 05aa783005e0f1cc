"""What rules were read into is kept in the process, and read anew as soon as anything they are read by has changed."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest
from sqlalchemy import text

from services.segmenter.domain.alert_rules import AlertRule
from services.segmenter.domain.cascade import Flow
from services.segmenter.domain.facts import Declaration
from services.segmenter.storage import alert_rules, declared, flows
from services.segmenter.storage.judging import Judgement, hold_judgement
from shared.database.engine import Transaction
from tests.services.segmenter.listener import Listener, a_segment

Change = Callable[[Transaction], Awaitable[None]]
TODAY = date(2026, 3, 9)
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)


async def judgement(segmenter: Listener) -> Judgement:
    async with segmenter.database.transaction() as connection:
        return await hold_judgement(connection, TODAY)


async def test_what_was_read_is_kept_while_nothing_changes(segmenter: Listener) -> None:
    await segmenter.refreshes(FAILING)
    first, second = await judgement(segmenter), await judgement(segmenter)
    assert first.compiled is second.compiled
    assert [segment.segment_id for segment in first.cascade.segments] == ["fallidos", "default"]


async def test_another_revision_is_read(segmenter: Listener) -> None:
    before = await judgement(segmenter)
    await segmenter.refreshes(FAILING)
    after = await judgement(segmenter)
    assert (before.revision, after.revision) == (1, 2)
    assert after.compiled.segment_sql != before.compiled.segment_sql


async def a_flow(connection: Transaction) -> None:
    await flows.keep_flow(connection, Flow("aviso", "Aviso"))


async def a_variable(connection: Transaction) -> None:
    await declared.declare(connection, [Declaration("estrato", "number", {"es": "Estrato"}, None, None, 1, 1)])


async def an_alert_rule(connection: Transaction) -> None:
    rule = AlertRule(
        name="Mora", when=None, segment_ids=("default",), action="call", message=None, existing="raise", status="active"
    )
    await alert_rules.keep_rule(connection, "mora", rule)


async def an_alert_rule_judged(connection: Transaction) -> None:
    await an_alert_rule(connection)
    await connection.execute(text("UPDATE alert_rules SET judged_up_to = 'zoe'"))


@pytest.mark.parametrize("change", [a_flow, a_variable, an_alert_rule, an_alert_rule_judged])
async def test_whatever_else_changes_is_read(segmenter: Listener, change: Change) -> None:
    before = await judgement(segmenter)
    async with segmenter.database.transaction() as connection:
        await change(connection)
    after = await judgement(segmenter)
    assert after.compiled is not before.compiled
