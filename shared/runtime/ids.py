"""Ids that Cascada makes: UUIDv7, so they sort by the time they were made."""

import uuid6


def new_id() -> str:
    """A new UUIDv7 in its usual text form."""
    return str(uuid6.uuid7())
