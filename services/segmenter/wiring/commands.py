"""The commands that operators run, and what those need that ``inbound`` cannot open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.segmenter.inbound.commands import after_restore
from services.segmenter.inbound.commands.webhook import WebhookCommand
from services.segmenter.inbound.events import TYPES, CustomerEvents
from services.segmenter.outbound.webhooks import Poster
from services.segmenter.settings import Settings
from services.segmenter.storage.verified import TABLES
from services.segmenter.usecases.apply_events import ApplyEvents
from services.segmenter.usecases.keep_webhooks import KeepWebhooks
from services.segmenter.usecases.replace_customer import ReplaceCustomer
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


def customer_events(settings: Settings, database: Database) -> CustomerEvents:
    """What a command hears and repairs with; the relay of a ``worker`` finds by itself what it tells."""
    clock = settings.clock()
    return CustomerEvents(ApplyEvents(database, clock, lambda: None), ReplaceCustomer(clock))


def webhooks(settings: Settings, database: Database) -> KeepWebhooks:
    """What a command tends webhooks with."""
    return KeepWebhooks(database, settings.clock(), Poster(anywhere=settings.environment == "local"))


@asynccontextmanager
async def verifying(settings: Settings, database: Database) -> AsyncIterator[Verifier]:
    """What a command verifies with."""
    async with service_client(settings.customers_url, settings) as customers:
        replace = customer_events(settings, database).replace
        yield Verifier(database, Snapshots(customers), replace, TABLES)


COMMANDS = (
    keys_command,
    RAISE_EPOCH,
    repair_command,
    rebuild_command,
    after_restore,
    AwaitSchema("segmenter"),
    VerifyCommand(lambda database: verifying(Settings(), database)),
    QuarantineCommand(TYPES, lambda database: customer_events(Settings(), database).apply),
    WebhookCommand(lambda database: webhooks(Settings(), database)),
)
