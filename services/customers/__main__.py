"""Starts one role of customers: ``python -m services.customers api|migrate``."""

import argparse

from services.customers.settings import Settings
from services.customers.wiring import api
from shared.database.migrate import migrate
from shared.runtime.logging import configure_logging
from shared.runtime.serving import serve


def main() -> None:
    """Read the role, then run it to its end."""
    parser = argparse.ArgumentParser(prog="python -m services.customers")
    parser.add_argument("role", choices=["api", "migrate"])
    role: str = parser.parse_args().role
    configure_logging("customers", role)
    settings = Settings()
    if role == "migrate":
        migrate("customers", settings.customers_database_url)
    else:
        serve(api(settings), host=settings.host, port=settings.customers_port)


if __name__ == "__main__":
    main()
