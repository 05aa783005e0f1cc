"""The commands that operators run, and what those need that ``inbound`` cannot open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.customers.inbound.commands.importing import Books, ImportCommand
from services.customers.settings import Settings
from services.customers.usecases.verify_books import VerifyBooks
from services.customers.wiring.api import Parts, use_cases
from shared.database import keys_command
from shared.database.await_schema_command import AwaitSchema
from shared.database.engine import Database
from shared.database.epoch_command import AFTER_RESTORE, RAISE_EPOCH
from shared.runtime.verify_command import VerifyCommand


def books(settings: Settings, database: Database) -> Books:
    """What a command loads files into; the relay of an ``api`` finds by itself what was written."""
    parts = Parts(database, settings.clock(), settings.zone, settings.currencies, lambda: None)
    return Books(use_cases(parts).load_batch, parts.zone)


@asynccontextmanager
async def verifying(database: Database) -> AsyncIterator[VerifyBooks]:
    """What a command verifies with."""
    yield VerifyBooks(database)


COMMANDS = (
    keys_command,
    RAISE_EPOCH,
    AFTER_RESTORE,
    AwaitSchema("customers"),
    ImportCommand(lambda database: books(Settings(), database)),
    VerifyCommand(verifying),
)
