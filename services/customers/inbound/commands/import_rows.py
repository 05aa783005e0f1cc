"""Rows of a CSV file as lines of a batch, by a map; what is wrong is told by line and column of the file."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.customers.inbound.commands.import_map import ImportMap, LineMap, Source
from shared.basics.errors import BadInput, KnownError, Mistake, mistake
from shared.basics.pointer import pointer


@dataclass(frozen=True)
class Row:
    """A row with the line of the file it ends on; ``cells`` by column, ``beyond`` those that have none."""

    number: int
    cells: Mapping[str, str]
    beyond: Sequence[str] = ()


@dataclass(frozen=True)
class Trouble:
    """Something wrong in a file: the line, the column (None where none is to blame), and what."""

    line: int
    column: str | None
    code: str
    detail: str


def read_rows(path: Path, how: ImportMap) -> Iterator[Row]:
    """Every row of a file, one after another.

    Raises
    ------
    BadInput
        The header lacks a column that the map names, or the file is not there or cannot be read as text.
    """
    try:
        with path.open(encoding=how.encoding, newline="") as file:
            rows = csv.reader(file, delimiter=how.delimiter, strict=True)
            header = next(rows, [])
            missing = sorted(how.columns - set(header))
            if missing:
                raise mistake("", "unknown_column", f"the file has no column {missing[0]!r}; it has {header}")
            for cells in rows:
                if cells:
                    yield Row(rows.line_num, dict(zip(header, cells, strict=False)), cells[len(header) :])
    except OSError as error:
        raise mistake("", "unreadable_file", f"{path} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, LookupError, csv.Error) as error:
        raise mistake("", "malformed_csv", f"{path.name}: {error}") from error


def line_of(row: Row, line: LineMap, zone: ZoneInfo) -> dict[str, Any]:
    """The batch line that a row becomes.

    Raises
    ------
    BadInput
        Every cell that cannot be read, by the pointer of its field; or the row says more than the header has columns.
    """
    if any(cell.strip() for cell in row.beyond):
        columns = len(row.cells)
        detail = f"the row has {columns + len(row.beyond)} cells, the header {columns}"
        raise mistake("", "malformed_csv", detail)
    body: dict[str, Any] = {"kind": line.kind}
    mistakes: list[Mistake] = []
    for name, source in line.sources.items():
        try:
            value = _value(row, source, zone)
        except (ValueError, OverflowError) as error:
            mistakes.append(Mistake(_where(name), "wrong_type", str(error)))
            continue
        if value is not None:
            _put(body, name.split("."), value)
    if mistakes:
        raise BadInput(*mistakes)
    return body


def _value(row: Row, source: Source, zone: ZoneInfo) -> Any:
    if source.column is None:
        return source.value
    text = row.cells.get(source.column, "").strip() or source.default
    if text is None:
        return None
    if source.words is not None:
        return _meaning(text, source.words)
    if source.date:
        return datetime.strptime(text, source.date).date().isoformat()  # noqa: DTZ007 - a day without a time
    if source.instant:
        return _instant(text, source.instant, zone).isoformat()
    if source.decimal:
        return _amount(text, source.decimal)
    if source.number:
        return float(text) if "." in text else int(text)
    return source.prefix + text


def _meaning(text: str, words: Mapping[str, Any]) -> Any:
    if text not in words:
        raise ValueError(f"{text!r} is none of the words of the map")
    return words[text]


def _instant(text: str, how: str, zone: ZoneInfo) -> datetime:
    if how == "unix":
        return datetime.fromtimestamp(int(text), UTC)
    return datetime.strptime(text, how).replace(tzinfo=zone)


def _amount(text: str, mark: str) -> str:
    """Without thousands separators, whatever they are, and with a point as the decimal mark."""
    other = "." if mark == "," else ","
    return text.replace(other, "").replace(" ", "").replace(mark, ".")


def _put(body: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        body = body.setdefault(step, {})
    body[path[-1]] = value


def _where(name: str) -> str:
    return pointer(*name.split("."))


def troubles_of(row: Row, line: LineMap, refusal: KnownError) -> Iterator[Trouble]:
    """What a refused line says of the file."""
    mistakes: Iterable[Mistake] = [Mistake("", refusal.code, refusal.detail)]
    if isinstance(refusal, BadInput):
        mistakes = refusal.mistakes
    for one in mistakes:
        name = _blamed(line, one.pointer)
        column = line.sources[name].column if name else None
        field = "" if column else f"{one.pointer.lstrip('/').replace('/', '.') or line.kind}: "
        yield Trouble(row.number, column, one.code, field + one.detail)


def _blamed(line: LineMap, where: str) -> str | None:
    """The field that a pointer is in, or that is in what it points to."""
    inside = [name for name in line.sources if where == _where(name) or where.startswith(_where(name) + "/")]
    return max(inside, key=len, default=None)
