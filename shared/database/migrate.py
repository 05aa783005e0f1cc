"""Bring a service's database to its newest schema with Alembic, one process at a time.

Each service keeps its revisions in ``services/<name>/migrations/versions``; expand first, contract later. So a schema
that a newer version of the service has made serves this one as well, and is left as it is.
"""

import asyncio
import sys
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.database.engine import async_url
from shared.runtime.failures import words_of_the_place

log = structlog.get_logger(__name__)

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
    if _is_newer(connection, config):
        log.info("schema_is_newer", service=service)
        return
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def has_schema(connection: Connection, service: str) -> bool:
    """Whether the schema is the one this version of a service needs, or a newer version's."""
    config = alembic_config(service)
    head = ScriptDirectory.from_config(config).get_current_head()
    return _revision(connection) == head or _is_newer(connection, config)


def _is_newer(connection: Connection, config: Config) -> bool:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    return _revision(connection) not in {None, *known}


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def migrate(service: str, url: str) -> None:
    """The ``migrate`` role of a service; a database that takes no work ends it with one line and status 1."""
    try:
        asyncio.run(upgrade(service, url))
    except Exception as error:
        if words := words_of_the_place(error, schema_is_ours=False):
            log.critical("migration_waits_for_its_database", error=words)
            sys.exit(1)
        raise
