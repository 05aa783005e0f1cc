"""Starts one role of statements: ``python -m services.statements api|worker|migrate``."""

import argparse
import asyncio

from services.statements.settings import Settings
from services.statements.wiring import api, run_worker
from shared.database.migrate import migrate
from shared.runtime.logging import configure_logging
from shared.runtime.serving import serve


def main() -> None:
    """Read the role, then run it to its end."""
    parser = argparse.ArgumentParser(prog="python -m services.statements")
    parser.add_argument("role", choices=["api", "worker", "migrate"])
    role: str = parser.parse_args().role
    configure_logging("statements", role)
    settings = Settings()
    if role == "migrate":
        migrate("statements", settings.statements_database_url)
    elif role == "api":
        serve(api(settings), host=settings.host, port=settings.statements_port)
    else:
        asyncio.run(run_worker(settings))


if __name__ == "__main__":
    main()
