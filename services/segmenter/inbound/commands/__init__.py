"""The way in for operators: commands that run once, one a file; those of every service live in ``shared``."""

from services.segmenter.inbound.commands import after_restore
from shared.database import keys_command, raise_epoch_command
from shared.database.await_schema_command import AwaitSchema
from shared.messaging import rebuild_command, repair_command

COMMANDS = (
    keys_command,
    raise_epoch_command,
    repair_command,
    rebuild_command,
    after_restore,
    AwaitSchema("segmenter"),
)
