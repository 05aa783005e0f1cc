"""Fresh databases for tests: each a copy of a template that the service's own migrations made once per session."""

import secrets
from dataclasses import dataclass, field

import asyncpg

from deploy.local.postgres import create_databases, with_database
from shared.database.migrate import upgrade


@dataclass
class Databases:
    """The databases of one test session on the server at ``url``."""

    url: str
    _session: str = field(default_factory=lambda: secrets.token_hex(4))
    _templates: dict[str, str] = field(default_factory=dict)

    async def create(self, service: str | None = None) -> str:
        """The URL of a new database: migrated as ``service`` has it, or empty."""
        name = f"test_{self._session}_{secrets.token_hex(4)}"
        if service is None:
            await create_databases(self.url, [name])
        else:
            template = await self._template(service)
            await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return with_database(self.url, name)

    async def copy(self, url: str) -> str:
        """The URL of a copy of a database that nobody is connected to."""
        name = f"test_{self._session}_{secrets.token_hex(4)}"
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{url.rpartition("/")[2]}"')
        return with_database(self.url, name)

    async def drop(self, url: str) -> None:
        """Drop a database together with whoever is still connected to it."""
        await self._execute(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')

    async def drop_templates(self) -> None:
        """Leave nothing of this session on a server that outlives it."""
        for template in self._templates.values():
            await self.drop(with_database(self.url, template))

    async def _template(self, service: str) -> str:
        if service not in self._templates:
            name = f"test_{self._session}_{service}"
            await create_databases(self.url, [name])
            await upgrade(service, with_database(self.url, name))
            self._templates[service] = name
        return self._templates[service]

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url, timeout=10)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
