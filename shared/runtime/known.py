"""What is known of the work at hand, for whoever writes a line to the log: nothing is worked out before that."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

Known = Callable[[], Mapping[str, str | None]]

_known: ContextVar[Known] = ContextVar("known")


def say_known(known: Known) -> None:
    """From now on lines of this task say what ``known`` answers; None in it is left out."""
    _known.set(known)


@contextmanager
def knowing(**known: str | None) -> Iterator[None]:
    """Lines within the block say these ids."""
    token = _known.set(lambda: known)
    try:
        yield
    finally:
        _known.reset(token)


def known_now() -> dict[str, str]:
    """The ids of the work at hand: trace, customer, event, whichever there are."""
    known = _known.get(dict)
    return {name: value for name, value in known().items() if value is not None}
