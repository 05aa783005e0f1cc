"""The commands that operators run, and what those need that ``inbound`` cannot open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from services.statements.inbound.commands.after_restore import AfterRestoreCommand, Restored
from services.statements.inbound.events import SEQUENCED, TYPES, EventsIn
from services.statements.inbound.own_events import read_own_events
from services.statements.settings import Settings
from services.statements.storage.verified import TABLES
from services.statements.usecases.hear_events import HearEvents
from services.statements.usecases.return_from_backup import ReturnFromBackup
from shared.database import keys_command
from shared.database.await_schema_command import AwaitSchema
from shared.database.engine import Database
from shared.database.epoch_command import RAISE_EPOCH
from shared.http.client import service_client
from shared.messaging import rebuild_command, repair_command
from shared.messaging.quarantine_command import QuarantineCommand
from shared.messaging.snapshots import Snapshots
from shared.messaging.verify import Verifier
from shared.runtime.verify_command import VerifyCommand


def events_in(settings: Settings, database: Database) -> EventsIn:
    """What a command hears and repairs with."""
    return EventsIn(HearEvents(database, settings.clock(), SEQUENCED))


def restored(settings: Settings, database: Database) -> Restored:
    """What a command brings a restored database back with."""
    read = partial(read_own_events, settings.kafka_bootstrap_servers, settings.kafka_tls())
    return Restored(ReturnFromBackup(database, read), settings.clock())


@asynccontextmanager
async def verifying(settings: Settings, database: Database) -> AsyncIterator[Verifier]:
    """What a command verifies with."""
    async with service_client(settings.customers_url, settings) as customers:
        replace = events_in(settings, database).replace
        yield Verifier(database, Snapshots(customers), replace, TABLES)


COMMANDS = (
    keys_command,
    RAISE_EPOCH,
    repair_command,
    rebuild_command,
    AwaitSchema("statements"),
    VerifyCommand(lambda database: verifying(Settings(), database)),
    AfterRestoreCommand(lambda database: restored(Settings(), database)),
    QuarantineCommand(TYPES, lambda database: events_in(Settings(), database).apply),
)
