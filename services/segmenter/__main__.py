"""Starts one role of the segmenter: ``python -m services.segmenter worker|migrate``."""

import argparse
import asyncio

from services.segmenter.settings import Settings
from services.segmenter.wiring import run_worker
from shared.database.migrate import migrate
from shared.runtime.logging import configure_logging


def main() -> None:
    """Read the role, then run it to its end."""
    parser = argparse.ArgumentParser(prog="python -m services.segmenter")
    parser.add_argument("role", choices=["worker", "migrate"])
    role: str = parser.parse_args().role
    configure_logging("segmenter", role)
    settings = Settings()
    if role == "migrate":
        migrate("segmenter", settings.segmenter_database_url)
    else:
        asyncio.run(run_worker(settings))


if __name__ == "__main__":
    main()
