"""Random walks over the send ledger: gateways that fail in every way, workers that die at every step.

After each step: nobody has two mails, counts add up, and no state claims what the gateway does not have.
"""

import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from services.statements.domain.breaker import Breaker
from services.statements.domain.sending import Answer
from services.statements.usecases.send_mails import Called
from tests.services.statements.house import House, open_house
from tests.services.statements.provider import event, tell
from tests.services.statements.resolving import resolve
from tests.services.statements.sending import say_nothing
from tests.services.statements.thursday_run import PERIOD, debtor, planned

KINDS = ("whole", "whole", "dies_early", "dies_late", "slow", "keeps", "gives_back", "time", "lost", "news")
CUSTOMERS = 6
STEPS = 40
TAKES = {"accepts": True, "drops": True, "fails_after": True, "fails_before": False, "busy": False, "away": False}
SAYS = {
    "accepts": Answer("accepted", 202),
    "drops": Answer("doubt", reason="timeout"),
    "fails_after": Answer("doubt", 500, "server_error"),
    "fails_before": Answer("doubt", 500, "server_error"),
    "busy": Answer("not_sent", 429),
    "away": Answer("not_sent"),
}


@dataclass
class Gateway:
    """``has``: how many mails it made of each key."""

    honours_keys: bool
    dice: random.Random
    is_well: bool = False
    has: Counter[str] = field(default_factory=Counter)

    async def send(self, key: str, mail: bytes) -> Answer:
        way = "accepts" if self.is_well else self.dice.choice(list(TAKES))
        if TAKES[way] and not (self.honours_keys and self.has[key]):
            self.has[key] += 1
        return SAYS[way]


@dataclass
class Walk:
    """One worker after the other; ``late`` holds calls whose worker is slow to keep what it heard."""

    house: House
    gateway: Gateway
    dice: random.Random
    late: list[Called] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)

    async def step(self) -> None:
        kind = self.dice.choice(KINDS)
        self.trail.append(kind)
        steps = self.house.steps()
        sending = replace(steps.send_mails, send=self.gateway.send, breaker=Breaker(1))
        await steps.prepare_mails()
        if kind == "whole":
            await sending()
        elif kind in ("dies_early", "dies_late", "slow"):
            claimed = (await sending.claim(2)).mails
            called = [await sending.call(mail) for mail in claimed] if kind != "dies_early" else []
            self.late += called if kind == "slow" else []
        elif kind == "gives_back":
            await sending.give_back((await sending.claim(2)).mails)
        elif kind == "keeps" and self.late:
            await sending.keep([self.late.pop()])
        elif kind == "time":
            await self.house.skip_pauses()
        elif kind == "lost":
            await sending.settle_lost()
        elif kind == "news":
            await self.news()

    async def news(self) -> None:
        for key in [key for key, count in self.gateway.has.items() if count][:1]:
            delivery = await self.house.get(f"/deliveries/{key.partition('.')[0]}")
            address = delivery["addresses"][0]["address"]
            told = event(delivery["delivery_id"], address=address, event_id=f"{len(self.trail)}")
            assert (await tell(self.house, told)).status_code == 204

    async def check(self) -> None:
        assert not [key for key, count in self.gateway.has.items() if count > 1], self.trail
        run = await self.house.run_of("r", PERIOD)
        counts = dict(run["counts"])
        assert counts.pop("audience") == sum(counts.values()) == CUSTOMERS, self.trail
        for one in (await self.house.deliveries(run)).values():
            is_there = bool(self.gateway.has[f"{one['delivery_id']}.1"])
            if one["state"] in ("accepted", "delivered"):
                assert is_there, (one, self.trail)
            elif one["state"] in ("planned", "retry_wait", "failed"):
                assert not is_there, (one, self.trail)


@pytest.fixture(params=[True, False], ids=["keys honoured", "keys not honoured"])
async def house(statements_database: str, request: pytest.FixtureRequest) -> AsyncIterator[House]:
    async with open_house(statements_database, mail_gateway_honours_keys=request.param) as opened:
        yield opened


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_fails_and_wherever_workers_die(house: House, seed: int) -> None:
    say_nothing(house)
    await planned(house, *(debtor(f"c{number}") for number in range(CUSTOMERS)))
    dice = random.Random(seed)
    honours_keys = house.parts.settings.mail_gateway_honours_keys
    walk = Walk(house, Gateway(honours_keys, dice), dice)
    for _ in range(STEPS):
        await walk.step()
        await walk.check()
    walk.gateway.is_well = True
    await settle(walk, honours_keys=honours_keys)
    run = await house.run_of("r", PERIOD)
    assert run["state"] == "finished", walk.trail
    assert sum(walk.gateway.has.values()) == CUSTOMERS, walk.trail
    assert {one["state"] for one in (await house.deliveries(run)).values()} <= {"accepted", "delivered"}, walk.trail
    sent = [told.key for told in await house.told() if told.type == "statement.sent"]
    assert sorted(sent) == [f"c{number}" for number in range(CUSTOMERS)]


async def settle(walk: Walk, *, honours_keys: bool) -> None:
    """The gateway is well again; without keys a person looks doubts up in the provider's log."""
    for _ in range(3):
        await walk.house.skip_pauses()
        steps = walk.house.steps()
        steps.send_mails.send = walk.gateway.send
        await walk.house.work(steps)
        await walk.check()
    if honours_keys:
        return
    run = await walk.house.run_of("r", PERIOD)
    for one in (await walk.house.deliveries(run)).values():
        if one["state"] == "unknown":
            is_there = walk.gateway.has[f"{one['delivery_id']}.1"]
            await resolve(walk.house, f"/deliveries/{one['delivery_id']}", "sent" if is_there else "not_sent")
    steps = walk.house.steps()
    steps.send_mails.send = walk.gateway.send
    await walk.house.work(steps)
    await walk.check()
