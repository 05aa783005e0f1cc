"""Usual segmentations over HTTP, ready to be put into the draft."""

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.segmenter.domain.presets import Preset, presets
from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.glossary import SaidAnswer

router = APIRouter(prefix="/presets", tags=["presets"])


class PresetSegmentAnswer(BaseModel):
    """What ``PUT /v1/cascade/draft/segments/{segment_id}`` takes, beside the id."""

    segment_id: str
    name: str
    rule: Mapping[str, Any]
    flow_id: None = None


class PresetAnswer(BaseModel):
    """A segmentation; its segments are to stand in this order."""

    model_config = ConfigDict(populate_by_name=True)

    preset_id: str
    name: SaidAnswer
    description: SaidAnswer
    audience: Literal["person", "company", "all"] = Field(alias="for")
    segments: list[PresetSegmentAnswer]


class PresetsAnswer(BaseModel):
    """Every preset; there is no next page."""

    items: list[PresetAnswer]
    next_cursor: None = None


@router.get("")
async def list_presets(doors: Doors) -> PresetsAnswer:
    """Usual segmentations of persons and of companies; amounts are in the deployment's default currency."""
    return PresetsAnswer(items=[_answer(one) for one in presets(doors.currencies[0])])


def _answer(preset: Preset) -> PresetAnswer:
    return PresetAnswer(
        preset_id=preset.preset_id,
        name=SaidAnswer(es=preset.name.es, en=preset.name.en),
        description=SaidAnswer(es=preset.description.es, en=preset.description.en),
        audience=preset.audience,
        segments=[
            PresetSegmentAnswer(segment_id=one.segment_id, name=one.name, rule=one.rule) for one in preset.segments
        ],
    )
