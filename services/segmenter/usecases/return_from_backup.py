"""After a restore: everyone is compared and repaired, what is told is believed, and no alert mails a second time.

Alerts raised after the backup are unknown to it, so repair raises them once more: into the call list, where they
belong, but without their ``message``, which the customer has had. Why so: ADR 0056.
"""

from dataclasses import dataclass

import structlog

from services.segmenter.storage import returning
from services.segmenter.usecases.read_suppressions import WALK
from shared.database.engine import Database
from shared.database.instance import raise_epoch
from shared.messaging import walks

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ReturnFromBackup:
    """``begin`` is a command, with api and workers down; ``step`` is ticked in every worker."""

    database: Database

    async def begin(self) -> int:
        """Let the workers bring the database back; the new epoch."""
        async with self.database.transaction() as connection:
            await returning.begin(connection, [walks.AUDIT, WALK])
        return await raise_epoch(self.database)

    async def step(self) -> bool:
        """End the returning once everything is equal; whether it ended."""
        async with self.database.transaction() as connection:
            has_ended = await returning.is_returning(connection) and await returning.end_if_equal(connection)
        if has_ended:
            log.info("returned_from_backup")
        return has_ended
