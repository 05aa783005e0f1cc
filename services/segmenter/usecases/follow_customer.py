"""One customer through time: the segments it was in, and those it will be in if nothing happens."""

from dataclasses import dataclass
from datetime import date

from services.segmenter.storage.coming_days import Coming, load_coming
from services.segmenter.storage.course import PastMove, load_course, load_in_force
from services.segmenter.storage.present_day import present_day
from services.segmenter.storage.revisions import load_published
from services.segmenter.storage.rule_sql import compile_cascade
from services.segmenter.usecases.known_customer import known_standing
from shared.database.engine import Database
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class FollowCustomer:
    """Reads moves, and foretells them; an unknown customer is ``Missing``, an erased one ``Gone``."""

    database: Database
    clock: Clock

    async def history(self, customer_id: str, on: date | None) -> list[PastMove]:
        """Every move, oldest first; with ``on`` only the one in force at the end of that day."""
        async with self.database.transaction() as connection:
            await known_standing(connection, customer_id)
            if on is None:
                return await load_course(connection, customer_id)
            return await load_in_force(connection, customer_id, on)

    async def forecast(self, customer_id: str, days: int) -> list[Coming]:
        """Every change in so many days, if nothing happens; the first comes first."""
        async with self.database.transaction() as connection:
            await known_standing(connection, customer_id)
            as_of = await present_day(connection, self.clock.today())
            compiled = compile_cascade(await load_published(connection, share_lock=False))
            return await load_coming(connection, customer_id, compiled, as_of, days=days)
