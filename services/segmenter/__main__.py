"""Starts one role of the segmenter: ``python -m services.segmenter api|worker|migrate``."""

import argparse
import asyncio

from services.segmenter.settings import Settings
from services.segmenter.wiring import api, worker
from shared.database.migrate import migrate
from shared.runtime.logging import configure_logging
from shared.runtime.loops import StopFlag, stop_on_signals
from shared.runtime.serving import serve


def main() -> None:
    """Read the role, then run it to its end."""
    parser = argparse.ArgumentParser(prog="python -m services.segmenter")
    parser.add_argument("role", choices=["api", "worker", "migrate"])
    role: str = parser.parse_args().role
    configure_logging("segmenter", role)
    settings = Settings()
    if role == "migrate":
        migrate("segmenter", settings.segmenter_database_url)
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
