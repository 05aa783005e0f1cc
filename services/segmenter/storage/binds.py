"""What SQL under construction is made of: the as-of date, bound constants, counters over windows.

Fragments are valid over ``customers c JOIN behaviour b USING (customer_id)``.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import text

AS_OF = "CAST(:as_of AS date)"


cached_text = lru_cache(maxsize=64)(text)
"""``text`` of SQL that is written alike each time, so that a long one is looked through for its names only once."""


@dataclass
class Binds:
    """Constants of a statement under construction: each is bound, none is written into the text."""

    params: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any, sql_type: str) -> str:
        """A reference to a new bound constant of an SQL type."""
        name = f"r_{len(self.params)}"
        self.params[name] = value
        return f"CAST(:{name} AS {sql_type})"


def counted(counter: str, within_days: int | None) -> str:
    """A counter for all time, or over the days from ``as_of - within_days`` to ``as_of``, both included.

    Of who was not active since, nothing lies in the window: no day is looked up.
    """
    if within_days is None:
        return f"b.{counter}"
    first = f"{AS_OF} - {int(within_days)}"
    before = (
        f"(SELECT d.{counter} FROM days d WHERE d.customer_id = c.customer_id AND d.day < {first}"
        " ORDER BY d.day DESC LIMIT 1)"
    )
    return f"(CASE WHEN b.last_activity_on >= {first} THEN b.{counter} - coalesce({before}, 0) ELSE 0 END)"
