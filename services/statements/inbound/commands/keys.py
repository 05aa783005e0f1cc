"""``keys create|list|revoke``: who may call statements."""

from shared.database.keys_command import add

__all__ = ["add"]
