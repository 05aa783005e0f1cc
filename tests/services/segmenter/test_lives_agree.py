"""Whatever happens to customers, after every step they stand where the oracle says: segment, bucket, risk, variables.

Facts of every kind come in batches, late and on time; attributes, currency and addresses change; days pass or jump;
events get lost and are mended from snapshots; a customer is erased.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from services.segmenter.domain.settings import Settings
from services.segmenter.storage.recompute import recompute
from shared.basics.money import Money
from shared.contracts.customers_snapshots import Snapshot
from shared.messaging.repair import Repairer
from tests.oracle import settings as oracle
from tests.oracle.accounts import account
from tests.oracle.cascade import Segment, segment_of
from tests.oracle.variables import Moment, all_variables, at, value_of
from tests.services.segmenter.listener import Listener
from tests.services.segmenter.random_facts import Happening
from tests.services.segmenter.sender import Books, contact
from tests.services.segmenter.verdicts import values

RULES: list[tuple[str, dict[str, Any]]] = [
    ("promesas", {"variable": "broken_promises", "operator": "gt", "value": 0}),
    ("riesgo", {"variable": "risk_level", "operator": "in", "value": ["high"]}),
    ("puntual", {"variable": "on_time_ratio", "operator": "gte", "value": 0.5}),
    ("disputa", {"variable": "open_disputes", "operator": "gt", "value": 0}),
    ("suscrito", {"variable": "active_subscriptions", "operator": "gt", "value": 0}),
    ("reciente", {"variable": "last_activity_on", "operator": "within_last_days", "value": 7}),
    ("tarde", {"variable": "average_days_late", "operator": "gt", "value": 3}),
    ("fallidos", {"variable": "failed_payments", "operator": "gt", "value": 0, "within_days": 30}),
]
CASCADE = [Segment(name, name.capitalize(), rule) for name, rule in RULES]
DRAFTED = [{"segment_id": s.segment_id, "name": s.name, "rule": s.rule, "flow_id": None} for s in CASCADE]
TOLD = oracle.Settings(placeholder_local_parts=frozenset(["noreply"]), placeholder_domains=frozenset(["example.com"]))
ADDRESSES = ("ana@correo.co", "eva@correo.co", "noreply@correo.co")


@dataclass
class Lives:
    """Some customers, each with its books, and the segmenter that hears of them."""

    segmenter: Listener
    random: Random
    everyone: list[Books]
    sequence: int = 0

    @property
    def today(self) -> date:
        return self.segmenter.clock.day

    async def step(self) -> None:
        """One thing happens."""
        happens = (
            self.facts,
            self.facts,
            self.facts,
            self.facts,
            self.another_person,
            self.bounce,
            self.days,
            self.loss,
        )
        await self.random.choice(happens)()

    async def facts(self) -> None:
        """A batch of facts of somebody."""
        books = self.random.choice(self.everyone)
        edges = self.random.choice(((0,), (0, 1, 2), (0, 5, 31, 90, 366, 500)))
        events = []
        for _ in range(self.random.randint(1, 5)):
            happening = Happening(self.random, self.today, edges)
            fact = happening.next_of(books.account.facts, books.account.customer.currency)
            events += [books.tells(fact)] if fact else []
        await self.segmenter.hears(*events)

    async def another_person(self) -> None:
        """Somebody's attributes change."""
        choice = self.random.choice
        changed: dict[str, Any] = choice(
            (
                {"currency": choice(("COP", "USD"))},
                {"archived": choice((True, False))},
                {"email": choice((None, *ADDRESSES)), "emails": (choice(ADDRESSES),)},
                {"risk_score": choice((None, Decimal(300)))},
            )
        )
        await self.segmenter.hears(choice(self.everyone).updated(**changed))

    async def bounce(self) -> None:
        """Mails to an address of somebody bounce, or may go there again."""
        self.sequence += 1
        books, address = self.random.choice(self.everyone), self.random.choice(ADDRESSES)
        customer = books.account.customer
        kind = self.random.choice(("bounced", "complained", "restored"))
        gone = customer.unreachable - {address} if kind == "restored" else customer.unreachable | {address}
        books.account = replace(books.account, customer=replace(customer, unreachable=gone))
        await self.segmenter.hears(contact(books.customer_id, kind, address, self.sequence))

    async def days(self) -> None:
        """Days pass, or business time jumps."""
        await self.segmenter.turns_day(self.today + timedelta(days=self.random.choice((1, 1, 2, 7, 40))))

    async def loss(self) -> None:
        """An event never arrives, which the next one shows; a snapshot mends it."""
        books = self.random.choice(self.everyone)
        lost = Happening(self.random, self.today).next_of(books.account.facts, "COP")
        if lost:
            books.tells(lost)
        await self.segmenter.hears(books.updated(portfolio=self.random.choice(("norte", "sur"))))

        async def fetch(_: str) -> Snapshot:
            return books.snapshot()

        await Repairer(self.segmenter.database, fetch, self.segmenter.events.replace).repair(books.customer_id)

    async def check(self) -> None:
        """Everyone stands where the oracle says."""
        rows = await self.segmenter.rows("SELECT customer_id, segment_id, aging_bucket, risk_level FROM membership")
        found = {row.pop("customer_id"): tuple(row.values()) for row in rows}
        for books in self.everyone:
            moment = at(books.account, self.today, TOLD)
            known = await values(self.segmenter, books.customer_id, SETTINGS)
            assert known == {key: _as_found(value) for key, value in all_variables(moment).items()}
            assert found[books.customer_id] == expected(moment)


SETTINGS = Settings()
SETTINGS = replace(SETTINGS, contactability=replace(SETTINGS.contactability, local_parts=("noreply",), domains=()))


def expected(moment: Moment) -> tuple[str, str, str]:
    """Where a customer stands."""
    bucket, risk = value_of(moment, "aging_bucket"), value_of(moment, "risk_level")
    return segment_of(moment, CASCADE), bucket, risk


def _as_found(value: Any) -> Any:
    return Money(*value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("seed", range(12))
async def test_after_every_step_everyone_stands_where_the_oracle_says(segmenter: Listener, seed: int) -> None:
    await segmenter.refreshes(*DRAFTED)
    everyone = [Books(account(customer_id=name, registered_on=date(2026, 2, 20))) for name in ("ana", "bea", "caro")]
    await segmenter.hears(*(books.registered() for books in everyone))
    lives = Lives(segmenter, Random(seed), everyone)
    for _ in range(25):
        await lives.step()
        await lives.check()
    before = await state(segmenter)
    async with segmenter.database.transaction() as connection:
        await recompute(connection, [books.customer_id for books in everyone])
    assert await state(segmenter) == before


async def state(segmenter: Listener) -> list[list[dict[str, Any]]]:
    return [await segmenter.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("behaviour", "days")]
