"""``raise-epoch``: hearers believe this database again. After a restore it is ``after-restore``, which does more where
more is needed."""

from argparse import Namespace

from shared.database.engine import Database
from shared.database.instance import raise_epoch
from shared.runtime.command_line import Subparsers


def add(commands: Subparsers) -> None:
    """No arguments."""
    commands.add_parser("raise-epoch", help="let what is told win again; after a restore: after-restore").set_defaults(
        run=_run
    )


async def _run(_: Namespace, database: Database) -> str:
    return f"epoch {await raise_epoch(database)}"
