"""Starts one role, or runs one command, of the segmenter: ``python -m services.segmenter api|worker|migrate``.

A process imports what its role needs and no more: it starts in a fraction of the time.
"""

from collections.abc import Iterable
from functools import partial

from services.segmenter.settings import Settings
from shared.runtime.command_line import Command, read_command_line
from shared.runtime.logging import configure_logging
from shared.runtime.tracing import start_tracing


def _api(settings: Settings) -> None:
    from services.segmenter.wiring.api import api
    from shared.runtime.serving import serve

    serve(api(settings), host=settings.host, port=settings.segmenter_port)


def _worker(settings: Settings) -> None:
    from services.segmenter.wiring.worker import run_worker
    from shared.runtime.working import work

    work(partial(run_worker, settings))


def _migrate(settings: Settings) -> None:
    from shared.database.migrate import migrate

    migrate("segmenter", settings.segmenter_database_url)


def _commands() -> Iterable[Command]:
    from services.segmenter.wiring.commands import COMMANDS

    return COMMANDS


ROLES = {"api": _api, "worker": _worker, "migrate": _migrate}


def main() -> None:
    """Read the role or command, then run it to its end."""
    given = read_command_line("services.segmenter", ROLES, _commands)
    configure_logging("segmenter", given.asked)
    settings = Settings.of_process(for_people=given.asked not in ROLES)
    start_tracing("segmenter", given.asked, settings.otel_exporter_otlp_endpoint, settings.otel_traces_sampler_arg)
    if given.asked in ROLES:
        ROLES[given.asked](settings)
    else:
        from shared.runtime.commands import run_command

        print(run_command(given, settings.segmenter_database_url))


if __name__ == "__main__":
    main()
