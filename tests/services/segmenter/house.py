"""The segmenter as its callers meet it: its HTTP API over a real database, beside the listener that feeds it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from services.segmenter.inbound.http.app import create
from services.segmenter.outbound.webhooks import Poster
from services.segmenter.wiring.api import use_cases
from shared.database.engine import Database
from shared.http.process import Process
from tests.services.segmenter.listener import Listener, SetClock
from tests.support.access import one_key

KEY = "test-key-of-sixteen"
DRAFT = "/cascade/draft"
ANYWHERE = Poster(anywhere=True)


@dataclass(frozen=True)
class House:
    """``http`` speaks to the real app; ``segmenter`` is its worker's side, driven by the test."""

    http: httpx.AsyncClient
    segmenter: Listener

    async def get(self, path: str, **params: Any) -> Any:
        """What a good request is answered."""
        answer = await self.http.get(f"/v1{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def etag(self, path: str) -> str:
        answer = await self.http.get(f"/v1{path}")
        assert answer.status_code == 200, answer.text
        return str(answer.headers["ETag"])

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Any request; headers are written with ``_``: ``if_match="…"``."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.request(method, f"/v1{path}", json=body, headers=sent)

    async def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """What a good POST is answered."""
        answer = await self.call("POST", path, body, **headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def drafts(self, *segments: dict[str, Any]) -> None:
        """Add segments to the draft, in this order."""
        for segment in segments:
            body = {name: segment[name] for name in ("name", "rule", "flow_id")}
            answer = await self.call("PUT", f"{DRAFT}/segments/{segment['segment_id']}", body)
            assert answer.status_code == 201, answer.text

    async def orders(self, *segment_ids: str) -> httpx.Response:
        given = {"segment_ids": list(segment_ids)}
        return await self.call("PUT", f"{DRAFT}/order", given, if_match=await self.etag(DRAFT))

    async def asks_refresh(self) -> Any:
        return await self.post("/refreshes", if_match=await self.etag(DRAFT))

    async def refreshes(self) -> Any:
        """Press Actualizar, let the worker carry it out, and look at how it ended."""
        asked = await self.asks_refresh()
        await self.segmenter.runs_refresh()
        return await self.get(f"/refreshes/{asked['refresh_id']}")


@asynccontextmanager
async def open_house(
    database: Database,
    clock: SetClock,
    currencies: Sequence[str] = ("COP", "USD"),
    poster: Poster = ANYWHERE,
) -> AsyncIterator[House]:
    """The app over a database."""
    doors = use_cases(database, clock, "America/Bogota", tuple(currencies), poster)
    app = create(doors, Process(callers=one_key(KEY), ready=database.is_ready))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://segmenter", headers={"X-Api-Key": KEY}) as http:
        yield House(http, Listener(database, clock))


def problem(answer: httpx.Response) -> tuple[int, str]:
    """(status, code) of a refusal, which must be a problem."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    return answer.status_code, answer.json()["code"]


def mistakes(answer: httpx.Response) -> list[tuple[str, str]]:
    """(pointer, code) of everything wrong in a body."""
    assert answer.status_code == 422, answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
