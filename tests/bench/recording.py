"""The statements a piece of work sends to PostgreSQL, recorded once and played again without anything around them."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import asyncpg
from sqlalchemy import event

from shared.database.direct import DirectTransaction
from shared.database.engine import Database

BEGIN = "BEGIN"
_WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Recording:
    """Statements in their order, each with its parameters."""

    statements: list[tuple[str, Sequence[Any]]] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How many statements, those that begin a transaction left out."""
        return sum(sql != BEGIN for sql, _ in self.statements)

    def about(self, names: Mapping[str, str]) -> "Recording":
        """The same about others: every text that is one of the names, or has it as a JSON text, says another."""
        return Recording([(sql, [_renamed(given, names) for given in values]) for sql, values in self.statements])

    def transactions(self) -> list["Recording"]:
        """One recording for each transaction that had statements."""
        found: list[Recording] = []
        for sql, values in self.statements:
            if sql == BEGIN:
                found.append(Recording())
            else:
                found[-1].statements.append((sql, values))
        return [one for one in found if one.statements]

    def writes(self) -> "Recording":
        """What changes rows, and nothing else."""
        return Recording([one for one in self.statements if one[0].lstrip().startswith(_WRITES)])

    async def play(self, connection: asyncpg.Connection) -> None:
        """Send the statements in one transaction."""
        async with connection.transaction():
            await self.play_alone(connection)

    async def play_alone(self, connection: asyncpg.Connection) -> None:
        """Send the statements, each by itself."""
        for sql, values in self.statements:
            if sql != BEGIN:
                await connection.fetch(sql, *values)


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(one, names) for one in value]
    if not isinstance(value, str) or value in names:
        return names.get(value, value)
    for name, other in names.items():
        value = value.replace(f'"{name}"', f'"{other}"')
    return value


@asynccontextmanager
async def recording(database: Database) -> AsyncIterator[Recording]:
    """Whatever the database is asked while the block runs."""
    made = Recording()
    engine = database._engine.sync_engine
    transactions: list[list[tuple[str, Sequence[Any]]]] = []
    open_ones: dict[Any, list[tuple[str, Sequence[Any]]]] = {}

    def note(connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        open_ones[connection].append((statement, tuple(parameters)))

    def begin(connection: Any) -> None:
        open_ones[connection] = [(BEGIN, ())]
        transactions.append(open_ones[connection])

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "begin", begin)
    try:
        with _direct_ones(database, made):
            yield made
    finally:
        made.statements += [statement for transaction in transactions for statement in transaction]
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "begin", begin)


@contextmanager
def _direct_ones(database: Database, made: Recording) -> Iterator[None]:
    """Those of direct connections, which SQLAlchemy does not see."""
    connect = database._direct.statements

    @asynccontextmanager
    async def statements() -> AsyncIterator[DirectTransaction]:
        async with connect() as connected:
            yield DirectTransaction(_Overheard(connected._connection, made))

    with patch.object(database._direct, "statements", statements):
        yield


@dataclass
class _Overheard:
    """A connection whose statements are noted."""

    connection: Any
    made: Recording

    def transaction(self) -> Any:
        self.made.statements.append((BEGIN, ()))
        return self.connection.transaction()

    async def fetch(self, sql: str, *values: Any) -> Any:
        self.made.statements.append((sql, values))
        return await self.connection.fetch(sql, *values)
