"""The draft over HTTP: edits name the version they saw, Default stays what it is, and nobody is touched."""

from typing import Any

import pytest

from tests.services.segmenter.house import DRAFT, House, mistakes, problem
from tests.services.segmenter.listener import a_segment

FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=1)
PAYING = a_segment("pagadores", variable="successful_payments", operator="gte", value=2)
BODY = {"name": "Fallidos", "rule": FAILING["rule"], "flow_id": None}
PATH = f"{DRAFT}/segments/fallidos"
DEFAULT = f"{DRAFT}/segments/default"


async def ids(house: House) -> list[str]:
    return [segment["segment_id"] for segment in (await house.get(DRAFT))["segments"]]


async def test_a_new_installation_drafts_default_alone(house: House) -> None:
    draft = await house.get(DRAFT)
    assert [(s["segment_id"], s["position"], s["rule"], s["is_default"]) for s in draft["segments"]] == [
        ("default", 1, None, True)
    ]
    assert draft["settings"]["aging_edges"] == [30, 60, 90]


async def test_a_segment_is_created_read_and_repeated(house: House) -> None:
    created = await house.call("PUT", PATH, BODY)
    assert created.status_code == 201
    assert created.json() == {
        "segment_id": "fallidos",
        **BODY,
        "position": 1,
        "is_default": False,
        "rule_text": {"es": "Los pagos fallidos son más de 1.", "en": "The failed payments are more than 1."},
    }
    assert await house.get(PATH) == created.json()
    repeated = await house.call("PUT", PATH, BODY)
    assert (repeated.status_code, repeated.headers["ETag"]) == (200, created.headers["ETag"])
    assert await house.etag(PATH) == created.headers["ETag"]


async def test_new_segments_go_last_before_default(house: House) -> None:
    await house.drafts(FAILING, PAYING)
    assert await ids(house) == ["fallidos", "pagadores", "default"]


async def test_a_change_names_the_version_it_saw(house: House) -> None:
    await house.drafts(FAILING)
    seen, wanted = await house.etag(PATH), {**BODY, "name": "Con fallos"}
    assert problem(await house.call("PUT", PATH, wanted)) == (428, "if_match_required")
    changed = await house.call("PUT", PATH, wanted, if_match=seen)
    assert (changed.status_code, changed.json()["name"]) == (200, "Con fallos")
    assert problem(await house.call("PUT", PATH, {**BODY, "name": "Otra"}, if_match=seen)) == (412, "stale")
    assert problem(await house.call("DELETE", PATH)) == (428, "if_match_required")
    assert problem(await house.call("DELETE", PATH, if_match=seen)) == (412, "stale")
    assert (await house.get(PATH))["name"] == "Con fallos"
    deleted = await house.call("DELETE", PATH, if_match=changed.headers["ETag"])
    assert deleted.status_code == 204
    assert problem(await house.call("GET", PATH)) == (404, "unknown_segment")


async def test_a_segment_keeps_its_version_while_others_change(house: House) -> None:
    await house.drafts(FAILING)
    seen = await house.etag(PATH)
    await house.drafts(PAYING)
    assert (await house.call("PUT", PATH, {**BODY, "name": "Con fallos"}, if_match=seen)).status_code == 200


async def test_if_none_match_creates_only(house: House) -> None:
    assert (await house.call("PUT", PATH, BODY, if_none_match="*")).status_code == 201
    assert problem(await house.call("PUT", PATH, BODY, if_none_match="*")) == (412, "already_exists")


async def test_every_edit_changes_the_version_of_the_draft(house: House) -> None:
    versions = [await house.etag(DRAFT)]
    await house.drafts(FAILING, PAYING)
    versions.append(await house.etag(DRAFT))
    ordered = await house.orders("pagadores", "fallidos")
    versions.append(ordered.headers["ETag"])
    settings = await house.call("PUT", f"{DRAFT}/settings", {"aging_edges": [10, 20, 30]}, if_match=versions[-1])
    versions.append(settings.headers["ETag"])
    await house.post(f"{PATH}/copy", {"segment_id": "copia", "name": "Copia"})
    versions.append(await house.etag(DRAFT))
    assert len(set(versions)) == len(versions)


async def test_names_are_unique_ignoring_case(house: House) -> None:
    await house.drafts(FAILING)
    same = {**BODY, "name": "FALLIDOS"}
    assert problem(await house.call("PUT", f"{DRAFT}/segments/otro", same)) == (409, "name_taken")
    assert problem(await house.call("POST", f"{PATH}/copy", {"segment_id": "otro", "name": "fallidos"})) == (
        409,
        "name_taken",
    )
    assert (await house.call("PUT", PATH, same, if_match=await house.etag(PATH))).status_code == 200


@pytest.mark.parametrize("taken", ["fallidos", " Fallidos ", "FALLIDOS"])
async def test_a_name_is_the_same_however_it_is_typed(house: House, taken: str) -> None:
    await house.drafts(FAILING)
    again = await house.call("PUT", f"{DRAFT}/segments/otro", {**BODY, "name": taken})
    assert problem(again) == (409, "name_taken")


async def test_a_name_is_the_same_however_its_accents_are_coded(house: House) -> None:
    await house.call("PUT", PATH, {**BODY, "name": "\u00c1giles"})
    again = await house.call("PUT", f"{DRAFT}/segments/otro", {**BODY, "name": "a\u0301giles"})
    assert problem(again) == (409, "name_taken")


async def test_default_has_no_rule_and_stays_last(house: House) -> None:
    await house.drafts(FAILING)
    seen = await house.etag(DEFAULT)
    ruled = {"name": "Default", "rule": FAILING["rule"]}
    assert problem(await house.call("PUT", DEFAULT, ruled, if_match=seen)) == (409, "default_segment")
    assert problem(await house.call("DELETE", DEFAULT, if_match=seen)) == (409, "default_segment")
    assert problem(await house.orders("default", "fallidos")) == (409, "default_segment")
    copy = await house.call("POST", f"{DEFAULT}/copy", {"segment_id": "otro", "name": "Otro"})
    assert problem(copy) == (409, "default_segment")
    assert await ids(house) == ["fallidos", "default"]


async def test_default_can_be_renamed_and_given_a_flow(house: House) -> None:
    await house.call("PUT", "/flows/suave", {"name": "Suave"})
    wanted = {"name": "Gestión general", "flow_id": "suave"}
    renamed = await house.call("PUT", DEFAULT, wanted, if_match=await house.etag(DEFAULT))
    assert renamed.status_code == 200
    assert (renamed.json()["name"], renamed.json()["flow_id"]) == ("Gestión general", "suave")


async def test_a_copy_comes_right_after_its_original(house: House) -> None:
    await house.drafts(FAILING, PAYING)
    copied = await house.call("POST", f"{PATH}/copy", {"segment_id": "copia", "name": "Copia"})
    assert copied.status_code == 201
    assert (copied.json()["rule"], copied.json()["position"]) == (FAILING["rule"], 2)
    assert await ids(house) == ["fallidos", "copia", "pagadores", "default"]
    again = await house.call("POST", f"{PATH}/copy", {"segment_id": "copia", "name": "Otra"})
    assert problem(again) == (409, "segment_exists")
    strange = await house.call("POST", f"{DRAFT}/segments/nadie/copy", {"segment_id": "x", "name": "X"})
    assert problem(strange) == (404, "unknown_segment")


async def test_the_order_is_of_all_segments(house: House) -> None:
    await house.drafts(FAILING, PAYING)
    seen = await house.etag(DRAFT)
    path = f"{DRAFT}/order"
    assert problem(await house.call("PUT", path, {"segment_ids": ["pagadores", "fallidos"]})) == (
        428,
        "if_match_required",
    )
    ordered = await house.orders("pagadores", "fallidos", "default")
    assert [segment["segment_id"] for segment in ordered.json()["segments"]] == ["pagadores", "fallidos", "default"]
    stale = await house.call("PUT", path, {"segment_ids": ["fallidos", "pagadores"]}, if_match=seen)
    assert problem(stale) == (412, "stale")
    assert mistakes(await house.orders("pagadores")) == [("/segment_ids", "incomplete")]
    assert mistakes(await house.orders("pagadores", "nadie")) == [("/segment_ids/1", "unknown_segment")]
    assert mistakes(await house.orders("pagadores", "pagadores")) == [("/segment_ids/1", "repeated")]
    assert await ids(house) == ["pagadores", "fallidos", "default"]


BAD: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"rule": FAILING["rule"]}, [("/name", "required")]),
    ({**BODY, "rule": None}, [("/rule", "required")]),
    ({**BODY, "rule": "x"}, [("/rule", "wrong_type")]),
    ({**BODY, "colour": "red"}, [("/colour", "unknown_field")]),
    ({**BODY, "flow_id": "nadie"}, [("/flow_id", "unknown_flow")]),
    (
        {**BODY, "rule": {"any": [{"variable": "saldo", "operator": "gt", "value": 1}, {"not": {}}]}},
        [("/rule/any/0/variable", "unknown_variable"), ("/rule/any/1/not", "one_of")],
    ),
]


@pytest.mark.parametrize(("body", "wrong"), BAD, ids=str)
async def test_a_bad_segment_is_refused_whole(house: House, body: dict[str, Any], wrong: list[tuple[str, str]]) -> None:
    before = await house.etag(DRAFT)
    assert mistakes(await house.call("PUT", PATH, body)) == wrong
    assert await house.etag(DRAFT) == before


async def test_aging_is_refused_with_the_reason(house: House) -> None:
    rule = {"not": {"variable": "days_past_due", "operator": "gt", "value": 30}}
    refused = await house.call("PUT", PATH, {**BODY, "rule": rule})
    assert mistakes(refused) == [("/rule/not/variable", "aging_not_segmentable")]
    assert "aging buckets are kept by the system" in refused.json()["errors"][0]["detail"]


SETTINGS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"aging_edges": [30, 30, 90]}, [("/aging_edges", "range_reversed")]),
    ({"aging_edges": [0, 30, 90]}, [("/aging_edges/0", "out_of_range")]),
    ({"aging_edges": []}, [("/aging_edges", "empty_list")]),
    ({"quick_filters": {"top_percentile": 101}}, [("/quick_filters/top_percentile", "out_of_range")]),
    ({"quick_filters": {"new_days": "30"}}, [("/quick_filters/new_days", "wrong_type")]),
    ({"contactability": {"domains": [5]}}, [("/contactability/domains/0", "wrong_type")]),
    ({"contactability": {"domains": ["a\x00"]}}, [("/contactability/domains/0", "invalid_format")]),
    ({"contactability": {"local_parts": [" "]}}, [("/contactability/local_parts/0", "too_short")]),
    ({"colours": []}, [("/colours", "unknown_field")]),
]


@pytest.mark.parametrize(("body", "wrong"), SETTINGS, ids=str)
async def test_bad_settings_are_refused(house: House, body: dict[str, Any], wrong: list[tuple[str, str]]) -> None:
    assert mistakes(await house.call("PUT", f"{DRAFT}/settings", body, if_match=await house.etag(DRAFT))) == wrong


async def test_settings_left_out_take_their_defaults(house: House) -> None:
    path, seen = f"{DRAFT}/settings", await house.etag(DRAFT)
    assert problem(await house.call("PUT", path, {})) == (428, "if_match_required")
    first = await house.call("PUT", path, {"quick_filters": {"new_days": 5}}, if_match=seen)
    assert first.json()["settings"]["quick_filters"]["new_days"] == 5
    second = await house.call("PUT", path, {"aging_edges": [15, 45, 75]}, if_match=first.headers["ETag"])
    assert second.json()["settings"]["quick_filters"]["new_days"] == 30
    assert second.json()["settings"]["aging_edges"] == [15, 45, 75]


async def test_a_null_setting_is_as_if_left_out(house: House) -> None:
    path, before = f"{DRAFT}/settings", (await house.get(DRAFT))["settings"]
    body = {"risk": None, "aging_edges": None, "holidays": None, "quick_filters": {"new_days": None}}
    answer = await house.call("PUT", path, body, if_match=await house.etag(DRAFT))
    assert answer.json()["settings"] == before
    high = {"risk": {"high": {"days_past_due_over": None}, "score": None}}
    answer = await house.call("PUT", path, high, if_match=await house.etag(DRAFT))
    assert answer.json()["settings"] == before


async def test_placeholders_are_compared_without_case(house: House) -> None:
    body = {"contactability": {"local_parts": [" NoReply "], "domains": ["Prueba.COM"]}}
    kept = await house.call("PUT", f"{DRAFT}/settings", body, if_match=await house.etag(DRAFT))
    assert kept.json()["settings"]["contactability"] == {"local_parts": ["noreply"], "domains": ["prueba.com"]}


async def test_what_the_draft_shows_can_be_sent_back(house: House) -> None:
    await house.refreshes()
    discarded = await house.call("POST", f"{DRAFT}/discard", if_match=await house.etag(DRAFT))
    sent = await house.call("PUT", f"{DRAFT}/settings", discarded.json()["settings"], if_match=await house.etag(DRAFT))
    assert sent.status_code == 200


async def test_discarding_brings_back_what_is_published(house: House) -> None:
    await house.drafts(FAILING)
    await house.refreshes()
    await house.drafts(PAYING)
    await house.call("PUT", f"{DRAFT}/settings", {"aging_edges": [1, 2, 3]}, if_match=await house.etag(DRAFT))
    discarded = await house.call("POST", f"{DRAFT}/discard", if_match=await house.etag(DRAFT))
    assert discarded.status_code == 200
    assert await ids(house) == ["fallidos", "default"]
    assert discarded.json()["settings"]["aging_edges"] == [30, 60, 90]


async def test_restoring_brings_back_a_revision(house: House) -> None:
    await house.drafts(FAILING)
    await house.refreshes()
    await house.call("PUT", f"{DRAFT}/settings", {"aging_edges": [1, 2, 3]}, if_match=await house.etag(DRAFT))
    await house.call("DELETE", PATH, if_match=await house.etag(PATH))
    await house.refreshes()
    seen = await house.etag(DRAFT)
    restored = await house.call("POST", f"{DRAFT}/restore", {"revision": 2}, if_match=seen)
    assert (restored.status_code, restored.headers["ETag"] != seen) == (200, True)
    assert await ids(house) == ["fallidos", "default"]
    assert restored.json()["settings"]["aging_edges"] == [30, 60, 90]
    assert (await house.get("/cascade"))["revision"] == 3
    again = await house.call("POST", f"{DRAFT}/restore", {"revision": 2}, if_match=restored.headers["ETag"])
    assert again.headers["ETag"] == restored.headers["ETag"]


async def test_a_draft_is_given_up_for_the_version_seen_where_one_is_named(house: House) -> None:
    for path, body in ((f"{DRAFT}/restore", {"revision": 1}), (f"{DRAFT}/discard", None)):
        assert problem(await house.call("POST", path, body, if_match='"old"')) == (412, "stale")
        assert (await house.call("POST", path, body)).status_code == 200


async def test_a_revision_that_never_was_cannot_be_restored(house: House) -> None:
    assert mistakes(await house.call("POST", f"{DRAFT}/restore", {"revision": 7})) == [
        ("/revision", "unknown_revision")
    ]


async def test_a_revision_that_points_to_a_flow_that_is_gone_cannot_be_restored(house: House) -> None:
    await house.call("PUT", "/flows/suave", {"name": "Suave"})
    await house.drafts({**FAILING, "flow_id": "suave"})
    await house.refreshes()
    await house.call("DELETE", PATH, if_match=await house.etag(PATH))
    await house.refreshes()
    assert (await house.call("DELETE", "/flows/suave")).status_code == 204
    restored = await house.call("POST", f"{DRAFT}/restore", {"revision": 2}, if_match=await house.etag(DRAFT))
    assert mistakes(restored) == [("/revision", "unknown_flow")]


async def test_two_currencies_must_be_told_apart(house: House) -> None:
    bare = {"variable": "total_balance", "operator": "gt", "value": "10000"}
    assert mistakes(await house.call("PUT", PATH, {**BODY, "rule": bare})) == [("/rule/value", "currency_required")]
