"""``verify``: whether what a service keeps is what its facts say; the same command in every service.

One line for each difference, then status 1, so that a nightly job notices. Nothing is changed by it.
"""

from argparse import ArgumentTypeError, Namespace
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from shared.basics.difference import Difference
from shared.basics.errors import Conflict
from shared.database.engine import Database
from shared.runtime.command_line import Subparsers

_USUAL_SAMPLE = 100


class Verifier(Protocol):
    """Compares customers batch by batch: how many, and what differs, each in a line of its own."""

    def sample(self, number: int) -> AsyncIterator[tuple[int, Sequence[Difference]]]:
        """So many, picked at random."""
        ...

    def everyone(self) -> AsyncIterator[tuple[int, Sequence[Difference]]]:
        """All of them."""
        ...


@dataclass(frozen=True)
class VerifyCommand:
    """``opening`` is asked once the command line is read, for only then the environment must be there."""

    opening: Callable[[Database], AbstractAsyncContextManager[Verifier]]

    def add(self, commands: Subparsers) -> None:
        """``--sample N`` (100 without it) or ``--all``."""
        parser = commands.add_parser("verify", help="compare what is kept with what the facts say")
        whom = parser.add_mutually_exclusive_group()
        whom.add_argument("--sample", type=_number, default=_USUAL_SAMPLE, metavar="N", help="customers at random")
        whom.add_argument("--all", action="store_true", dest="everyone", help="every customer")
        parser.set_defaults(run=self._run)

    async def _run(self, given: Namespace, database: Database) -> str:
        compared, wrong = 0, set[str]()
        async with self.opening(database) as verifier:
            batches = verifier.everyone() if given.everyone else verifier.sample(given.sample)
            async for number, differences in batches:
                compared += number
                for one in differences:
                    print(one, flush=True)
                    wrong.add(one.customer_id)
        if wrong:
            raise Conflict("differences", f"{len(wrong)} of {compared} customers differ")
        return f"{compared} customers verified"


def _number(given: str) -> int:
    if not given.isdecimal() or not int(given):
        raise ArgumentTypeError(f"{given} is no number of customers")
    return int(given)
