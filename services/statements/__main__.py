"""Starts one role of statements: ``python -m services.statements api|worker|migrate``, or a command: ``keys``."""

import argparse
import asyncio

from services.statements.inbound.commands.keys import describe_keys, run_keys
from services.statements.settings import Settings
from services.statements.wiring import api, run_worker
from shared.database.migrate import migrate
from shared.runtime.logging import configure_logging
from shared.runtime.serving import serve


def main() -> None:
    """Read the role, then run it to its end."""
    parser = argparse.ArgumentParser(prog="python -m services.statements")
    roles = parser.add_subparsers(dest="role", required=True)
    for name in ("api", "worker", "migrate"):
        roles.add_parser(name)
    describe_keys(roles.add_parser("keys", help="who may call: create, list, revoke"))
    arguments = parser.parse_args()
    role: str = arguments.role
    configure_logging("statements", role)
    settings = Settings()
    if role == "migrate":
        migrate("statements", settings.statements_database_url)
    elif role == "keys":
        run_keys(arguments, settings.statements_database_url)
    elif role == "api":
        serve(api(settings), host=settings.host, port=settings.statements_port)
    else:
        asyncio.run(run_worker(settings))


if __name__ == "__main__":
    main()
