"""Lists by keyset: a page ends in an opaque cursor that holds the last key."""

import base64
import binascii
import json
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from shared.basics.errors import mistake

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
        raise mistake("/query/cursor", "invalid_cursor", "this is no cursor of this list") from error
    if not isinstance(key, list) or len(key) != parts or not all(_is_storable(part) for part in key):
        raise mistake("/query/cursor", "invalid_cursor", "this is no cursor of this list")
    return tuple(key)


def _is_storable(part: Any) -> bool:
    """Whether a part can be compared in the database: no text with NUL or lone surrogates, nothing nested."""
    if isinstance(part, str):
        return "\x00" not in part and not any(0xD800 <= ord(c) <= 0xDFFF for c in part)
    return part is None or isinstance(part, int | float)
