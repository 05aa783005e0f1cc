"""Rows for a statement, a JSON text for each column, which PostgreSQL makes rows of again.

Arrays are dearer: of each value in one asyncpg asks whether it is an array itself, and then encodes it. A list of any
length is one text here, written by msgspec; PostgreSQL takes it apart as quickly as an array.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

Columns = Mapping[str, str]
"""Column name → PostgreSQL type."""


def column(values: Sequence[object]) -> str:
    """The values of one column, in the order of their rows."""
    return msgspec.json.encode(values).decode()


def texts(columns: Iterable[str], prefix: str) -> str:
    """What stands in ``ROWS FROM ()``: a text for each column, out of a value that has its name after the prefix."""
    return ", ".join(f"json_array_elements_text(CAST(:{prefix}{name} AS json))" for name in columns)


def one_row(columns: Columns, prefix: str) -> str:
    """What stands after ``SELECT`` for a single row, whose values go as they are: a text would have to be read."""
    return ", ".join(f"CAST(:{prefix}{name} AS {of}) AS {name}" for name, of in columns.items())


def typed(columns: Columns) -> str:
    """What stands after ``SELECT``: these texts as the types of their columns."""
    return ", ".join(name if of == "text" else f"CAST({name} AS {of})" for name, of in columns.items())
