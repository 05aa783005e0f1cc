"""Starts one role of customers: ``python -m services.customers api|migrate``, or a command: ``keys``."""

import argparse

from services.customers.inbound.commands.keys import describe_keys, run_keys
from services.customers.settings import Settings
from services.customers.wiring import api
from shared.database.migrate import migrate
from shared.runtime.logging import configure_logging
from shared.runtime.serving import serve


def main() -> None:
    """Read the role, then run it to its end."""
    parser = argparse.ArgumentParser(prog="python -m services.customers")
    roles = parser.add_subparsers(dest="role", required=True)
    for name in ("api", "migrate"):
        roles.add_parser(name)
    describe_keys(roles.add_parser("keys", help="who may call: create, list, revoke"))
    arguments = parser.parse_args()
    role: str = arguments.role
    configure_logging("customers", role)
    settings = Settings()
    if role == "migrate":
        migrate("customers", settings.customers_database_url)
    elif role == "keys":
        run_keys(arguments, settings.customers_database_url)
    else:
        serve(api(settings), host=settings.host, port=settings.customers_port)


if __name__ == "__main__":
    main()
