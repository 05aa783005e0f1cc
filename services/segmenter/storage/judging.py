"""By what customers are judged: the published cascade, and in a transaction that judges the present day, both held.

Reading rules costs more than judging by them, and they seldom change. So what was read is kept in the process, and a
transaction asks only whether it still stands (decision 47).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.alert_rules import ReadyRule
from services.segmenter.domain.cascade import Cascade
from services.segmenter.domain.variables import Catalogue
from services.segmenter.storage.alert_rules import load_ready
from services.segmenter.storage.alert_sql import held_sql
from services.segmenter.storage.binds import Binds
from services.segmenter.storage.catalogue import load_catalogue
from services.segmenter.storage.day_turn import hold_day
from services.segmenter.storage.returning import is_returning
from services.segmenter.storage.revisions import hold_published, load_published
from services.segmenter.storage.rule_sql import CompiledCascade, compile_cascade

# A revision never changes; of everything else that rules are read by, the content says whether it has.
_VERSION = text(
    """
    SELECT current_database(), revision, epoch,
        (SELECT md5(string_agg(CAST(f AS text), '' ORDER BY flow_id)) FROM flows f),
        (SELECT md5(string_agg(CAST(v AS text), '' ORDER BY key)) FROM declared_variables v),
        (SELECT md5(string_agg(CAST(a AS text), '' ORDER BY alert_rule_id)) FROM alert_rules a),
        EXISTS (SELECT FROM alerts_held) AS any_held
    FROM published CROSS JOIN instance
    """
)
_MOST_KEPT = 4


@dataclass(frozen=True)
class Standards:
    """The cascade, compiled, and every variable; the active alert rules, and as SQL the ids of those that hold.

    ``compiled.params`` binds both.
    """

    cascade: Cascade
    variables: Catalogue
    compiled: CompiledCascade
    alert_rules: tuple[ReadyRule, ...]
    held_sql: str


_kept: dict[tuple[object, ...], Standards] = {}


@dataclass(frozen=True)
class Judgement(Standards):
    """Standards, with the day that verdicts are of and the epoch of what tells them; whether rules hold for anyone."""

    as_of: date
    epoch: int
    any_held: bool
    withholds_messages: bool
    """The database was restored: whom an alert would mail may have had that mail."""

    @property
    def revision(self) -> int:
        return self.cascade.revision


async def hold_judgement(connection: AsyncConnection, today: date) -> Judgement:
    """What to judge by from now to the end of the transaction: neither a publish nor a new day comes in between."""
    await hold_published(connection)
    found, row = await _in_force(connection)
    as_of = await hold_day(connection, today)
    return Judgement(
        **vars(found),
        as_of=as_of,
        epoch=row.epoch,
        any_held=row.any_held,
        withholds_messages=any(one.rule.message for one in found.alert_rules) and await is_returning(connection),
    )


async def standards_in_force(connection: AsyncConnection) -> Standards:
    """What customers are judged by now, for whoever only looks: nothing is held."""
    found, _ = await _in_force(connection)
    return found


async def _in_force(connection: AsyncConnection) -> tuple[Standards, Row[Any]]:
    row = (await connection.execute(_VERSION)).one()
    *version, _ = row
    found = _kept.get(tuple(version)) or await _read(connection)
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[tuple(version)] = found
    return found, row


async def _read(connection: AsyncConnection) -> Standards:
    cascade = await load_published(connection)
    rules = await load_ready(connection, cascade.settings)
    compiled = compile_cascade(cascade)
    binds = Binds(dict(compiled.params))
    held = held_sql(rules, cascade.settings, binds)
    variables = await load_catalogue(connection, cascade.settings)
    return Standards(cascade, variables, replace(compiled, params=binds.params), rules, held)
