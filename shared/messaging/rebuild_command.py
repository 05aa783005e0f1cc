"""``rebuild``: everything that a hearing service was ever told is read anew from its owners, as from nothing.

Nobody is without an answer meanwhile: each customer's old facts serve until its new ones replace them, in one
transaction. The worker does it; a database that is empty does the same by itself at its first start.
"""

from argparse import Namespace

from shared.database.engine import Database
from shared.messaging.repair_by_hand import read_everything_anew
from shared.runtime.command_line import Subparsers


def add(commands: Subparsers) -> None:
    """No arguments."""
    parser = commands.add_parser("rebuild", help="read all facts anew from their owners; the old ones serve meanwhile")
    parser.set_defaults(run=_run)


async def _run(_: Namespace, database: Database) -> str:
    return f"{await read_everything_anew(database)} customers are behind until the worker has read everything"
