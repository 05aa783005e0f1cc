"""``await-schema``: ends once the database has the schema that this version needs, and fails if it does not come.

A new version's processes wait with it for their migration, while those of the version before go on.
"""

import asyncio
import time
from argparse import Namespace
from dataclasses import dataclass

from shared.basics.errors import Unavailable
from shared.database.engine import Database
from shared.database.migrate import has_schema
from shared.runtime.command_line import Subparsers

_LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class AwaitSchema:
    """``service``: whose migrations to compare with."""

    service: str

    def add(self, commands: Subparsers) -> None:
        """How long to wait."""
        parser = commands.add_parser("await-schema", help="wait until the database is migrated to what this needs")
        parser.add_argument("--seconds", type=float, default=300.0, help="after which to give up (300)")
        parser.set_defaults(run=self._run)

    async def _run(self, given: Namespace, database: Database) -> str:
        deadline = time.monotonic() + given.seconds
        while not await self._is_there(database):
            if time.monotonic() > deadline:
                raise Unavailable("schema_missing", f"the schema of {self.service} did not come; see its migration")
            await asyncio.sleep(_LOOK_SECONDS)
        return "the schema is there"

    async def _is_there(self, database: Database) -> bool:
        try:
            async with database.transaction() as connection:
                return await connection.run_sync(has_schema, self.service)
        except Unavailable:
            return False
