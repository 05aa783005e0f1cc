"""Refreshes over HTTP: Actualizar, its progress, and its end before it publishes."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response, status
from pydantic import BaseModel

from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.preconditions import Conditions
from services.segmenter.storage.refreshes import Refresh
from shared.http.access import Who, scope
from shared.http.answers import instant_text

router = APIRouter(prefix="/refreshes", tags=["refreshes"])

RefreshId = Annotated[UUID, Path()]


class RefreshAnswer(BaseModel):
    """``done`` of ``total`` customers are judged by the new revision, ``changed`` of them moved."""

    refresh_id: str
    state: str
    revision: int | None
    as_of: date | None
    done: int
    total: int
    changed: int
    eta_seconds: float | None
    error: str | None
    created_at: str
    finished_at: str | None

    @classmethod
    def of(cls, refresh: Refresh) -> "RefreshAnswer":
        return cls(
            refresh_id=refresh.refresh_id,
            state=refresh.state,
            revision=refresh.revision,
            as_of=refresh.as_of,
            done=refresh.done,
            total=refresh.total,
            changed=refresh.changed,
            eta_seconds=refresh.eta_seconds,
            error=refresh.error,
            created_at=instant_text(refresh.created_at),
            finished_at=instant_text(refresh.finished_at) if refresh.finished_at else None,
        )


@router.post("", status_code=status.HTTP_202_ACCEPTED, dependencies=[scope("segments:publish")])
async def post_refresh(conditions: Conditions, doors: Doors, who: Who, response: Response) -> RefreshAnswer:
    """Publish the draft and reassign everyone; ``If-Match`` is the draft's ETag."""
    refresh = await doors.refresh_cascade.begin(conditions.of_draft, by=who.name)
    response.headers["Location"] = f"/v1/refreshes/{refresh.refresh_id}"
    return RefreshAnswer.of(refresh)


@router.get("/{refresh_id}")
async def get_refresh(refresh_id: RefreshId, doors: Doors) -> RefreshAnswer:
    """How far a refresh is."""
    return RefreshAnswer.of(await doors.refresh_cascade.read(str(refresh_id)))


@router.post("/{refresh_id}/cancel", dependencies=[scope("segments:publish")])
async def cancel_refresh(refresh_id: RefreshId, doors: Doors, who: Who) -> RefreshAnswer:
    """End a refresh while it prepares; nothing of it was visible."""
    return RefreshAnswer.of(await doors.refresh_cascade.cancel(str(refresh_id), by=who.name))
