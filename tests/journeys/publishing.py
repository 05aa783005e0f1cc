"""Editing and publishing a cascade as an analyst's tool would: draft, order, preview, Actualizar."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx

from tests.journeys.cascada import Cascada
from tests.oracle.cascade import Segment
from tests.oracle.settings import Settings
from tests.support.eventually import eventually

DRAFT = "/cascade/draft"


async def publish(cascada: Cascada, segments: Sequence[Segment]) -> dict[str, Any]:
    """Make these segments the cascade in force, and wait until everyone is judged by them."""
    await draft(cascada, segments)
    return await refreshed(cascada, await refresh(cascada))


async def draft(cascada: Cascada, segments: Sequence[Segment]) -> None:
    """Make these segments, in this order, the draft."""
    wanted = [segment.segment_id for segment in segments]
    for present in (await _draft(cascada)).json()["segments"]:
        if present["segment_id"] not in [*wanted, "default"]:
            await _change(cascada, "DELETE", present["segment_id"])
    for segment in segments:
        body = {"name": segment.name, "rule": segment.rule, "flow_id": segment.flow_id}
        await _change(cascada, "PUT", segment.segment_id, body)
    await reorder(cascada, wanted)


async def reorder(cascada: Cascada, segment_ids: Sequence[str]) -> None:
    """Put the draft's segments into another order of priority; Default stays last by itself."""
    answer = await cascada.segmenter.put(
        f"{DRAFT}/order", json={"segment_ids": list(segment_ids)}, headers=await _match(cascada)
    )
    assert answer.status_code == 200, answer.text


async def preview(cascada: Cascada) -> dict[str, Any]:
    answer = await cascada.segmenter.post(f"{DRAFT}/preview", timeout=60)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def refresh(cascada: Cascada) -> str:
    """Press Actualizar; returns the id of the refresh, which goes on by itself."""
    answer = await cascada.segmenter.post("/refreshes", headers=await _match(cascada))
    assert answer.status_code == 202, answer.text
    return str(answer.json()["refresh_id"])


async def refreshed(cascada: Cascada, refresh_id: str, within: float = 60.0) -> dict[str, Any]:
    """Wait until a refresh is done; returns how it ended."""

    async def done() -> bool:
        found = await progress(cascada, refresh_id)
        return found["state"] in ("done", "failed", "cancelled")

    await eventually(done, within=within)
    found = await progress(cascada, refresh_id)
    assert found["state"] == "done", found
    return found


async def progress(cascada: Cascada, refresh_id: str) -> dict[str, Any]:
    answer = await cascada.segmenter.get(f"/refreshes/{refresh_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def published_settings(cascada: Cascada) -> Settings:
    """The oracle's settings with the cut-offs that the last refresh fixed."""
    published = (await cascada.segmenter.get("/cascade")).json()["settings"]
    cutoffs = published["quick_filters"].get("top_cutoffs") or {}
    return replace(Settings(), top_cutoffs={currency: Decimal(amount) for currency, amount in cutoffs.items()})


async def _draft(cascada: Cascada) -> httpx.Response:
    answer = await cascada.segmenter.get(DRAFT)
    assert answer.status_code == 200, answer.text
    return answer


async def _match(cascada: Cascada) -> dict[str, str]:
    return {"If-Match": (await _draft(cascada)).headers["ETag"]}


async def _change(cascada: Cascada, method: str, segment_id: str, body: dict[str, Any] | None = None) -> None:
    path = f"{DRAFT}/segments/{segment_id}"
    present = await cascada.segmenter.get(path)
    headers = {"If-Match": present.headers["ETag"]} if present.status_code == 200 else {}
    answer = await cascada.segmenter.request(method, path, json=body, headers=headers)
    assert answer.is_success, answer.text
