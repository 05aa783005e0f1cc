"""``python -m services.segmenter keys create|list|revoke``: the keys that open segmenter."""

from shared.database.keys_command import add

__all__ = ["add"]
