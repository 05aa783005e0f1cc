"""Forget what was written in mails after a while; what became of them stays for ever.

Ticked in every worker, a few deliveries a step. Source: contract.md, ``CONTENT_RETENTION_DAYS``.
"""

from dataclasses import dataclass
from datetime import timedelta

from services.statements.storage import content
from shared.database.engine import Database
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class ForgetContent:
    """``kept_for`` counts from the business date of the figures."""

    database: Database
    clock: Clock
    kept_for: timedelta

    async def __call__(self) -> bool:
        """Forget the next; whether there was any."""
        async with self.database.transaction() as connection:
            return await content.forget(connection, before=self.clock.today() - self.kept_for)
