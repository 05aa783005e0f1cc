"""``after-restore`` where it is nothing but a higher epoch: said once after a restore, before processes start again."""

from argparse import Namespace

from shared.database.engine import Database
from shared.database.instance import raise_epoch
from shared.runtime.command_line import Subparsers


def add(commands: Subparsers) -> None:
    """No arguments."""
    commands.add_parser("after-restore", help="after a restore: let what is told win again").set_defaults(run=_run)


async def _run(_: Namespace, database: Database) -> str:
    return f"epoch {await raise_epoch(database)}"
