"""One stack for all journeys of the day, with two workers of the segmenter and the same cascade in force."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.cascada import Cascada
from tests.journeys.publishing import publish
from tests.journeys.same_day.day import FLOW, NOW, SEGMENTS
from tests.support.stack import running_stack


@pytest.fixture(scope="package")
async def cascada(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cascada]:
    """A stack with the day's cascade published."""
    folder = tmp_path_factory.mktemp("stack")
    with running_stack(folder, clock=NOW, environment={"SEGMENTER_WORKERS": "2", "CURRENCIES": "COP,USD"}) as stack:
        caller = Cascada(stack)
        answer = await caller.segmenter.put(f"/flows/{FLOW['flow_id']}", json=FLOW_BODY)
        assert answer.status_code == 201, answer.text
        await publish(caller, SEGMENTS)
        yield caller
        await caller.close()


FLOW_BODY = {key: value for key, value in FLOW.items() if key != "flow_id"}
