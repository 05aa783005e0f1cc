"""The segments that one customer will be in as days go by, if nothing happens."""

from dataclasses import dataclass

from services.segmenter.storage.coming_days import Coming, load_coming
from services.segmenter.storage.present_day import present_day
from services.segmenter.storage.revisions import load_published
from services.segmenter.storage.rule_sql import compile_cascade
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
            compiled = compile_cascade(await load_published(connection))
            return await load_coming(connection, customer_id, compiled, as_of, days=days)
