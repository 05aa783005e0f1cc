"""A CSV file of a team without engineers, into the books; the command ``import`` (``importing.py``) runs it.

The file is read twice. First every row is checked and whatever is wrong is reported by line and column; only a file
without a mistake (or one whose bad rows may be left out) is then loaded, through the same door as a batch over HTTP. So
it may be loaded again: what is there already changes nothing. What only the books can tell, such as an unknown invoice,
is reported while loading; good rows are kept.
"""

import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from services.customers.domain.change import Asked
from services.customers.domain.variable import Variable
from services.customers.inbound.commands.import_map import ImportMap, LineMap
from services.customers.inbound.commands.import_rows import Row, Trouble, line_of, read_rows, troubles_of
from services.customers.inbound.http.batch_lines import MOST_LINES, asked_by
from services.customers.usecases.load_batch import Line, Loaded
from shared.basics.errors import BadInput, KnownError

Load = Callable[[Sequence[Line], bool], Awaitable[list[Loaded]]]
"""Loads lines as a batch; whether they are the past."""
Say = Callable[[str], None]

_LOOK_EVERY = 100_000


@dataclass(frozen=True)
class ReadLine:
    """A line of a batch, the row it came from, and what it asks or why it cannot be read."""

    row: Row
    map: LineMap
    asked: Asked | Variable | KnownError


@dataclass
class Checked:
    """What the first reading found."""

    rows: int = 0
    lines: int = 0
    bad_rows: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class ImportFile:
    """One file with its map. ``say`` tells a person how it goes."""

    path: Path
    how: ImportMap
    zone: ZoneInfo
    say: Say

    def check(self) -> Checked:
        """Read everything and report what is wrong; nothing is written.

        Raises
        ------
        BadInput
            The file cannot be read at all, or lacks a column.
        """
        found = Checked()
        for line in self._lines():
            found.rows += line.map is self.how.lines[0]
            found.lines += 1
            if isinstance(line.asked, KnownError):
                found.bad_rows.add(line.row.number)
                self._report(troubles_of(line.row, line.map, line.asked))
            if found.lines % _LOOK_EVERY == 0:
                self.say(f"checked {found.lines:,} lines")
        self.say(f"checked {found.rows:,} rows, {found.lines:,} lines: {len(found.bad_rows):,} rows are bad")
        return found

    async def load(self, load: Load, checked: Checked) -> int:
        """Load every good line, and say how far it is; how many the books refused."""
        started, done, refused = time.monotonic(), 0, 0
        total = (checked.rows - len(checked.bad_rows)) * len(self.how.lines)
        lines = (line for line in self._lines() if line.row.number not in checked.bad_rows)
        while batch := list(islice(lines, MOST_LINES)):
            refused += await self._load(load, batch)
            done += len(batch)
            self.say(_progress(done, total, time.monotonic() - started))
        self.say(f"loaded {done - refused:,} lines; the books refused {refused:,}")
        return refused

    async def _load(self, load: Load, batch: Sequence[ReadLine]) -> int:
        asked = [Line(place, line.asked) for place, line in enumerate(batch)]
        loaded = await load(asked, self.how.history)
        refused = [(batch[one.number], one.outcome) for one in loaded if isinstance(one.outcome, KnownError)]
        for line, refusal in refused:
            self._report(troubles_of(line.row, line.map, refusal))
        return len(refused)

    def _lines(self) -> Iterator[ReadLine]:
        for row in read_rows(self.path, self.how):
            for line in self.how.lines:
                yield ReadLine(row, line, self._asked(row, line))

    def _asked(self, row: Row, line: LineMap) -> Asked | Variable | KnownError:
        try:
            return asked_by(line_of(row, line, self.zone))
        except BadInput as error:
            return error

    def _report(self, troubles: Iterator[Trouble]) -> None:
        for one in troubles:
            column = f", column {one.column}" if one.column else ""
            self.say(f"line {one.line}{column}: {one.code}: {one.detail}")


def _progress(done: int, total: int, seconds: float) -> str:
    speed = done / seconds if seconds else 0.0
    left = (total - done) / speed if speed else 0.0
    return f"{done:,} of {total:,} lines, {done * 100 // total} %, {speed:,.0f} a second, {left:,.0f} s to go"
