"""``keys create|list|revoke``: who may call customers."""

from shared.database.keys_command import add

__all__ = ["add"]
