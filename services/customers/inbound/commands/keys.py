"""``python -m services.customers keys create|list|revoke``: the keys that open customers."""

from shared.database.keys_command import add

__all__ = ["add"]
