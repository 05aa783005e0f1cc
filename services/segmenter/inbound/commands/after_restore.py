"""``after-restore``: said once after this service's database was restored, before its processes start again."""

from argparse import Namespace

from services.segmenter.usecases.return_from_backup import ReturnFromBackup
from shared.database.engine import Database
from shared.runtime.command_line import Subparsers


def add(commands: Subparsers) -> None:
    """No arguments."""
    parser = commands.add_parser("after-restore", help="after a restore: be believed again, mail no alert twice")
    parser.set_defaults(run=_run)


async def _run(_: Namespace, database: Database) -> str:
    return f"epoch {await ReturnFromBackup(database).begin()}"
