"""The way in for operators: commands that run once, one a file."""

from services.customers.inbound.commands import keys, raise_epoch

COMMANDS = (keys, raise_epoch)
