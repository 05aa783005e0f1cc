"""Where one customer stood before: every move, or the one in force at the end of a day."""

from dataclasses import dataclass
from datetime import date

from services.segmenter.storage.past_moves import PastMove, load_move_in_force, load_moves
from services.segmenter.usecases.known_customer import known_standing
from shared.database.engine import Database


@dataclass(frozen=True)
class ReadHistory:
    """Reads one customer's moves, the oldest first."""

    database: Database

    async def __call__(self, customer_id: str, on: date | None) -> list[PastMove]:
        """All moves; with ``on`` only the one in force at the end of that day.

        Raises
        ------
        Missing, Gone
            The customer is not known, or erased.
        """
        async with self.database.transaction() as connection:
            await known_standing(connection, customer_id)
            if on is None:
                return await load_moves(connection, customer_id)
            return await load_move_in_force(connection, customer_id, on)
