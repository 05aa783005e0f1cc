"""The segments that one customer will be in as days go by, if nothing happens."""

from dataclasses import dataclass

from services.segmenter.storage.coming_days import Coming, load_coming
from services.segmenter.storage.judging import standards_in_force
from services.segmenter.storage.present_day import present_day
from services.segmenter.usecases.known_customer import known_standing
from shared.database.engine import Database
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class ForetellCustomer:
    """Foretells moves; an unknown customer is ``Missing``, an erased one ``Gone``."""

    database: Database
    clock: Clock

    async def __call__(self, customer_id: str, days: int) -> list[Coming]:
        """Every change in so many days, if nothing happens; the first comes first."""
        async with self.database.transaction() as connection:
            await known_standing(connection, customer_id)
            as_of = await present_day(connection, self.clock.today())
            by = await standards_in_force(connection)
            return await load_coming(connection, customer_id, by.compiled, as_of, days=days)
