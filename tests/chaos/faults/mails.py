"""While statements are being sent: workers die in the middle, and the gateway misbehaves."""

import signal

from tests.chaos.chaos import Chaos
from tests.chaos.faults.days import ended, next_day
from tests.chaos.row import Fired, fired
from tests.support.eventually import eventually

_WORKERS = ("statements-worker-1", "statements-worker-2")
_UNDER_WAY = "SELECT count(*) FROM addresses WHERE state = 'sending'"
_MAILS_BEFORE = 10


async def kill_in_mid_send(chaos: Chaos, times: int) -> Fired:
    """Both workers die at once while the gateway takes its time over what they sent."""
    killed, under_way, counts = [], 0, {}
    for _ in range(times):
        await chaos.mail_faults("delay", rate=1, seconds=0.4)
        before = (await chaos.mail_stats())["accepted"]
        run = await next_day(chaos)
        await eventually(lambda: _took(chaos, before + _MAILS_BEFORE), within=60)  # noqa: B023
        under_way += await chaos.number("statements", _UNDER_WAY)
        pids = [(program, chaos.signal(program, signal.SIGKILL)) for program in _WORKERS]
        await chaos.mail_faults("none")
        killed += [f"{program} {pid} → {await chaos.is_back(program, pid)}" for program, pid in pids]
        counts = await ended(chaos, run)
    return fired(
        f"gone by process id: {', '.join(killed)}; {under_way} mails were noted as being sent at that moment",
        when=under_way > 0,
        seen=f"of the last run {_said(counts)}",
    )


async def storm_of_429(chaos: Chaos, times: int) -> Fired:
    """Half of all calls are turned away, and told to come back later."""
    return await _misbehaves(chaos, times, mode="reject_429", counted="rejected", share=0.5)


async def storm_of_5xx(chaos: Chaos, times: int) -> Fired:
    """Half of all calls fail, nobody can say whether before or after the mail was taken."""
    return await _misbehaves(chaos, times, mode="fail_500", counted="failed", share=0.5)


async def accept_then_drop(chaos: Chaos, times: int) -> Fired:
    """A third of all mails are taken, and the line is cut before the answer."""
    return await _misbehaves(chaos, times, mode="accept_then_drop", counted="dropped", share=0.3)


async def _misbehaves(chaos: Chaos, times: int, *, mode: str, counted: str, share: float) -> Fired:
    """``times`` calls meet the fault, then the gateway behaves again."""
    await chaos.mail_faults(mode, rate=share)
    before = (await chaos.mail_stats())[counted]
    run = await next_day(chaos)

    async def enough() -> bool:
        return (await chaos.mail_stats())[counted] - before >= times

    await eventually(enough, within=120)
    await chaos.mail_faults("none")
    counts = await ended(chaos, run)
    met = (await chaos.mail_stats())[counted] - before
    return fired(f"the gateway counted {met} calls {counted}", when=met >= times, seen=f"of the run {_said(counts)}")


async def _took(chaos: Chaos, mails: int) -> bool:
    return (await chaos.mail_stats())["accepted"] >= mails


def _said(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in counts.items() if count)
