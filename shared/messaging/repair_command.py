"""``repair CUSTOMER_ID`` or ``repair --all``: have customers taken anew from their owner, whatever is known of them."""

from argparse import Namespace

from shared.database.engine import Database
from shared.messaging.repair_by_hand import mark_customer, mark_everyone
from shared.runtime.command_line import Subparsers


def add(commands: Subparsers) -> None:
    """One customer, or all of them."""
    parser = commands.add_parser("repair", help="take a customer, or all, anew from the customers service")
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("customer_id", nargs="?")
    whom.add_argument("--all", action="store_true", dest="everyone")
    parser.set_defaults(run=_run)


async def _run(given: Namespace, database: Database) -> str:
    if given.everyone:
        return f"{await mark_everyone(database)} customers are behind until the worker has read everything"
    known = await mark_customer(database, given.customer_id)
    return f"{given.customer_id}{'' if known else ', not known here,'} is behind until the worker has asked for it"
