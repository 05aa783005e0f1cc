"""Starts one role, or runs one command, of customers: ``python -m services.customers api|migrate``."""

from services.customers.inbound.commands import COMMANDS
from services.customers.inbound.commands.importing import ImportCommand
from services.customers.settings import Settings
from services.customers.wiring import api, books, verifying
from shared.database.migrate import migrate
from shared.runtime.commands import read_command_line, run_command
from shared.runtime.logging import configure_logging
from shared.runtime.serving import serve
from shared.runtime.tracing import start_tracing
from shared.runtime.verify_command import VerifyCommand

_ROLES = ("api", "migrate")
ALL_COMMANDS = (
    *COMMANDS,
    ImportCommand(lambda database: books(Settings(), database)),
    VerifyCommand(verifying),
)


def main() -> None:
    """Read the role or command, then run it to its end."""
    given = read_command_line("services.customers", _ROLES, ALL_COMMANDS)
    configure_logging("customers", given.asked)
    settings = Settings()
    start_tracing("customers", given.asked, settings.otel_exporter_otlp_endpoint, settings.otel_traces_sampler_arg)
    if given.asked == "migrate":
        migrate("customers", settings.customers_database_url)
    elif given.asked == "api":
        serve(api(settings), host=settings.host, port=settings.customers_port)
    else:
        print(run_command(given, settings.customers_database_url))


if __name__ == "__main__":
    main()
