"""The way in for operators: commands that run once, one a file."""

from services.customers.inbound.commands import raise_epoch

COMMANDS = (raise_epoch,)
