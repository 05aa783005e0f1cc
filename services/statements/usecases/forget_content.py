"""Forget what was written in mails after a while, and which news was heard; what became of mails stays for ever.

Ticked in every worker, a few deliveries a step. Source: contract.md, ``CONTENT_RETENTION_DAYS``.
"""

from dataclasses import dataclass
from datetime import timedelta

from services.statements.storage import content, news
from shared.database.engine import Database
from shared.runtime.clock import Clock

NEWS_KEPT_FOR = timedelta(days=30)
"""Providers repeat an event for days at most. A later repeat could at worst suppress anew an address set free since."""


@dataclass(frozen=True)
class ForgetContent:
    """``kept_for`` counts from the business date of the figures."""

    database: Database
    clock: Clock
    kept_for: timedelta

    async def __call__(self) -> bool:
        """Forget the next; whether there was any."""
        async with self.database.transaction() as connection:
            forgot_content = await content.forget(connection, before=self.clock.today() - self.kept_for)
            forgot_news = await news.forget(connection, NEWS_KEPT_FOR)
        return forgot_content or forgot_news
