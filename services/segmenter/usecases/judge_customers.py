"""Judge customers in an open transaction, and tell what changed: where they stand, and then their alerts.

The one way that events, repair, history loads, the day turn and the refresh all take.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from services.segmenter.domain.alerts import Episode, Told, begin, tell
from services.segmenter.domain.moves import Cause, Move
from services.segmenter.domain.reason import Reason
from services.segmenter.domain.rules import tree
from services.segmenter.domain.rules.aloud import read_aloud
from services.segmenter.outbound.alerts import alert_event
from services.segmenter.storage import alerts, outgoing
from services.segmenter.storage.alert_judging import find_turned, true_conditions
from services.segmenter.storage.judging import Judgement
from services.segmenter.storage.reassign import reassign
from services.segmenter.usecases.tell_moves import tell_moves
from shared.database.engine import Transaction
from shared.runtime.ids import new_id


async def judge_customers(
    connection: Transaction, ids: Collection[str], by: Judgement, *, cause: Cause, now: datetime, silently: bool = False
) -> list[Move]:
    """Put customers where the cascade says; the moves. ``silently``: what begins to hold is noted without an alert."""
    moves = await reassign(connection, ids, by, cause=cause, now=now)
    await tell_moves(connection, moves, by, cause=cause, now=now)
    if ids and (by.alert_rules or by.any_held):
        await _judge_alerts(connection, ids, by, now=now, silently=silently)
    return moves


async def _judge_alerts(
    connection: Transaction, ids: Collection[str], by: Judgement, *, now: datetime, silently: bool
) -> None:
    turned = await find_turned(connection, ids, by)
    if not turned:
        return
    rules = {one.alert_rule_id: one for one in by.alert_rules}
    began = begin(turned, rules, silently=silently, new_id=new_id)
    await alerts.keep_begun(connection, began)
    told = tell(turned, began, await alerts.end_episodes(connection, turned), rules)
    reasons = await _reasons(connection, told, by)
    await alerts.keep_raised(connection, [one for one in told if one.rule], reasons, by.as_of)
    await alerts.count_on(connection, told)
    mails = not by.withholds_messages
    events = [
        alert_event(one, reasons.get(one.episode, ()), as_of=by.as_of, epoch=by.epoch, now=now, mails=mails)
        for one in told
    ]
    await outgoing.put(connection, events)


async def _reasons(connection: Transaction, told: Sequence[Told], by: Judgement) -> Mapping[Episode, Sequence[Reason]]:
    """Of each alert raised, the conditions of its rule that are true."""
    found: dict[Episode, Sequence[Reason]] = {}
    for rule in by.alert_rules:
        episodes = [one.episode for one in told if one.rule is rule]
        if not episodes or rule.when is None:
            continue
        conditions = list(tree.conditions(rule.when))
        true = await true_conditions(connection, conditions, [one.customer_id for one in episodes], by)
        found |= {one: [_reason(condition) for condition in true[one.customer_id]] for one in episodes}
    return found


def _reason(condition: tree.Condition) -> Reason:
    return Reason(condition.variable.key, **read_aloud(condition))
