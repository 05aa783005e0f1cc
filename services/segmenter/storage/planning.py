"""How PostgreSQL plans statements over a range of customers."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_ANEW = text("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")


async def plan_for_values(connection: AsyncConnection) -> None:
    """Plan the statements of this transaction for the values they are given.

    A plan for any values expects few customers in a range, and looks each of their rows up by itself: that takes
    several times as long as planning anew.
    """
    await connection.execute(_ANEW)
