"""Pages: what a cursor holds, and what a full page says of the next."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends

from shared.basics.errors import BadInput, mistake
from shared.http.pages import Cursor, Page, decode_cursor, encode_cursor

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)


def _not_ours() -> BadInput:
    return mistake("/query/cursor", "invalid_cursor", "this is no cursor of this list")


def _id(value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise _not_ours()
    return value


def _after(cursor: Cursor = None) -> str:
    key = decode_cursor(cursor, 1)
    return _id(key[0]) if key else ""


def _before(cursor: Cursor = None) -> tuple[datetime, str] | None:
    key = decode_cursor(cursor, 2)
    if key is None:
        return None
    try:
        at = datetime.fromisoformat(key[0])
    except (TypeError, ValueError) as error:
        raise _not_ours() from error
    if at.tzinfo is None:
        raise _not_ours()
    return at, _id(key[1])


After = Annotated[str, Depends(_after)]
"""The id that the asked page begins after; empty for the first page."""
Before = Annotated[tuple[datetime, str] | None, Depends(_before)]
"""The (instant, id) that the asked page of a list, newest first, goes on from; None for the first page."""


def page_of(
    found: Sequence[Item], limit: int, key_of: Callable[[Item], tuple[Any, ...]], answer: Callable[[Item], Answer]
) -> Page[Answer]:
    """What was found as a page; a full one says where the next begins."""
    full = len(found) == limit
    return Page(items=[answer(one) for one in found], next_cursor=encode_cursor(*key_of(found[-1])) if full else None)
