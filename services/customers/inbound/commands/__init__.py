"""The way in for operators: commands that run once, one a file; those of every service live in ``shared``."""

from shared.database import after_restore_command, keys_command, raise_epoch_command
from shared.database.await_schema_command import AwaitSchema

COMMANDS = (keys_command, raise_epoch_command, after_restore_command, AwaitSchema("customers"))
