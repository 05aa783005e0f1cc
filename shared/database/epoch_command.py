"""Commands that raise the epoch of this database and nothing else, so that hearers believe what it tells again.

In every service ``raise-epoch``; where a restored database needs no more than that, ``after-restore`` too.
"""

from argparse import Namespace
from dataclasses import dataclass

from shared.database.engine import Database
from shared.database.instance import raise_epoch
from shared.runtime.command_line import Subparsers


@dataclass(frozen=True)
class EpochCommand:
    """A command without arguments; it says the new epoch."""

    name: str
    help: str

    def add(self, commands: Subparsers) -> None:
        """Offer it."""
        commands.add_parser(self.name, help=self.help).set_defaults(run=_run)


RAISE_EPOCH = EpochCommand("raise-epoch", "let what is told win again; after a restore: after-restore")
AFTER_RESTORE = EpochCommand("after-restore", "after a restore: let what is told win again")


async def _run(_: Namespace, database: Database) -> str:
    return f"epoch {await raise_epoch(database)}"
