"""The way in for operators: commands that run once, one a file."""

from services.segmenter.inbound.commands import keys, raise_epoch, repair

COMMANDS = (keys, raise_epoch, repair)
