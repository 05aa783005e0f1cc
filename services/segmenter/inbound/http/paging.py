"""Pages of things in order of id: the cursor holds the last id."""

from typing import Annotated

from fastapi import Depends

from shared.basics.errors import mistake
from shared.http.pages import Cursor, decode_cursor


async def _after(cursor: Cursor = None) -> str:
    key = decode_cursor(cursor, 1)
    after = key[0] if key else ""
    if not isinstance(after, str) or "\x00" in after:
        raise mistake("/query/cursor", "invalid_cursor", "this is no cursor of this list")
    return after


After = Annotated[str, Depends(_after)]
"""The id that the asked page begins after; empty for the first page."""
