"""``python -m services.statements keys create|list|revoke``: the keys that open statements."""

from shared.database.keys_command import describe_keys, run_keys

__all__ = ["describe_keys", "run_keys"]
