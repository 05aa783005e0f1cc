"""The command line of a service: its roles, which run until stopped, and its commands, which do one thing and end.

Each command is a module of the service's ``inbound/commands/`` with a function ``add``, which says its arguments and
sets ``run`` to a coroutine function of (arguments, database) that answers the line to print.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol, TypeAlias

from shared.basics.errors import KnownError
from shared.database.engine import Database

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run = Callable[[argparse.Namespace, Database], Awaitable[str]]


class Command(Protocol):
    """A module of ``inbound/commands/``."""

    def add(self, commands: Subparsers) -> None:
        """Say the command's name, help and arguments, and what runs it (``set_defaults(run=…)``)."""


def read_command_line(
    program: str, roles: Iterable[str], commands: Iterable[Command], said: Sequence[str] | None = None
) -> argparse.Namespace:
    """The role or command asked for (``asked``), a command's arguments and its ``run``."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}")
    known = parser.add_subparsers(dest="asked", required=True, metavar="role or command")
    for role in roles:
        known.add_parser(role, help="role")
    for command in commands:
        command.add(known)
    return parser.parse_args(said)


def run_command(given: argparse.Namespace, database_url: str) -> str:
    """Run a command against the service's database; what it has to say. Ends the process where it cannot be done."""
    try:
        return asyncio.run(_run(given.run, given, database_url))
    except KnownError as error:
        sys.exit(error.detail)


async def _run(run: Run, given: argparse.Namespace, database_url: str) -> str:
    database = Database(database_url, name=f"command-{given.asked}", connections=2)
    try:
        return await run(given, database)
    finally:
        await database.close()
