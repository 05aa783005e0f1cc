"""Lists by keyset: a page ends in an opaque cursor that holds the last key."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from shared.basics.errors import BadInput, mistake
from shared.basics.text import is_storable
from shared.http.fields import ID_PATTERN

Found = TypeVar("Found")
Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=2000)]


class Page(BaseModel, Generic[Item]):
    """``{"items": [...], "next_cursor": null}``."""

    items: list[Item]
    next_cursor: str | None = None


def encode_cursor(*key: Any) -> str:
    """The cursor after a row with this key (JSON values)."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, parts: int) -> tuple[Any, ...] | None:
    """The key a cursor holds, None without cursor.

    Raises
    ------
    BadInput
        It is none of our cursors for this list.
    """
    if cursor is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError, binascii.Error) as error:
        raise no_cursor() from error
    if not isinstance(key, list) or len(key) != parts or not all(_is_storable(part) for part in key):
        raise no_cursor()
    return tuple(key)


def _is_storable(part: Any) -> bool:
    """Whether a part can be compared in the database."""
    return is_storable(part) if isinstance(part, str) else part is None or isinstance(part, int | float)


def no_cursor() -> BadInput:
    """What a caller is told whose cursor is none of ours for this list."""
    return mistake("/query/cursor", "invalid_cursor", "this is no cursor of this list")


async def _after(cursor: Cursor = None) -> str:
    key = decode_cursor(cursor, 1)
    if key is None:
        return ""
    if not isinstance(key[0], str) or not ID_PATTERN.fullmatch(key[0]):
        raise no_cursor()
    return key[0]


After = Annotated[str, Depends(_after)]
"""The id that the asked page of a list in order of id begins after; empty for the first page."""


def page_of(
    found: Sequence[Found], limit: int, key_of: Callable[[Found], tuple[Any, ...]], answer: Callable[[Found], Item]
) -> Page[Item]:
    """What was found as a page; a full one says by the key of its last row where the next begins."""
    full = len(found) == limit
    return Page(items=[answer(one) for one in found], next_cursor=encode_cursor(*key_of(found[-1])) if full else None)
