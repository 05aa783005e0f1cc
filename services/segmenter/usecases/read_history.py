"""Where one customer stood before: every move, or the one in force at the end of a day."""

from dataclasses import dataclass
from datetime import date

from services.segmenter.storage.past_moves import PastMove, load_move_in_force, load_moves
from services.segmenter.storage.standings import find_standing
from shared.basics.errors import Missing
from shared.database.engine import Database


@dataclass(frozen=True)
class ReadHistory:
    """Reads one customer's moves, the oldest first."""

    database: Database

    async def __call__(self, customer_id: str, on: date | None) -> list[PastMove]:
        """All moves; with ``on`` only the one in force at the end of that day.

        Raises
        ------
        Missing
            The segmenter has not heard of the customer.
        """
        async with self.database.transaction() as connection:
            if await find_standing(connection, customer_id) is None:
                raise Missing("unknown_customer", f"the segmenter knows no customer {customer_id}")
            if on is None:
                return await load_moves(connection, customer_id)
            return await load_move_in_force(connection, customer_id, on)
