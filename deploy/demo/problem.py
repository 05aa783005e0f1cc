"""What the demo promised and did not see happen: one clear line and a non-zero exit."""


class DemoProblem(Exception):
    """The message says what was wanted and what was seen instead."""
