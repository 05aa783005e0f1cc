"""Two callers create the same thing at once, each only if nobody has: one does, the other hears that it is there."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from tests.services.segmenter.house import House, problem
from tests.services.segmenter.races import stands_waiting

FLOW = {"name": "Llamada cordial", "channels": ["call"], "frequency": "weekly", "content": "guion-3"}
WEBHOOK = {"url": "http://127.0.0.1:9/hook", "event_types": ["alert.raised"], "secret": "a-secret-of-some-length"}


@pytest.mark.parametrize(("table", "body"), [("flows", FLOW), ("webhooks", WEBHOOK)])
async def test_of_two_who_create_at_once_one_does(house: House, table: str, body: dict[str, Any]) -> None:
    async with house.segmenter.database.transaction() as gate:
        await gate.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
        both = [asyncio.create_task(house.call("PUT", f"/{table}/uno", body, if_none_match="*")) for _ in range(2)]
        await stands_waiting(house.segmenter, sessions=2)
    made, refused = sorted(await asyncio.gather(*both), key=lambda answer: answer.status_code)
    assert (made.status_code, problem(refused)) == (201, (412, "already_exists"))
