"""``python -m services.statements keys create|list|revoke``: the keys that open statements."""

from shared.database.keys_command import add

__all__ = ["add"]
