"""Whatever happens, after every step the segmenter and an evaluator that shares no code with it agree on everything.

Facts late, lost, corrected and loaded as history; attributes, bounces, erasures; days that pass or are jumped over;
drafts, settings, refreshes that are only half done; alert rules put, changed and deleted; alerts answered. A failure
is shrunk to the fewest steps. ``make lives`` takes many more of them (``CASCADA_LIVES``).
"""

import asyncio
import os
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shared.database.engine import Database
from tests.oracle.segmenter import Told
from tests.services.segmenter.house import open_house
from tests.services.segmenter.listener import SetClock
from tests.services.segmenter.lives.agreement import adds_up, agree
from tests.services.segmenter.lives.wishes import SETTINGS, a_segment, an_alert_rule
from tests.services.segmenter.lives.world import World
from tests.services.segmenter.verdicts import declare_variables
from tests.support.databases import Databases

TODAY = date(2026, 3, 9)
LIVES = int(os.environ.get("CASCADA_LIVES", "5"))
STEPS = 25
SEGMENTS = ("a", "b", "c", "d")
RULES = ("mora", "aviso", "llamar")

randoms = st.integers(0, 10**9).map(Random)


class Lives(RuleBasedStateMachine):
    """One life of a few customers; each step is done in both worlds, then they are compared."""

    runner: asyncio.Runner
    databases: Databases

    def __init__(self) -> None:
        super().__init__()
        self.opened = AsyncExitStack()
        self.heard: dict[str, list[Told]] = {}
        self.world: World = self.does(self._open())

    def does(self, step: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(step)

    async def _open(self) -> World:
        url = await self.databases.create("segmenter")
        self.opened.push_async_callback(self.databases.drop, url)
        database = Database(url, name="test")
        self.opened.push_async_callback(database.close)
        house = await self.opened.enter_async_context(open_house(database, SetClock(TODAY)))
        await declare_variables(house.segmenter)
        return World(house)

    def teardown(self) -> None:
        try:
            self.does(adds_up(self.world))
        finally:
            self.does(self.opened.aclose())

    @initialize(random=randoms)
    def begin(self, random: Random) -> None:
        self.does(self.world.somebody_new(random, history=False))
        self.does(self.world.somebody_new(random, history=True))
        for name in SEGMENTS[:3]:
            self.does(self.world.drafts(a_segment(random, name, TODAY)))
        self.does(self.world.sets(random.choice(SETTINGS)))
        self.does(self.world.publishes(reached=2))
        self.does(self.world.converges())

    @invariant()
    def they_agree(self) -> None:
        self.does(agree(self.world, self.heard))

    def somebody(self, random: Random) -> str:
        return random.choice(sorted(self.world.alive))

    @precondition(lambda self: len(self.world.alive) < 4)
    @rule(random=randoms, history=st.booleans())
    def somebody_new(self, random: Random, history: bool) -> None:
        self.does(self.world.somebody_new(random, history=history))

    @rule(random=randoms, history=st.sampled_from((False, False, False, True)))
    def facts(self, random: Random, history: bool) -> None:
        self.does(self.world.facts(self.somebody(random), random, history=history))

    @rule(random=randoms)
    def more_facts(self, random: Random) -> None:
        self.does(self.world.facts(self.somebody(random), random, history=False))

    @rule(random=randoms)
    def other_attributes(self, random: Random) -> None:
        self.does(self.world.other_attributes(self.somebody(random), random))

    @rule(random=randoms)
    def bounce(self, random: Random) -> None:
        self.does(self.world.bounce(self.somebody(random), random))

    @rule(random=randoms)
    def loss(self, random: Random) -> None:
        self.does(self.world.loss(self.somebody(random), random))

    @precondition(lambda self: len(self.world.alive) > 2)
    @rule(random=randoms)
    def erasure(self, random: Random) -> None:
        self.does(self.world.erasure(self.somebody(random)))

    @rule(days=st.sampled_from((1, 1, 1, 2, 7, 31, 90)))
    def days_pass(self, days: int) -> None:
        self.does(self.world.days_pass(days))

    @rule(random=randoms, name=st.sampled_from(SEGMENTS))
    def a_segment_is_drafted(self, random: Random, name: str) -> None:
        self.does(self.world.drafts(a_segment(random, name, self.world.today)))

    @precondition(lambda self: len(self.world.draft.cascade) > 1)
    @rule(random=randoms)
    def segments_are_dropped_or_ordered(self, random: Random) -> None:
        cascade = list(self.world.draft.cascade)
        if random.random() < 0.4:
            self.does(self.world.drops(random.choice(cascade).segment_id))
        else:
            random.shuffle(cascade)
            self.does(self.world.orders(cascade))

    @rule(place=st.integers(0, len(SETTINGS) - 1))
    def settings_are_drafted(self, place: int) -> None:
        self.does(self.world.sets(SETTINGS[place]))

    @rule()
    def the_draft_is_discarded(self) -> None:
        self.does(self.world.discards())

    @precondition(lambda self: not self.world.unreached)
    @rule(reached=st.integers(0, 5))
    def a_refresh_publishes(self, reached: int) -> None:
        self.does(self.world.publishes(reached))

    @precondition(lambda self: self.world.unreached)
    @rule()
    def the_refresh_converges(self) -> None:
        self.does(self.world.converges())

    @rule(random=randoms, name=st.sampled_from(RULES), at_once=st.booleans())
    def an_alert_rule_is_put(self, random: Random, name: str, at_once: bool) -> None:
        segments = [one.segment_id for one in self.world.oracle.cascade]
        wanted = an_alert_rule(random, name, self.world.today, segments, self.world.oracle.settings)
        self.does(self.world.puts_rule(wanted))
        if at_once:
            self.does(self.world.judges_rules())

    @precondition(lambda self: self.world.oracle.rules)
    @rule(random=randoms)
    def an_alert_rule_is_deleted(self, random: Random) -> None:
        self.does(self.world.deletes_rule(random.choice(sorted(self.world.oracle.rules))))

    @rule()
    def new_alert_rules_are_judged(self) -> None:
        self.does(self.world.judges_rules())

    @rule(random=randoms, answer=st.sampled_from(("acknowledge", "dismiss")))
    def an_alert_is_answered(self, random: Random, answer: str) -> None:
        waiting = [alert for alert in self.world.oracle.calls.raised if alert.status != "cleared"]
        if waiting:
            self.does(self.world.answers(random.choice(waiting), answer))


@pytest.fixture
def machine(postgres_url: str) -> Iterator[type[Lives]]:
    """The machine with a loop and a server of its own."""
    with asyncio.Runner() as runner:
        Lives.runner, Lives.databases = runner, Databases(postgres_url)
        yield Lives
        runner.run(Lives.databases.drop_templates())


@pytest.mark.timeout(120 * max(1, LIVES // 4))
def test_after_every_step_they_agree_on_everything(machine: type[Lives]) -> None:
    wanted = settings(
        max_examples=LIVES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.reuse, Phase.generate, Phase.shrink),
    )
    run_state_machine_as_test(machine, settings=wanted)
