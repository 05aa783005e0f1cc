"""What an edit of the draft changed, for the record of changes: each segment, the order, the settings."""

from dataclasses import asdict
from typing import Any

from services.segmenter.domain.draft import Draft
from services.segmenter.storage.settings_json import settings_json
from shared.database.changes import Change

_DRAFT = "cascade/draft"


def draft_changes(before: Draft, after: Draft) -> list[Change]:
    """Segments that were added, changed or taken out; the order only where segments of both drafts changed places."""
    was, now = _segments(before), _segments(after)
    changed = [segment_id for segment_id in {**was, **now} if was.get(segment_id) != now.get(segment_id)]
    changes = [Change(f"{_DRAFT}/segments/{i}", was.get(i), now.get(i)) for i in changed]
    if [i for i in was if i in now] != [i for i in now if i in was]:
        changes.append(Change(f"{_DRAFT}/order", list(was), list(now)))
    if before.settings != after.settings:
        changes.append(Change(f"{_DRAFT}/settings", settings_json(before.settings), settings_json(after.settings)))
    return changes


def _segments(draft: Draft) -> dict[str, dict[str, Any]]:
    return {segment.segment_id: asdict(segment) for segment in draft.segments}
