"""``python -m services.segmenter keys create|list|revoke``: the keys that open segmenter."""

from shared.database.keys_command import describe_keys, run_keys

__all__ = ["describe_keys", "run_keys"]
