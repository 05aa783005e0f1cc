"""Bring a service's database to its newest schema with Alembic, one process at a time.

Each service keeps its revisions in ``services/<name>/migrations/versions``; expand first, contract later.
"""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.database.engine import async_url

_ROOT = Path(__file__).parents[2] / "services"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('cascada migrations'))"


def alembic_config(service: str) -> Config:
    """Alembic's configuration for one service; the connection is handed over in ``attributes``."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    config.set_main_option("version_locations", str(_ROOT / service / "migrations" / "versions"))
    config.set_main_option("path_separator", "os")
    return config


async def upgrade(service: str, url: str) -> None:
    """Apply every revision that the database of ``service`` at ``url`` (``postgresql://``) lacks."""
    engine = create_async_engine(async_url(url), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(_LOCK))
            await connection.run_sync(_upgrade, service)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, service: str) -> None:
    config = alembic_config(service)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def migrate(service: str, url: str) -> None:
    """The ``migrate`` role of a service."""
    asyncio.run(upgrade(service, url))
