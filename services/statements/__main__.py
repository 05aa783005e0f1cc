"""Starts one role, or runs one command, of statements: ``python -m services.statements api|worker|migrate``.

A worker starts its ``writer`` itself.
"""

import asyncio

from services.statements.inbound.commands import COMMANDS
from services.statements.inbound.commands.after_restore import AfterRestoreCommand
from services.statements.inbound.events import TYPES
from services.statements.settings import Settings
from services.statements.wiring import api, events_in, restored, run_worker, run_writer, verifying
from shared.database.migrate import migrate
from shared.messaging.quarantine_command import QuarantineCommand
from shared.runtime.commands import read_command_line, run_command
from shared.runtime.logging import configure_logging
from shared.runtime.memory import keep_what_started
from shared.runtime.serving import serve
from shared.runtime.tracing import start_tracing
from shared.runtime.verify_command import VerifyCommand

_ROLES = ("api", "worker", "writer", "migrate")
_LOOPS = {"worker": run_worker, "writer": run_writer}
ALL_COMMANDS = (
    *COMMANDS,
    VerifyCommand(lambda database: verifying(Settings(), database)),
    AfterRestoreCommand(lambda database: restored(Settings(), database)),
    QuarantineCommand(TYPES, lambda database: events_in(Settings(), database).apply),
)


def main() -> None:
    """Read the role or command, then run it to its end."""
    given = read_command_line("services.statements", _ROLES, ALL_COMMANDS)
    configure_logging("statements", given.asked)
    settings = Settings()
    start_tracing("statements", given.asked, settings.otel_exporter_otlp_endpoint, settings.otel_traces_sampler_arg)
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
