"""Databases as an older version of a service left them."""

from alembic import command
from sqlalchemy import Connection

from shared.database.migrate import alembic_config


def upgrade_to(connection: Connection, service: str, revision: str) -> None:
    """Run a service's migrations up to one, such as ``0001``; for ``AsyncConnection.run_sync``."""
    config = alembic_config(service)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
