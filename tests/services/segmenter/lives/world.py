"""A small world that the real segmenter and the oracle live through side by side, each step told to both.

The product is met where its callers meet it: events as they come from the wire, its HTTP API for drafts, refreshes,
alert rules and answers to alerts, its worker's steps. What a step means for the oracle stands beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from services.segmenter.usecases.judge_alert_rules import JudgeAlertRules
from services.segmenter.usecases.judge_history_load import JudgeHistoryLoad
from services.segmenter.usecases.run_refresh import RunRefresh
from shared.contracts.customers_snapshots import Snapshot
from shared.messaging.batch import Event
from shared.messaging.repair import Repairer
from tests.oracle.accounts import account
from tests.oracle.alerts import Alert, AlertRule
from tests.oracle.cascade import DEFAULT, Segment
from tests.oracle.cutoffs import top_cutoffs
from tests.oracle.facts import Money
from tests.oracle.segmenter import Segmenter
from tests.oracle.settings import Settings
from tests.services.segmenter.house import DRAFT, House
from tests.services.segmenter.listener import Listener
from tests.services.segmenter.lives.wishes import alert_rule_body, settings_body
from tests.services.segmenter.random_facts import Happening
from tests.services.segmenter.sender import Books, contact

ADDRESSES = ("ana@correo.co", "eva@correo.co", "noreply@correo.co", "x@prueba.com")


@dataclass
class Draft:
    """What the next refresh would publish."""

    cascade: list[Segment] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)


@dataclass
class World:
    """Some customers with their books, a draft, and the two segmenters. ``unreached``: whom a refresh has not reached.

    ``ever`` counts what was made, so that ids are new.
    """

    house: House
    oracle: Segmenter = field(default_factory=Segmenter)
    draft: Draft = field(default_factory=Draft)
    alive: dict[str, Books] = field(default_factory=dict)
    erased: dict[str, Books] = field(default_factory=dict)
    unreached: list[str] = field(default_factory=list)
    ever: int = 0

    @property
    def segmenter(self) -> Listener:
        return self.house.segmenter

    @property
    def today(self) -> date:
        return self.segmenter.clock.day

    def _judged(self, names: Iterable[str], cause: str, *, silently: bool = False) -> None:
        for name in names:
            self.oracle.judge(self.alive[name].account, self.today, cause, silently=silently)

    # What customers tells.

    async def somebody_new(self, random: Random, *, history: bool) -> None:
        """A customer with some facts already."""
        self.ever += 1
        books = Books(
            account(customer_id=f"c-{self.ever}", registered_on=self.today - timedelta(days=2), email="a@b.c")
        )
        events = [books.registered(history=history), *self._facts(random, books, history=history)]
        self.alive[books.customer_id] = books
        await self._hears(books, events, history=history)

    async def facts(self, name: str, random: Random, *, history: bool) -> None:
        """A batch of facts of somebody, now or loaded as the past."""
        books = self.alive[name]
        await self._hears(books, self._facts(random, books, history=history), history=history)

    def _facts(self, random: Random, books: Books, *, history: bool) -> list[Event]:
        edges = random.choice(((0,), (0, 1, 2), (0, 5, 31, 90, 366, 500)))
        happening, events = Happening(random, self.today, edges), []
        for _ in range(random.randint(1, 5)):
            fact = happening.next_of(books.account.facts, books.account.customer.currency)
            events += [books.tells(fact, history=history)] if fact else []
        return events

    async def _hears(self, books: Books, events: list[Event], *, history: bool = False) -> None:
        await self.segmenter.hears(*events)
        if history:
            judging = JudgeHistoryLoad(self.segmenter.database, self.segmenter.clock, pause_seconds=0)
            while await judging.step():
                pass
        if events:
            self._judged([books.customer_id], "event", silently=history)

    async def other_attributes(self, name: str, random: Random) -> None:
        """Somebody's attributes change."""
        choice, books = random.choice, self.alive[name]
        changed: dict[str, Any] = choice(
            (
                {"currency": choice(("COP", "USD"))},
                {"archived": choice((True, False))},
                {"email": choice((None, *ADDRESSES)), "emails": (choice(ADDRESSES),)},
                {"phone": choice((None, "1", "6011234567"))},
                {"risk_score": choice((None, Decimal(300), Decimal(699), Decimal(700)))},
                {"do_not_contact_until": choice((None, self.today, self.today + timedelta(days=30)))},
                {"variables": _variables(random, self.today)},
            )
        )
        await self._hears(books, [books.updated(**changed)])

    async def bounce(self, name: str, random: Random) -> None:
        """Mails to an address of somebody bounce, or may go there again."""
        self.ever += 1
        books, address = self.alive[name], random.choice(ADDRESSES)
        customer, kind = books.account.customer, random.choice(("bounced", "complained", "restored"))
        gone = customer.unreachable - {address} if kind == "restored" else customer.unreachable | {address}
        books.account = replace(books.account, customer=replace(customer, unreachable=gone))
        await self._hears(books, [contact(name, kind, address, self.ever)])

    async def loss(self, name: str, random: Random) -> None:
        """An event never arrives, which the next one shows; a snapshot mends it."""
        books = self.alive[name]
        lost = Happening(random, self.today).next_of(books.account.facts, books.account.customer.currency)
        if lost is None:
            return
        books.tells(lost)
        await self.segmenter.hears(books.updated(portfolio=random.choice(("norte", "sur"))))

        async def fetch(_: str) -> Snapshot:
            return books.snapshot()

        await Repairer(self.segmenter.database, fetch, self.segmenter.events.replace).repair(name)
        self._judged([name], "event")

    async def erasure(self, name: str) -> None:
        """Somebody wants to be forgotten."""
        books = self.alive.pop(name)
        self.erased[name] = books
        self.unreached = [other for other in self.unreached if other != name]
        await self.segmenter.hears(books.erased())
        self.oracle.erase(name, self.today)

    async def days_pass(self, days: int) -> None:
        """Days pass, or business time jumps: one turn."""
        await self.segmenter.turns_day(self.today + timedelta(days=days))
        self._judged(self.alive, "day_turn")

    # What analysts do.

    async def drafts(self, segment: Segment) -> None:
        """A segment is added last, or replaced."""
        path = f"{DRAFT}/segments/{segment.segment_id}"
        body = {"name": segment.name, "rule": segment.rule, "flow_id": None}
        known = [one.segment_id for one in self.draft.cascade]
        match = {"if_match": await self.house.etag(path)} if segment.segment_id in known else {}
        assert (await self.house.call("PUT", path, body, **match)).is_success
        kept = [segment if one.segment_id == segment.segment_id else one for one in self.draft.cascade]
        self.draft.cascade = kept if match else [*kept, segment]

    async def drops(self, segment_id: str) -> None:
        """A segment is taken out of the draft."""
        path = f"{DRAFT}/segments/{segment_id}"
        assert (await self.house.call("DELETE", path, if_match=await self.house.etag(path))).is_success
        self.draft.cascade = [one for one in self.draft.cascade if one.segment_id != segment_id]

    async def orders(self, cascade: list[Segment]) -> None:
        """The draft's segments get another priority."""
        assert (await self.house.orders(*(one.segment_id for one in cascade), DEFAULT)).is_success
        self.draft.cascade = cascade

    async def sets(self, settings: Settings) -> None:
        """The draft's settings become others."""
        match = await self.house.etag(DRAFT)
        answer = await self.house.call("PUT", f"{DRAFT}/settings", settings_body(settings), if_match=match)
        assert answer.is_success, answer.text
        self.draft.settings = settings

    async def discards(self) -> None:
        """The draft becomes what is published."""
        await self.house.post(f"{DRAFT}/discard", if_match=await self.house.etag(DRAFT))
        self.draft = Draft(list(self.oracle.cascade), replace(self.oracle.settings, top_cutoffs={}))

    async def publishes(self, reached: int) -> None:
        """Actualizar: the draft is in force, and the first customers are judged by it."""
        await self.house.asks_refresh()
        await self.segmenter.publishes()
        everyone = [books.account for books in self.alive.values()]
        cutoffs = top_cutoffs(everyone, self.today, self.draft.settings)
        self.oracle.cascade = list(self.draft.cascade)
        self.oracle.settings = replace(self.draft.settings, top_cutoffs=cutoffs)
        self.oracle.revision += 1
        self.unreached = sorted(self.alive)
        for _ in range(min(reached, len(self.unreached))):
            await RunRefresh(self.segmenter.database, self.segmenter.clock, range_size=1).step()
            self._judged([self.unreached.pop(0)], "refresh")
        if not self.unreached:
            await self.converges()

    async def converges(self) -> None:
        """The refresh reaches everyone."""
        await self.segmenter.runs_refresh()
        self._judged(self.unreached, "refresh")
        self.unreached = []

    # What becomes of alerts.

    async def puts_rule(self, rule: AlertRule) -> None:
        """An alert rule is put; no worker has judged anybody by it yet."""
        answer = await self.house.call("PUT", f"/alert-rules/{rule.rule_id}", alert_rule_body(rule))
        assert answer.is_success, answer.text
        if self.oracle.rules.get(rule.rule_id) != rule:
            self.oracle.rules[rule.rule_id] = rule
            self.oracle.unjudged.add(rule.rule_id)

    async def deletes_rule(self, rule_id: str) -> None:
        """An alert rule is deleted; what it raised is cleared when a worker comes by."""
        assert (await self.house.call("DELETE", f"/alert-rules/{rule_id}")).is_success
        del self.oracle.rules[rule_id]
        self.oracle.unjudged.add(rule_id)

    async def judges_rules(self) -> None:
        """A worker judges everyone by the rules that are new."""
        judging = JudgeAlertRules(self.segmenter.database, self.segmenter.clock, range_size=2)
        while await judging.step():
            pass
        if self.oracle.unjudged:
            self._judged(self.alive, "event")
        self.oracle.unjudged = set()

    async def answers(self, alert: Alert, answer: str) -> None:
        """Somebody acknowledges or dismisses an alert."""
        listed = (await self.house.get("/alerts", rule=alert.rule_id, limit=500))["items"]
        [found] = [one for one in listed if one["customer_id"] == alert.customer_id and one["status"] != "cleared"]
        await self.house.post(f"/alerts/{found['alert_id']}/{answer}")
        alert.status = {"acknowledge": "acknowledged", "dismiss": "dismissed"}[answer]


def _variables(random: Random, today: date) -> dict[str, Any]:
    drawn = {
        "ciudad": random.choice((None, "Bogotá D.C.", "Medellín", "  ")),
        "estrato": random.choice((None, Decimal(1), Decimal(2), Decimal("2.5"))),
        "cupo": random.choice((None, Money(Decimal(100), "COP"), Money(Decimal(100), "USD"))),
        "contrato": random.choice((None, today, today - timedelta(days=30), today + timedelta(days=1))),
        "vip": random.choice((None, True, False)),
        "canal": random.choice((None, "correo", "llamada")),
    }
    return {key: value for key, value in drawn.items() if value is not None}
