"""Lines of a batch as rows of a CSV: the bodies that the same lines would have in JSON.

The header names fields; dots lead inside (``document.number``, ``variables.cupo``, ``allocations.0.invoice_id``). An
empty cell says nothing. Beside ``amount`` there may be ``currency``. Everything is text, but for numbers, yes/no
and custom variables, whose declarations tell their types.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from services.customers.domain.cells import Cell, as_boolean, as_number
from shared.basics.errors import Malformed

_LONGEST_NAME = 200
_PLACE = re.compile(r"\d{1,3}", re.ASCII)
_TYPED = {"risk_score": as_number, "cancelled": as_boolean, "merge": as_boolean}

_Step = str | int
_Column = tuple[_Step, ...]
Row = tuple[int, dict[str, Any] | Malformed]
"""Where a row begins in the file, and its body, or why it cannot be read."""


def rows_of(content: bytes) -> Iterator[Row]:
    """Every row that says something, with the line of the file it begins on; the header is line 1.

    Raises
    ------
    Malformed
        The header cannot be read, names a column twice, or names one inside another.
    """
    records = _records(content.decode("utf-8-sig", errors="surrogateescape"))
    _, names = next(records, (1, []))
    if isinstance(names, Malformed):
        raise names
    columns = _columns(names)
    for line, cells in records:
        if isinstance(cells, Malformed):
            yield line, cells
        elif any(cells):
            yield line, _body(columns, cells)


def _records(text: str) -> Iterator[tuple[int, list[str] | Malformed]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
            "".join(cells).encode()
        except StopIteration:
            return
        except UnicodeEncodeError:
            yield line, Malformed("malformed_csv", "the row is not UTF-8")
        except csv.Error as error:
            yield line, Malformed("malformed_csv", f"lines {line} to {reader.line_num} are no row: {error}")
        else:
            yield line, cells


def _columns(names: Sequence[str]) -> list[_Column]:
    columns = [_column(name.strip()) for name in names]
    spoken = [column for column in columns if column != ("",)]
    named = set(spoken)
    if len(named) < len(spoken):
        raise Malformed("malformed_csv", "a column stands in the header twice")
    for column in named:
        if any(column[:depth] in named for depth in range(1, len(column))):
            raise Malformed("malformed_csv", "a column of the header lies inside another: name the inner ones alone")
    return columns


def _column(name: str) -> _Column:
    if len(name) > _LONGEST_NAME:
        raise Malformed("malformed_csv", f"a column's name has at most {_LONGEST_NAME} characters")
    return tuple(int(step) if _PLACE.fullmatch(step) else step for step in name.split("."))


def _body(columns: Sequence[_Column], cells: Sequence[str]) -> dict[str, Any] | Malformed:
    if len(cells) != len(columns):
        return Malformed("malformed_csv", f"the row has {len(cells)} cells, the header {len(columns)}")
    body: dict[Any, Any] = {}
    for column, cell in zip(columns, cells, strict=True):
        if cell:
            _put(body, column, Cell(cell) if column[0] == "variables" and len(column) == 2 else cell)
    for name, typed in _TYPED.items():
        if isinstance(body.get(name), str):
            body[name] = typed(body[name])
    if body.get("kind") != "customer" and "currency" in body and isinstance(body.get("amount"), str):
        body["amount"] = {"amount": body["amount"], "currency": body.pop("currency")}
    return {str(name): _listed(value) for name, value in body.items()}


def _put(body: dict[Any, Any], column: _Column, cell: str) -> None:
    for step in column[:-1]:
        body = body.setdefault(step, {})
    body[column[-1]] = cell


def _listed(value: Any) -> Any:
    """A mapping from places is a list."""
    if not isinstance(value, dict):
        return value
    if all(isinstance(step, int) for step in value):
        return [_listed(value[place]) for place in sorted(value)]
    return {str(step): _listed(inner) for step, inner in value.items()}
