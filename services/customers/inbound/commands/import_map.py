"""The map of an import: a TOML file that says which lines of a batch a row of a CSV file becomes.

    delimiter = ";"
    history = true

    [[lines]]
    kind = "invoice"
    customer_id = { column = "CLIENTE", prefix = "cli-" }
    id = "FACTURA"
    amount = { column = "VALOR", decimal = "," }
    due_on = { column = "VENCE", date = "%d/%m/%Y" }

A field takes a column (its name alone will do) or a fixed ``value``; dotted names reach inside (``"document.number"``).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from services.customers.inbound.http.batch_lines import KINDS
from shared.basics.errors import mistake
from shared.basics.pointer import pointer


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a field comes from, and how its text is read.

    ``date``: a format of ``strptime``, giving a date; ``instant``: the same (or ``unix`` for seconds), giving an
    instant in the business time zone; ``decimal``: the decimal mark of an amount; ``number``: a JSON number;
    ``words``: what each text of the file means; ``default``: taken where the cell is empty.
    """

    column: str | None = None
    value: Any = None
    prefix: str = ""
    date: str | None = None
    instant: str | None = None
    decimal: str | None = None
    number: bool = False
    words: Mapping[str, Any] | None = None
    default: str | None = None


@dataclass(frozen=True)
class LineMap:
    """One line of a batch that every row becomes: its kind, and its fields by their (dotted) names."""

    kind: str
    sources: Mapping[str, Source]


@dataclass(frozen=True)
class ImportMap:
    """What a file is, and the lines of each of its rows. ``history``: the lines are the past."""

    lines: tuple[LineMap, ...]
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    history: bool = True

    @property
    def columns(self) -> set[str]:
        """Every column that is read."""
        return {source.column for line in self.lines for source in line.sources.values() if source.column}


def read_map(content: str) -> ImportMap:
    """Read a map.

    Raises
    ------
    BadInput
        It is no TOML, or something in it is unknown or missing; the pointer says where.
    """
    try:
        said = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise mistake("", "malformed_toml", str(error)) from error
    _known(said, {"lines", "delimiter", "encoding", "history"}, "")
    lines = said.pop("lines", None)
    if not isinstance(lines, list) or not lines:
        raise mistake("/lines", "required", "a map says at least one [[lines]]")
    for name, wanted in (("delimiter", str), ("encoding", str), ("history", bool)):
        if name in said and not isinstance(said[name], wanted):
            raise mistake(pointer(name), "wrong_type", f"{name} is a {wanted.__name__}")
    return ImportMap(tuple(_line(line, pointer("lines", place)) for place, line in enumerate(lines)), **said)


def _line(said: dict[str, Any], where: str) -> LineMap:
    kind = said.pop("kind", None)
    if kind not in KINDS:
        raise mistake(f"{where}/kind", "unknown_choice", "the kinds are " + ", ".join(KINDS))
    return LineMap(kind, {name: _source(value, f"{where}{pointer(name)}") for name, value in said.items()})


def _source(said: Any, where: str) -> Source:
    if isinstance(said, str):
        return Source(column=said)
    if not isinstance(said, dict) or ("column" in said) == ("value" in said):
        raise mistake(where, "one_of", "a field names a column, or gives a value")
    _known(said, {field.name for field in fields(Source)}, where)
    return Source(**said)


def _known(said: dict[str, Any], names: set[str], where: str) -> None:
    for name in said:
        if name not in names:
            raise mistake(f"{where}{pointer(name)}", "unknown_field", "known are " + ", ".join(sorted(names)))
