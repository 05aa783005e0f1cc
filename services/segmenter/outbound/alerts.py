"""Alerts as ``segments.v1`` tells them."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from services.segmenter.domain.alert_rules import ReadyRule
from services.segmenter.domain.alerts import Told
from services.segmenter.domain.reason import Reason
from services.segmenter.outbound.cascade import SOURCE
from shared.contracts.envelope import Envelope, encode_data
from shared.contracts.segments_v1 import AlertCleared, AlertMessage, AlertRaised, AlertReason
from shared.contracts.values import wire_money
from shared.runtime.ids import new_id


def alert_event(
    told: Told, reasons: Sequence[Reason], *, as_of: date, epoch: int, now: datetime, mails: bool = True
) -> Envelope:
    """The event that tells an alert raised or cleared; one that ``mails`` not has no message."""
    said = _cleared(told, as_of) if told.rule is None else _raised(told, told.rule, reasons, as_of, mails=mails)
    return Envelope(
        type="alert.cleared" if told.rule is None else "alert.raised",
        id=new_id(),
        source=SOURCE,
        time=now,
        sequence=told.sequence,
        epoch=epoch,
        key=told.episode.customer_id,
        data=encode_data(said),
    )


def _raised(told: Told, ready: ReadyRule, reasons: Sequence[Reason], as_of: date, *, mails: bool) -> msgspec.Struct:
    owed, message = told.turned.overdue_balance, ready.rule.message if mails else None
    return AlertRaised(
        alert_id=told.episode.alert_id or "",
        alert_rule=told.episode.alert_rule_id,
        action=ready.rule.action,
        customer_id=told.episode.customer_id,
        as_of=as_of,
        overdue_balance=wire_money(owed.amount, owed.currency),
        reasons=[AlertReason(code=one.code, es=one.es, en=one.en) for one in reasons],
        message=AlertMessage(subject=dict(message.subject), body=dict(message.body)) if message else None,
    )


def _cleared(told: Told, as_of: date) -> msgspec.Struct:
    return AlertCleared(
        alert_id=told.episode.alert_id or "",
        alert_rule=told.episode.alert_rule_id,
        customer_id=told.episode.customer_id,
        as_of=as_of,
    )
