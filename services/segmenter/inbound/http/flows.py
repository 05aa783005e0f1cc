"""Communication flows over HTTP: what segments point to."""

from typing import Annotated

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field

from services.segmenter.domain.cascade import Flow
from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.preconditions import Conditions, version_of
from shared.http.access import Who
from shared.http.fields import DefaultingBody, PathId, ShortText, Text
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(prefix="/flows", tags=["flows"])


class FlowBody(DefaultingBody):
    """Channel, frequency and a reference to the content, in the words of the system that communicates."""

    name: ShortText
    channels: Annotated[list[ShortText], Field(max_length=50, default_factory=list)]
    frequency: ShortText | None = None
    content: Text | None = None


class FlowAnswer(BaseModel):
    """A flow."""

    flow_id: str
    name: str
    channels: list[str]
    frequency: str | None
    content: str | None

    @classmethod
    def of(cls, flow: Flow) -> "FlowAnswer":
        return cls(
            flow_id=flow.flow_id,
            name=flow.name,
            channels=list(flow.channels),
            frequency=flow.frequency,
            content=flow.content,
        )


@router.put("/{flow_id}", responses={201: {"model": FlowAnswer}})
async def put_flow(
    flow_id: PathId, body: FlowBody, conditions: Conditions, doors: Doors, who: Who, response: Response
) -> FlowAnswer:
    """Create a flow, or replace it."""
    flow = Flow(flow_id, body.name, tuple(body.channels), body.frequency, body.content)
    if await doors.keep_flows.put(flow, conditions.of_flow, by=who.name):
        response.status_code = status.HTTP_201_CREATED
    response.headers["ETag"] = version_of(flow)
    return FlowAnswer.of(flow)


@router.get("/{flow_id}")
async def get_flow(flow_id: PathId, doors: Doors, response: Response) -> FlowAnswer:
    """A flow."""
    flow = await doors.keep_flows.get(flow_id)
    response.headers["ETag"] = version_of(flow)
    return FlowAnswer.of(flow)


@router.get("")
async def list_flows(doors: Doors, after: After, limit: Limit = 50) -> Page[FlowAnswer]:
    """Flows in order of id."""
    found = await doors.keep_flows.page(after, limit)
    return page_of(found, limit, lambda flow: (flow.flow_id,), FlowAnswer.of)


@router.delete("/{flow_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_flow(flow_id: PathId, conditions: Conditions, doors: Doors, who: Who) -> None:
    """Delete a flow that no segment points to."""
    await doors.keep_flows.delete(flow_id, conditions.of_flow, by=who.name)
