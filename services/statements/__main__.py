"""Starts one role, or runs one command, of statements: ``python -m services.statements api|worker|migrate``.

A worker starts its ``writer`` itself.
"""

import asyncio

from services.statements.inbound.commands import COMMANDS
from services.statements.settings import Settings
from services.statements.wiring import api, run_worker, run_writer
from shared.database.migrate import migrate
from shared.runtime.commands import read_command_line, run_command
from shared.runtime.logging import configure_logging
from shared.runtime.memory import keep_what_started
from shared.runtime.serving import serve

_ROLES = ("api", "worker", "writer", "migrate")
_LOOPS = {"worker": run_worker, "writer": run_writer}


def main() -> None:
    """Read the role or command, then run it to its end."""
    given = read_command_line("services.statements", _ROLES, COMMANDS)
    configure_logging("statements", given.asked)
    settings = Settings()
    if given.asked == "migrate":
        migrate("statements", settings.statements_database_url)
    elif given.asked == "api":
        serve(api(settings), host=settings.host, port=settings.statements_port)
    elif given.asked in _LOOPS:
        keep_what_started()
        asyncio.run(_LOOPS[given.asked](settings))
    else:
        print(run_command(given, settings.statements_database_url))


if __name__ == "__main__":
    main()
