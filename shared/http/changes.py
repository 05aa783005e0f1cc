"""The record of changes, over HTTP, in every service: ``app.state.use_cases.read_changes`` reads it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from shared.database.changes import ChangeFilter, ReadChanges, Recorded
from shared.http.access import scope
from shared.http.answers import instant_text
from shared.http.fields import Instant, ShortText
from shared.http.pages import Cursor, Limit, Page, decode_cursor, no_cursor, page_of

router = APIRouter(prefix="/changes", tags=["changes"], dependencies=[scope("admin")])

_LAST = 2**63 - 1


class ChangeAnswer(BaseModel):
    """``resource`` is the path below ``/v1``; ``before`` is null for a creation, ``after`` for a deletion."""

    at: str
    by: str
    resource: str
    before: Any
    after: Any

    @classmethod
    def of(cls, change: Recorded) -> "ChangeAnswer":
        return cls(
            at=instant_text(change.at),
            by=change.by,
            resource=change.resource,
            before=change.before,
            after=change.after,
        )


async def _read_changes(request: Request) -> ReadChanges:
    read_changes: ReadChanges = request.app.state.use_cases.read_changes
    return read_changes


async def _before(cursor: Cursor = None) -> int:
    key = decode_cursor(cursor, 1)
    last = key[0] if key else _LAST
    if not isinstance(last, int) or not 0 <= last <= _LAST:
        raise no_cursor()
    return last


@router.get("")
async def list_changes(
    read_changes: Annotated[ReadChanges, Depends(_read_changes)],
    before: Annotated[int, Depends(_before)],
    resource: Annotated[
        ShortText | None, Query(description="A whole part of the path, such as `rules` or `segments/vip`")
    ] = None,
    by: Annotated[ShortText | None, Query(description="The name of a key, or the `sub` of a token")] = None,
    since: Annotated[Instant | None, Query(alias="from")] = None,
    limit: Limit = 50,
) -> Page[ChangeAnswer]:
    """Who changed what, when, from what to what: the newest first, ``from`` included."""
    found = await read_changes(ChangeFilter(resource and resource.strip("/"), by, since), before, limit)
    return page_of(found, limit, lambda change: (change.id,), ChangeAnswer.of)
