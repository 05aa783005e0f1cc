"""What the log tells of an error: its types and where it happened, but words only where they cannot quote anybody.

Many errors quote the value that they could not take: a name, an address, a document's number. So the words of an error
are told if they are our own, the network's or the operating system's, or the server's about anything but a value.
"""

import traceback
from types import TracebackType
from typing import Any

from shared.basics.errors import KnownError

_FRAMES = 30
_CAUSES = 10
_OURS = ("shared.", "services.")
_QUOTING_NOBODY = ("aiokafka", "aiosmtplib.errors", "httpcore", "httpx", "ssl")
_ABOUT_VALUES = ("22", "23")
"""SQLSTATE classes whose words quote values: data exceptions, and constraints that a row breaks."""
_OF_THE_PLACE = ("08", "28", "3D", "42501", "53", "57", "58")
"""SQLSTATEs of a server that takes no work at all: connections, who may come in, which database, room, going away."""
_OF_ANOTHER_SCHEMA = ("42P01", "42703", "42883")
"""SQLSTATEs of a table, column or function that is not there."""

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def told_failure(exc_info: ExcInfo) -> list[dict[str, Any]]:
    """An error, then what caused it: ``type``, ``words`` where they are harmless, ``at`` (innermost last)."""
    told: list[dict[str, Any]] = []
    error: BaseException | None = exc_info[1]
    while error is not None and len(told) < _CAUSES:
        words = harmless_words(error)
        told.append({"type": _name(error), **({"words": words} if words else {}), "at": _places(error)})
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told


def told_briefly(error: BaseException) -> str:
    """Its type and, where they are harmless, its words: a reason that people are shown beside other people's rows."""
    said = getattr(error, "orig", None) or error  # SQLAlchemy wraps what the server said
    words = harmless_words(said)
    return type(error).__name__ + (f": {words}" if words else "")


def harmless_words(error: BaseException) -> str | None:
    """The words of an error that quote nobody's data; None where nobody can be sure."""
    if isinstance(error, KnownError):
        return error.code
    if state := getattr(error, "sqlstate", None):
        return f"SQLSTATE {state}" + ("" if str(state).startswith(_ABOUT_VALUES) else f": {_of_server(error)}")
    if isinstance(error, OSError) or _name(error).startswith(_QUOTING_NOBODY):
        return str(error)
    is_told_by_us = _name(error).startswith(_OURS) and not isinstance(error, ValueError)  # those say what was wrong
    return str(error) if is_told_by_us else None


def words_of_the_place(error: BaseException, *, schema_is_ours: bool = True) -> str | None:
    """Why nothing can be done here, whatever was asked: a server or its database; None where that is not the reason.

    ``schema_is_ours``: a table that is missing is a mistake of the place as well, not of whoever makes tables.
    """
    said = getattr(error, "orig", None) or error
    state = str(getattr(said, "sqlstate", None) or "")
    states = _OF_THE_PLACE + (_OF_ANOTHER_SCHEMA if schema_is_ours else ())
    return harmless_words(said) if isinstance(said, OSError) or state.startswith(states) else None


def _of_server(error: BaseException) -> str:
    """The server's message without its details and context, and without the statement that SQLAlchemy adds."""
    return str(error).partition("\n")[0]


def _name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
