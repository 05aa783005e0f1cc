"""Kafka restarts, is killed, and hangs."""

import asyncio
import signal

import psutil

from deploy.local.kafka import create_topics
from tests.chaos.chaos import Chaos
from tests.chaos.row import Fired, fired
from tests.support.eventually import eventually


async def restart_broker(chaos: Chaos, times: int) -> Fired:
    """SIGTERM: it takes leave of its clients."""
    return await _end(chaos, signal.SIGTERM, times)


async def kill_broker(chaos: Chaos, times: int) -> Fired:
    """Kill -9: nobody is told."""
    return await _end(chaos, signal.SIGKILL, times)


async def hang_broker(chaos: Chaos, seconds: int) -> Fired:
    """It takes connections and bytes, and answers nothing: what a network that swallows packets looks like."""
    accepted = chaos.load.history.count("accepted")
    pid, state = await chaos.freeze("kafka")
    try:
        await asyncio.sleep(seconds)
        waiting = await chaos.number("customers", "SELECT count(*) FROM outbox")
        more = chaos.load.history.count("accepted") - accepted
    finally:
        chaos.signal("kafka", signal.SIGCONT)
    return fired(
        f"broker {pid} was {state} for {seconds} s, and {waiting} events waited in the outbox of customers",
        when=state == psutil.STATUS_STOPPED and waiting > 0,
        seen=f"{more} writes were accepted meanwhile",
    )


async def _end(chaos: Chaos, how: signal.Signals, times: int) -> Fired:
    ended, accepted = [], chaos.load.history.count("accepted")
    for _ in range(times):
        pid = chaos.signal("kafka", how)
        now = await chaos.is_back("kafka", pid, within=90)
        await eventually(lambda: create_topics(chaos.kafka), within=90)
        ended.append(f"{pid} → {now}")
    more = chaos.load.history.count("accepted") - accepted
    return fired(
        f"broker gone by process id: {', '.join(ended)}",
        when=len(ended) == times,
        seen=f"{more} writes were accepted meanwhile",
    )
