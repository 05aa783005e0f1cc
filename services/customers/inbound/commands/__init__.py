"""The ways in from a terminal: one file a command."""
