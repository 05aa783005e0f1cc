"""The one error of the local stack that is shown to people as a plain line, without a stack trace."""


class LocalProblem(Exception):
    """Something is missing, taken or broken on this machine; the message says what and what to do."""
