"""What operators do from a terminal, each command against real databases, and its ways to fail."""
