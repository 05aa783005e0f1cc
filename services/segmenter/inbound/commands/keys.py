"""``keys create|list|revoke``: who may call segmenter."""

from shared.database.keys_command import add

__all__ = ["add"]
