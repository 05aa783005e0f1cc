"""Facts to wire events."""
