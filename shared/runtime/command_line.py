"""The command line of a service: its roles, which run until stopped, and its commands, which do one thing and end.

Each command is a module of the service's ``inbound/commands/`` with a function ``add``, which says its arguments and
sets ``run`` to a coroutine function of (arguments, database) that answers the line to print.
"""

import argparse
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol, TypeAlias

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class Command(Protocol):
    """A module of ``inbound/commands/``."""

    def add(self, commands: Subparsers) -> None:
        """Say the command's name, help and arguments, and what runs it (``set_defaults(run=…)``)."""


def read_command_line(
    program: str, roles: Collection[str], commands: Callable[[], Iterable[Command]], said: Sequence[str] | None = None
) -> argparse.Namespace:
    """The role or command asked for (``asked``), a command's arguments and its ``run``.

    Commands are only asked for where no role is said: what they import takes as long as a role's own start.
    """
    said = sys.argv[1:] if said is None else said
    parser = argparse.ArgumentParser(prog=f"python -m {program}")
    known = parser.add_subparsers(dest="asked", required=True, metavar="role or command")
    for role in roles:
        known.add_parser(role, help="role")
    for command in () if said and said[0] in roles else commands():
        command.add(known)
    return parser.parse_args(said)
