"""Pages of things in order of id: the cursor holds the last id."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Depends

from shared.basics.errors import mistake
from shared.http.pages import Cursor, Page, decode_cursor, encode_cursor

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)


async def _after(cursor: Cursor = None) -> str:
    key = decode_cursor(cursor, 1)
    if key is None:
        return ""
    if not isinstance(key[0], str) or not _ID.fullmatch(key[0]):
        raise mistake("/query/cursor", "invalid_cursor", "this is no cursor of this list")
    return key[0]


After = Annotated[str, Depends(_after)]
"""The id that the asked page begins after; empty for the first page."""


def page_of(
    found: Sequence[Item], limit: int, id_of: Callable[[Item], str], answer: Callable[[Item], Answer]
) -> Page[Answer]:
    """What was found as a page; a full one says where the next begins."""
    full = len(found) == limit
    return Page(items=[answer(one) for one in found], next_cursor=encode_cursor(id_of(found[-1])) if full else None)
