"""Starts one role, or runs one command, of the segmenter: ``python -m services.segmenter api|worker|migrate``."""

import asyncio

from services.segmenter.inbound.commands import COMMANDS
from services.segmenter.inbound.commands.webhook import WebhookCommand
from services.segmenter.inbound.events import TYPES
from services.segmenter.settings import Settings
from services.segmenter.wiring import api, customer_events, verifying, webhooks, worker
from shared.database.migrate import migrate
from shared.messaging.quarantine_command import QuarantineCommand
from shared.runtime.commands import read_command_line, run_command
from shared.runtime.logging import configure_logging
from shared.runtime.loops import StopFlag, stop_on_signals
from shared.runtime.memory import keep_what_started
from shared.runtime.serving import serve
from shared.runtime.tracing import start_tracing
from shared.runtime.verify_command import VerifyCommand

_ROLES = ("api", "worker", "migrate")
ALL_COMMANDS = (
    *COMMANDS,
    VerifyCommand(lambda database: verifying(Settings(), database)),
    QuarantineCommand(TYPES, lambda database: customer_events(Settings(), database).apply),
    WebhookCommand(lambda database: webhooks(Settings(), database)),
)


def main() -> None:
    """Read the role or command, then run it to its end."""
    given = read_command_line("services.segmenter", _ROLES, ALL_COMMANDS)
    configure_logging("segmenter", given.asked)
    settings = Settings()
    start_tracing("segmenter", given.asked, settings.otel_exporter_otlp_endpoint, settings.otel_traces_sampler_arg)
    if given.asked == "migrate":
        migrate("segmenter", settings.segmenter_database_url)
    elif given.asked == "api":
        serve(api(settings), host=settings.host, port=settings.segmenter_port)
    elif given.asked == "worker":
        asyncio.run(_work(settings))
    else:
        print(run_command(given, settings.segmenter_database_url))


async def _work(settings: Settings) -> None:
    stop = StopFlag()
    stop_on_signals(stop)
    keep_what_started()
    await worker(settings, stop)


if __name__ == "__main__":
    main()
