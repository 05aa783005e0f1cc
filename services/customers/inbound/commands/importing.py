"""``import FILE --map map.toml``: a CSV file into the books, as ``docs/guides/importing.md`` says.

It writes as a batch over HTTP does, and what it writes waits in the outbox until an api's relay sends it. Ends with
status 1 where anything was refused, so that whatever started it notices.
"""

from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from services.customers.inbound.commands.import_file import Checked, ImportFile, Load
from services.customers.inbound.commands.import_map import ImportMap, read_map
from services.customers.usecases.load_batch import Line, LoadBatch, Loaded
from shared.basics.errors import KnownError, mistake
from shared.database.engine import Database
from shared.runtime.command_line import Subparsers

_BY = "import"


@dataclass(frozen=True)
class Books:
    """What a file is loaded into; days and instants of the file are those of ``zone``."""

    load_batch: LoadBatch
    zone: ZoneInfo


@dataclass(frozen=True)
class ImportCommand:
    """``open_books`` is asked once the command line is read, for only then the environment must be there."""

    open_books: Callable[[Database], Books]

    def add(self, commands: Subparsers) -> None:
        """The file, its map, and how strict to be."""
        parser = commands.add_parser("import", help="load a CSV file by a map")
        parser.add_argument("file", type=Path)
        parser.add_argument("--map", required=True, type=_map_in, help="a TOML file: which lines each row becomes")
        parser.add_argument("--dry-run", action="store_true", help="only say what is wrong with the file")
        parser.add_argument("--skip-bad-rows", action="store_true", help="load the rows without a mistake")
        parser.set_defaults(run=self._run)

    async def _run(self, given: Namespace, database: Database) -> str:
        books = self.open_books(database)
        file = ImportFile(given.file, given.map, books.zone, _say)
        checked = file.check()
        if given.dry_run or not given.skip_bad_rows:
            _all_good(checked)
        if given.dry_run:
            return "nothing was written"
        if refused := await file.load(_loading(books.load_batch), checked):
            raise mistake("", "lines_refused", f"the books refused {refused:,} lines; the others are kept")
        return "all of it is in the books"


def _all_good(checked: Checked) -> None:
    if checked.bad_rows:
        raise mistake("", "bad_rows", "the file has bad rows; nothing was written (--skip-bad-rows leaves them out)")


def _loading(load_batch: LoadBatch) -> Load:
    async def load(lines: Sequence[Line], history: bool) -> list[Loaded]:
        return await load_batch(lines, history=history, by=_BY)

    return load


def _say(line: str) -> None:
    print(line, flush=True)


def _map_in(path: str) -> ImportMap:
    try:
        return read_map(Path(path).read_text())
    except OSError as error:
        raise ArgumentTypeError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ArgumentTypeError(f"{path} is no text in UTF-8, as TOML is") from error
    except KnownError as error:
        raise ArgumentTypeError(f"{path}: {error.detail}") from error
