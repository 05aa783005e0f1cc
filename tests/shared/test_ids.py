"""Ids: UUIDv7 as others read them, in the order of their making, never twice."""

import uuid
from datetime import UTC, datetime, timedelta

from shared.runtime.ids import new_id


def test_an_id_is_a_uuid_of_version_7_that_holds_its_time() -> None:
    before, made, after = datetime.now(UTC), uuid.UUID(new_id()), datetime.now(UTC)
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    told = datetime.fromtimestamp((made.int >> 80) / 1000, UTC)
    assert before - timedelta(milliseconds=1) <= told <= after


def test_ids_are_their_own_and_sort_by_their_making() -> None:
    made = [new_id() for _ in range(5000)]
    assert len(set(made)) == len(made)
    firsts = [one[:18] for one in made]
    assert firsts == sorted(firsts)
