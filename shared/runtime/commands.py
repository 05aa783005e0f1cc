"""What runs a command of a service (see ``command_line``) against the service's database."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from shared.basics.errors import KnownError
from shared.database.engine import Database

Run = Callable[[argparse.Namespace, Database], Awaitable[str]]


def run_command(given: argparse.Namespace, database_url: str) -> str:
    """Run a command against the service's database; what it has to say. What it refuses ends the process (status 1)."""
    try:
        return asyncio.run(_run(given.run, given, database_url))
    except KnownError as refusal:
        sys.exit(refusal.detail)


async def _run(run: Run, given: argparse.Namespace, database_url: str) -> str:
    database = Database(database_url, name=f"command-{given.asked}", connections=2)
    try:
        return await run(given, database)
    finally:
        await database.close()
