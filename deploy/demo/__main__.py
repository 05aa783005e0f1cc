"""``make demo``: the whole of Cascada on a made-up portfolio, from an empty database to a page of results.

It starts the stack, lets the scenario run, shows the page, and checks that what was promised has happened.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys

from deploy.demo.living import morning_of
from deploy.demo.plan import FIRST_DAY, Plan
from deploy.demo.problem import DemoProblem
from deploy.demo.promises import broken_promises
from deploy.demo.report import page
from deploy.demo.scenario import live_scenario
from deploy.demo.stack import running_stack
from deploy.local.problem import LocalProblem


def main() -> None:
    """Run the demo; exit status 1 and one clear line when something promised did not happen."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    plan = _plan()
    try:
        _show(plan)
    except (DemoProblem, LocalProblem) as problem:
        sys.exit(f"The demo failed: {problem}".rstrip())
    except KeyboardInterrupt:
        sys.exit(130)


def _plan() -> Plan:
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description="Cascada on a made-up portfolio")
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--days", type=int, default=30)
    return Plan(**vars(parser.parse_args()))


def _show(plan: Plan) -> None:
    """Run the story over a stack of its own; at a terminal, leave the stack running until Ctrl-C."""
    plan.say("starting PostgreSQL, Kafka, the mail catcher and the three services")
    with running_stack(morning_of(FIRST_DAY)) as (stack_env, clock):
        results = asyncio.run(live_scenario(plan, stack_env, clock))
        print("\n".join(page(results, stack_env)), flush=True)
        broken = broken_promises(results)
        if broken:
            raise DemoProblem("\n  ".join(["these promises did not hold:", *broken]))
        plan.say("all that was promised has happened")
        if sys.stdout.isatty() and os.environ.get("KEEP") != "0":
            _stay()


def _stay() -> None:
    print("The stack goes on running; Ctrl-C stops it.", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


if __name__ == "__main__":
    main()
