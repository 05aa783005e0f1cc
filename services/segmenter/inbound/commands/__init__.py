"""The way in for operators: commands that run once, one a file."""

from services.segmenter.inbound.commands import raise_epoch, repair

COMMANDS = (raise_epoch, repair)
