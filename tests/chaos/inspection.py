"""Look at everything at rest, and hold it against the history and the oracle: what the run promises, and what it found.

The promises are the pass mark of the run; each is judged by pure functions in ``checks_of_*``.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.chaos import checks_of_figures, checks_of_mails
from tests.chaos import checks_of_the_stream as stream
from tests.chaos.chaos import Chaos
from tests.chaos.checks_of_figures import Expected
from tests.chaos.checks_of_mails import AddressSeen, MailSeen
from tests.chaos.settling import settled
from tests.journeys.listening import Ear, Heard
from tests.journeys.publishing import published_settings
from tests.oracle.facts import Account

_BALANCES = "SELECT customer_id, invoice_id, balance FROM invoices"
_LEDGER = """
    SELECT d.delivery_id, d.rule_id, d.period, a.address, a.state FROM addresses a JOIN deliveries d USING (delivery_id)
"""
_SKIPPED = "SELECT period, customer_id, reason FROM deliveries WHERE state = 'skipped'"
_QUARANTINED = "SELECT count(*) FROM quarantine"
_DEADLOCKS = "SELECT sum(deadlocks) FROM pg_stat_database WHERE datname IN ('customers', 'segmenter', 'statements')"


@dataclass
class Inspection:
    """``findings``: per promise, what breaks it. ``counts``: how much was looked at."""

    findings: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    accounts: Sequence[Account] = ()

    @property
    def broken(self) -> dict[str, list[str]]:
        return {promise: found for promise, found in self.findings.items() if found}


async def inspect(chaos: Chaos, *, within: float = 120.0) -> Inspection:
    """Wait until all is at rest, then look."""
    await settled(chaos, within)
    seen = Inspection()
    told, damaged = stream.by_sequence([*await _heard(chaos, "customers.v1"), *chaos.lost])
    moves, unlike = stream.by_sequence(await _heard(chaos, "segments.v1"))
    history = chaos.load.history
    await asyncio.to_thread(_judge_stream, seen, chaos, told, damaged)
    settings = await published_settings(chaos.cascada)
    seen.accounts = stream.accounts(history, told)
    wanted = await asyncio.to_thread(
        checks_of_figures.expected, seen.accounts, chaos.load.today, settings, chaos.cascade
    )
    members = await chaos.cascada.members()
    seen.findings["final segments equal an independent recompute"] = checks_of_figures.segments(wanted, members)
    seen.findings["moves told follow from one another, and end where customers are"] = [
        *unlike,
        *checks_of_figures.moves(moves, members),
    ]
    seen.findings["ledgers equal an independent recompute"] = await _ledgers(chaos, wanted)
    await _judge_mails(seen, chaos)
    seen.findings["quarantine counts are exact"] = await _quarantine(chaos)
    seen.findings["no deadlock: one lock order everywhere"] = deadlocked(await chaos.number("customers", _DEADLOCKS))
    return seen


def _judge_stream(seen: Inspection, chaos: Chaos, told: stream.Told, damaged: list[str]) -> None:
    history, told_of = chaos.load.history, {one: told[one] for one in told if one in chaos.load.history.customers}
    seen.findings["no accepted write is lost"] = stream.lost(history, told_of)
    seen.findings["no effect is doubled"] = [*damaged, *stream.doubled(told_of)]
    seen.findings["what is there is there wholly, and was asked for"] = stream.unasked(history, told_of)
    seen.findings["order per customer is kept, without a gap"] = [
        *stream.gaps(told_of),
        *stream.out_of_order(history, told_of),
    ]
    seen.findings["no write is refused"] = [f"{one.name}: {one.statuses}" for one in history.writes("refused")]
    seen.counts |= {
        "customers": len(history.customers),
        "writes accepted": history.count("accepted"),
        "of these, once in doubt and sent again": sum(one.was_in_doubt for one in history.writes("accepted")),
        "writes left unknown": history.count("unknown"),
        "of these, found to be there": sum(stream.is_told(told, one) for one in history.writes("unknown")),
        "events of customers.v1": sum(map(len, told.values())),
    }


async def _heard(chaos: Chaos, topic: str) -> list[Heard]:
    """A topic from its beginning, without what the run put there as garbage and without keys about everyone."""
    async with Ear(chaos.kafka, topic) as ear:
        heard = await ear.listen()
    return [one for one in heard if one.data and one.type and not one.key.startswith("~")]


async def _ledgers(chaos: Chaos, wanted: Mapping[str, Expected]) -> list[str]:
    findings = []
    for service in ("customers", "segmenter", "statements"):
        balances: dict[tuple[str, str], Decimal] = {(c, i): b for c, i, b in await chaos.rows(service, _BALANCES)}
        findings += checks_of_figures.ledgers(wanted, service, balances)
    return findings


async def _judge_mails(seen: Inspection, chaos: Chaos) -> None:
    ledger = [AddressSeen(*row) for row in await chaos.rows("statements", _LEDGER)]
    mails = await mails_in_box(chaos)
    seen.findings["at most one mail per statement and address"] = checks_of_mails.mailed_twice(mails)
    skipped = await chaos.rows("statements", _SKIPPED)
    seen.findings["everyone in an audience gets the statement"] = checks_of_mails.left_out(skipped)
    repeated = 0 if chaos.honours_keys else (await chaos.mail_stats())["repeated"]
    seen.findings["no mail in doubt is repeated where the gateway honours no keys"] = checks_of_mails.repeats(repeated)
    seen.findings["the send ledger and the mailbox agree"] = checks_of_mails.ledger_and_box(ledger, mails)
    doubt = checks_of_mails.listed_doubt(ledger, mails)
    seen.counts |= {"mails": len(mails), "mails that the ledger lists as unknown": sum(doubt.values())}


async def mails_in_box(chaos: Chaos) -> list[MailSeen]:
    """Every mail that the gateway took; the box numbers them from 1, so only new ones are read."""
    more = True
    while more:
        asked = {"cursor": len(chaos.mails), "limit": 200}
        page = (await chaos.cascada.mail.get("/messages", params=asked)).json()
        chaos.mails += [_mail(one) for one in page["items"]]
        more = page["next_cursor"] is not None
    return chaos.mails


def _mail(told: dict[str, Any]) -> MailSeen:
    headers = told["headers"]
    [address] = told["to"]
    return MailSeen(headers["X-Cascada-Delivery"], headers["X-Cascada-Rule"], headers["X-Cascada-Period"], address)


async def _quarantine(chaos: Chaos) -> list[str]:
    findings = []
    for service in ("segmenter", "statements"):
        findings += quarantined(service, await chaos.number(service, _QUARANTINED), chaos.garbage)
    return findings


def quarantined(service: str, found: int, garbage: int) -> list[str]:
    """Records put aside that were no garbage, or garbage that was not put aside."""
    return [] if found == garbage else [f"{service} has {found} in quarantine, not {garbage}"]


def deadlocked(counted: int) -> list[str]:
    """Transactions that waited for each other in a circle, as PostgreSQL counted them."""
    return [f"PostgreSQL counted {counted} deadlocks"] if counted else []
