"""By what customers are judged in a transaction: the published cascade and the present day, both held until its end."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.alert_rules import ReadyRule
from services.segmenter.domain.cascade import Cascade
from services.segmenter.storage.alert_rules import load_ready
from services.segmenter.storage.day_turn import hold_day
from services.segmenter.storage.instance import load_epoch
from services.segmenter.storage.returning import is_returning
from services.segmenter.storage.revisions import load_published
from services.segmenter.storage.rule_sql import CompiledCascade, compile_cascade


@dataclass(frozen=True)
class Judgement:
    """The cascade, compiled; the active alert rules; the day that verdicts are of; the epoch of what tells them."""

    cascade: Cascade
    compiled: CompiledCascade
    alert_rules: tuple[ReadyRule, ...]
    as_of: date
    epoch: int
    withholds_messages: bool = False
    """The database was restored: whom an alert would mail may have had that mail."""

    @property
    def revision(self) -> int:
        return self.cascade.revision


async def hold_judgement(connection: AsyncConnection, today: date) -> Judgement:
    """What to judge by from now to the end of the transaction: neither a publish nor a new day comes in between."""
    cascade = await load_published(connection, share_lock=True)
    as_of = await hold_day(connection, today)
    rules = await load_ready(connection, cascade.settings)
    withholds = any(one.rule.message for one in rules) and await is_returning(connection)
    return Judgement(cascade, compile_cascade(cascade), rules, as_of, await load_epoch(connection), withholds)
