"""The demo's story in order, over a running stack: load, publish, live, gather."""

import time
from datetime import timedelta

from deploy.demo import arranging, living
from deploy.demo.billing import ZONE
from deploy.demo.cascade import STATEMENT_RULES
from deploy.demo.client import open_services
from deploy.demo.clock import DemoClock
from deploy.demo.hearing import Heard, hearing
from deploy.demo.plan import FIRST_DAY, SEED, Plan
from deploy.demo.portfolio import make_portfolio
from deploy.demo.results import Results, gather
from deploy.demo.words import pesos


async def live_scenario(plan: Plan, stack_env: dict[str, str], clock: DemoClock) -> Results:
    """Everything from the empty system to what there is to show."""
    portfolio = make_portfolio(SEED, plan.customers, FIRST_DAY, plan.days)
    async with open_services(stack_env) as services, hearing(stack_env["KAFKA_BOOTSTRAP_SERVERS"]) as heard:
        world = living.World(services, clock, portfolio)
        refreshed = await _arrange(plan, world, heard)
        expected = await _live(plan, world)
        await living.settle(world)
        await heard.catch_up()
        return await gather(services, heard, plan, refreshed, expected)


async def _arrange(plan: Plan, world: living.World, heard: Heard) -> arranging.Refreshed:
    services, began = world.services, time.monotonic()
    await arranging.declare_variables(services.customers)
    lines = await arranging.load_history(services.customers, world.portfolio, living.morning_of(FIRST_DAY))
    rate = lines / (time.monotonic() - began)
    plan.say(
        f"{pesos(plan.customers)} customers and a year of their invoices and payments: "
        f"{pesos(lines)} lines, {pesos(rate)} a second"
    )
    await arranging.history_is_judged(services, heard, plan.customers)
    plan.say("everyone has entered the cascade, which so far is Default alone")
    refreshed = await arranging.publish_cascade(services.segmenter)
    plan.say(f"eight segments and Default previewed and refreshed: {pesos(refreshed.changed)} customers moved")
    await arranging.create_statement_rules(services.statements)
    return refreshed


async def _live(plan: Plan, world: living.World) -> tuple[living.Occurrence, ...]:
    """Let the days pass; returns the occurrences of statement rules that lay in them."""
    due = await living.occurrences(world.services.statements, list(STATEMENT_RULES), living.evening_of(plan.last_day))
    before, arrived = living.morning_of(FIRST_DAY), 0
    for number in range(plan.days):
        day = FIRST_DAY + timedelta(days=number)
        facts = world.portfolio.between(before, living.evening_of(day))
        await living.live_through(world, facts, day, [o for o in due if o.at.astimezone(ZONE).date() == day])
        before, arrived = living.evening_of(day), arrived + len(facts)
        if (number + 1) % 5 == 0 or day == plan.last_day:
            plan.say(f"{number + 1} days have passed, {pesos(arrived)} invoices, payments and failures arrived")
    return tuple(due)
