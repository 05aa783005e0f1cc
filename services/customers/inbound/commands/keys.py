"""``python -m services.customers keys create|list|revoke``: the keys that open customers."""

from shared.database.keys_command import describe_keys, run_keys

__all__ = ["describe_keys", "run_keys"]
