"""Starts one role of the segmenter: ``python -m services.segmenter api|worker|migrate``, or a command: ``keys``."""

import argparse
import asyncio

from services.segmenter.inbound.commands.keys import describe_keys, run_keys
from services.segmenter.settings import Settings
from services.segmenter.wiring import api, worker
from shared.database.migrate import migrate
from shared.runtime.logging import configure_logging
from shared.runtime.loops import StopFlag, stop_on_signals
from shared.runtime.serving import serve


def main() -> None:
    """Read the role, then run it to its end."""
    parser = argparse.ArgumentParser(prog="python -m services.segmenter")
    roles = parser.add_subparsers(dest="role", required=True)
    for name in ("api", "worker", "migrate"):
        roles.add_parser(name)
    describe_keys(roles.add_parser("keys", help="who may call: create, list, revoke"))
    arguments = parser.parse_args()
    role: str = arguments.role
    configure_logging("segmenter", role)
    settings = Settings()
    if role == "migrate":
        migrate("segmenter", settings.segmenter_database_url)
    elif role == "keys":
        run_keys(arguments, settings.segmenter_database_url)
    elif role == "api":
        serve(api(settings), host=settings.host, port=settings.segmenter_port)
    else:
        asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    stop = StopFlag()
    stop_on_signals(stop)
    await worker(settings, stop)


if __name__ == "__main__":
    main()
