"""Rows sent as a JSON text a column: every value comes out as it went in."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from shared.database.columns import column, one_row, texts, typed
from shared.database.engine import Database

_COLUMNS = {
    "word": "text",
    "amount": "numeric",
    "number": "bigint",
    "is_so": "boolean",
    "day": "date",
    "moment": "timestamptz",
    "said": "jsonb",
}
_ROWS = text(
    f"""
    SELECT word, amount, number, is_so, day, moment, CAST(said AS text) FROM (
        SELECT {typed(_COLUMNS)} FROM ROWS FROM ({texts(_COLUMNS, "in_")}) AS given ({", ".join(_COLUMNS)})
    ) AS taken
    """
)
_ONE = text(
    f"""
    SELECT word, amount, number, is_so, day, moment, CAST(said AS text)
    FROM (SELECT {one_row(_COLUMNS, "in_")}) AS given
    """
)
_GIVEN: list[tuple[Any, ...]] = [
    ('ñ "a" \\ {b},\n\x1f\t😀', Decimal("-0.0001"), 2**60, True, date(1, 1, 2), datetime(9998, 1, 1, tzinfo=UTC), "[]"),
    (
        "",
        Decimal("12345678901234567890.1200"),
        -1,
        False,
        date(9999, 12, 30),
        datetime(2, 1, 1, 0, 0, 0, 1, UTC),
        '"ñ"',
    ),
    (None,) * len(_COLUMNS),
    ("null", Decimal(0), 0, True, date(2026, 2, 28), datetime(2026, 2, 28, 23, 59, 59, 999999, UTC), '{"a": "\\n"}'),
]


@pytest.mark.parametrize("way", ["direct_transaction", "transaction"])
async def test_every_value_comes_out_as_it_went_in(database: Database, way: str) -> None:
    columns = zip(*_GIVEN, strict=True)
    values = {f"in_{name}": column(given) for name, given in zip(_COLUMNS, columns, strict=True)}
    async with getattr(database, way)() as connection:
        found = [tuple(row) for row in await connection.execute(_ROWS, values)]
    assert found == [tuple(row) for row in _GIVEN]
    assert [str(row[1]) for row in found] == [str(row[1]) for row in _GIVEN]


@pytest.mark.parametrize("way", ["direct_transaction", "transaction"])
async def test_so_does_a_row_that_goes_alone(database: Database, way: str) -> None:
    async with getattr(database, way)() as connection:
        for row in _GIVEN:
            values = {f"in_{name}": value for name, value in zip(_COLUMNS, row, strict=True)}
            assert [tuple(one) for one in await connection.execute(_ONE, values)] == [row]
