"""What runs a command of a service (see ``command_line``) against the service's database."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from shared.basics.errors import KnownError
from shared.database.engine import Database
from shared.runtime.failures import words_of_the_place

Run = Callable[[argparse.Namespace, Database], Awaitable[str]]


def run_command(given: argparse.Namespace, database_url: str) -> str:
    """Run a command against the service's database; what it has to say.

    What it refuses ends the process with status 1 and one line, as does a database that takes no work.
    """
    try:
        return asyncio.run(_run(given.run, given, database_url))
    except KnownError as refusal:
        sys.exit(refusal.detail)
    except Exception as error:
        if words := words_of_the_place(error):
            sys.exit(f"the database does not take this: {words}")
        raise


async def _run(run: Run, given: argparse.Namespace, database_url: str) -> str:
    database = Database(database_url, name=f"command-{given.asked}", connections=2)
    try:
        return await run(given, database)
    finally:
        await database.close()
