"""Pages of what happened, the newest first: a cursor holds the last instant and id."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends

from shared.http.fields import ID_PATTERN
from shared.http.pages import Cursor, decode_cursor, no_cursor


async def _before(cursor: Cursor = None) -> tuple[datetime, str] | None:
    key = decode_cursor(cursor, 2)
    if key is None:
        return None
    try:
        at = datetime.fromisoformat(key[0])
    except (TypeError, ValueError) as error:
        raise no_cursor() from error
    if at.tzinfo is None or not isinstance(key[1], str) or not ID_PATTERN.fullmatch(key[1]):
        raise no_cursor()
    return at, key[1]


Before = Annotated[tuple[datetime, str] | None, Depends(_before)]
"""The (instant, id) that the asked page of a list, newest first, goes on from; None for the first page."""
