"""A worker that prepares and sends in a process of its own, for tests to kill in the middle of it.

``python -m tests.services.statements.mortal_worker DATABASE_URL GATEWAY_URL MOMENT yes|no`` (the gateway honours keys).
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from services.statements.outbound.gateways import gateway_at
from services.statements.wiring.parts import Parts
from services.statements.wiring.worker import tasks
from services.statements.wiring.writer import writing_tasks
from shared.database.engine import Database
from tests.services.statements.house import House, SetClock, settings
from tests.services.statements.segmenter import StandInSegmenter


@asynccontextmanager
async def a_mortal_worker(house: House) -> AsyncIterator[None]:
    """Beside the house, on its database and its gateway; killed -9 when the block ends."""
    known, moment = house.parts.settings, house.clock.moment.isoformat()
    honours = "yes" if known.mail_gateway_honours_keys else "no"
    asked = (known.statements_database_url, str(known.mail_gateway_url), moment, honours)
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, *asked)
    try:
        yield
    finally:
        child.kill()
        await child.wait()


async def _work(url: str, gateway_url: str, moment: str, honours: str) -> None:
    clock = SetClock()
    clock.set(moment)
    known = settings(url, gateway_url, mail_gateway_honours_keys=honours == "yes")
    parts = Parts(Database(url, name="mortal"), clock, known)
    async with gateway_at(gateway_url, clock) as gateway:
        steps = tasks(parts, StandInSegmenter().asked, gateway, lambda: None)
        await asyncio.gather(_forever(writing_tasks(parts).prepare_mails), _forever(steps.send_mails))


async def _forever(step: Callable[[], Awaitable[bool]]) -> None:
    while True:
        if not await step():
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(_work(*sys.argv[1:]))
