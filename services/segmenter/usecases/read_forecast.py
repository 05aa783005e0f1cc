"""The last complete forecast of the portfolio, as ``foretell_portfolio`` left it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.segmenter.storage.forecasts import TransitionCount, load_computed, load_transitions
from shared.basics.money import Money, totals
from shared.database.engine import Database


@dataclass(frozen=True)
class Transition:
    """Customers that would go from one segment to another on a day, and what they owe, per currency."""

    on: date
    from_segment: str
    to_segment: str
    customers: int
    balance: tuple[Money, ...]


@dataclass(frozen=True)
class Forecast:
    """Of which day's turn it is, and when it was complete: None before the first one."""

    as_of: date | None
    computed_at: datetime | None
    transitions: tuple[Transition, ...]


@dataclass(frozen=True)
class ReadForecast:
    """Reads what was foretold."""

    database: Database

    async def __call__(self, days: int) -> Forecast:
        """The forecast of so many days after its own."""
        async with self.database.transaction() as connection:
            computed = await load_computed(connection)
            if computed is None:
                return Forecast(None, None, ())
            as_of, computed_at = computed
            return Forecast(as_of, computed_at, _transitions(await load_transitions(connection, as_of, days)))


def _transitions(counts: Iterable[TransitionCount]) -> tuple[Transition, ...]:
    together: dict[tuple[date, str, str], list[TransitionCount]] = {}
    for one in counts:
        together.setdefault((one.on, one.from_segment, one.to_segment), []).append(one)
    return tuple(
        Transition(*where, sum(one.customers for one in parts), totals(one.balance for one in parts))
        for where, parts in together.items()
    )
