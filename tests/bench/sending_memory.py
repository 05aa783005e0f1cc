"""Bring out everyone's statement in a process of its own and say its greatest resident memory and its writer's, in MiB.

``python -m tests.bench.sending_memory DATABASE_URL GATEWAY_URL CUSTOMERS``, on a database that has heard of them.
"""

import asyncio
import resource
import sys

from tests.bench.mailing import a_mailing


async def peak_of_sending(url: str, gateway_url: str, customers: int) -> float:
    """The memory of a process that does nothing but this, in MiB."""
    asked = (url, gateway_url, str(customers))
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.sending_memory", *asked, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await child.communicate()
    return float(said)


async def _send(url: str, gateway_url: str, customers: int) -> None:
    async with a_mailing(url, gateway_url, customers) as mailing:
        await mailing.bring_out()
        await mailing.is_out()


if __name__ == "__main__":
    asyncio.run(_send(sys.argv[1], sys.argv[2], int(sys.argv[3])))
    print(sum(resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024)
