"""The catcher over HTTP: the gateway that statements calls, the mailbox that tests read, faults on demand."""

import asyncio
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any

from fastapi import FastAPI, Header, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import ValidationError

from deploy.local.mail import page
from deploy.local.mail.dropping import hang_up
from deploy.local.mail.events import EventTeller
from deploy.local.mail.faults import Faults
from deploy.local.mail.gateway import Gateway, KeyConflict
from deploy.local.mail.inbox import Inbox, Mail

_COUNTED = ("accepted", "repeated", "rejected", "failed", "dropped", "delayed")


@dataclass
class Catcher:
    """The state behind the addresses."""

    inbox: Inbox
    gateway: Gateway
    teller: EventTeller
    faults: Faults = field(default_factory=Faults)
    counts: Counter[str] = field(default_factory=Counter)


def create_app(catcher: Catcher) -> FastAPI:
    """The HTTP application over ``catcher``."""
    app = FastAPI(title="Cascada's mail catcher", docs_url=None, redoc_url=None, openapi_url=None)
    _add_gateway(app, catcher)
    _add_mailbox(app, catcher)
    _add_pages(app, catcher)
    return app


def _add_gateway(app: FastAPI, catcher: Catcher) -> None:
    @app.post("/send")
    async def send(request: Request, idempotency_key: Annotated[str | None, Header()] = None) -> Response:
        body = await request.body()
        met = catcher.faults.meets(random.random())  # noqa: S311 - not a secret
        if met == "reject_429":
            catcher.counts["rejected"] += 1
            return _problem(429, "too many mails", {"Retry-After": f"{max(1, round(catcher.faults.seconds))}"})
        if met == "fail_500":
            catcher.counts["failed"] += 1
            return _problem(500, "a fault on demand")
        answer = _take(catcher, body, idempotency_key)
        if met == "accept_then_drop":
            catcher.counts["dropped"] += 1
            await hang_up(request)
        elif met == "delay":
            catcher.counts["delayed"] += 1
            await asyncio.sleep(catcher.faults.seconds)
        return answer

    @app.put("/faults")
    async def put_faults(faults: Faults) -> Faults:
        catcher.faults = faults
        return faults

    @app.get("/stats")
    async def stats() -> dict[str, int]:
        return {name: catcher.counts[name] for name in _COUNTED}


def _take(catcher: Catcher, body: bytes, key: str | None) -> Response:
    try:
        taken = catcher.gateway.take(body, key, new_id=str(uuid.uuid4()), now=datetime.now(UTC))
    except (ValidationError, KeyConflict) as error:
        catcher.counts["rejected"] += 1
        if isinstance(error, KeyConflict):
            return _problem(409, "this key was used for other bytes")
        return _problem(422, "; ".join(f"{'/'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()))
    catcher.counts["repeated" if taken.repeated else "accepted"] += 1
    mail = None if taken.repeated else catcher.inbox.get(taken.id)
    if mail:
        catcher.teller.tell(mail)
    return JSONResponse({"id": taken.id}, status_code=200 if taken.repeated else 202)


def _add_mailbox(app: FastAPI, catcher: Catcher) -> None:
    @app.get("/messages")
    async def messages(
        to: str | None = None,
        subject: str | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
        cursor: Annotated[int, Query(ge=0)] = 0,
    ) -> dict[str, Any]:
        found = list(islice(catcher.inbox.find(to=to, subject=subject, after=cursor), limit + 1))
        items = found[:limit]
        next_cursor = str(items[-1][0]) if len(found) > limit else None
        return {"items": [_shown(mail) for _, mail in items], "next_cursor": next_cursor}

    @app.get("/messages/{mail_id}/attachments/{number}")
    async def attachment(mail_id: str, number: int) -> Response:
        mail = catcher.inbox.get(mail_id)
        if mail is None or not 0 <= number < len(mail.attachments):
            return _problem(404, "no such attachment")
        found = mail.attachments[number]
        return Response(found.content, media_type=found.content_type, headers=page.as_download(found.filename))

    @app.delete("/messages", status_code=204)
    async def delete_messages() -> None:
        catcher.inbox.clear()


def _add_pages(app: FastAPI, catcher: Catcher) -> None:
    @app.get("/")
    async def inbox_page() -> HTMLResponse:
        return HTMLResponse(page.inbox(catcher.inbox.newest(200)), headers=page.SAFE_HEADERS)

    @app.get("/mails/{mail_id}")
    async def mail_page(mail_id: str) -> HTMLResponse:
        mail = catcher.inbox.get(mail_id)
        shown, status = (page.mail(mail), 200) if mail else (page.missing(), 404)
        return HTMLResponse(shown, status_code=status, headers=page.SAFE_HEADERS)


def _shown(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "to": list(mail.to),
        "from": mail.sender,
        "subject": mail.subject,
        "headers": mail.headers,
        "text": mail.text,
        "html": mail.html,
        "attachments": [
            {"filename": one.filename, "content_type": one.content_type, "size": len(one.content)}
            for one in mail.attachments
        ],
        "received_at": mail.received_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def _problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    body = {"status": status, "detail": detail}
    return JSONResponse(body, status_code=status, headers=headers, media_type="application/problem+json")
