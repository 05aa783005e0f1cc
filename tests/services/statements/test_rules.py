"""Statement rules over HTTP: what they take, what they refuse and where, and what an edit means for what is due."""

from tests.services.statements.house import House, rule_body
from tests.services.statements.segmenter_telling import published

MONDAY = {"type": "weekly", "weekdays": ["monday"]}


async def periods(house: House, rule_id: str = "r") -> list[tuple[str, str, str | None]]:
    runs = (await house.get("/runs", rule_id=rule_id))["items"]
    return sorted((run["period"], run["state"], run["reason"]) for run in runs)


async def test_a_rule_is_put_read_and_listed_with_what_is_next(house: House) -> None:
    first = await house.put_rule("r", time_zone=..., status=...)
    again = await house.put_rule("r", time_zone=..., status=...)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["ETag"] == again.headers["ETag"]
    rule = await house.get("/rules/r")
    assert rule["time_zone"] == "America/Bogota"
    assert (rule["status"], rule["next_occurrence"], rule["last_run"]) == ("inactive", None, None)
    assert rule["audience"] == {"segment_ids": [], "customer_types": [], "aging_buckets": [], "where": None}
    assert (rule["catch_up_hours"], rule["attach_pdf"], rule["min_days_between_contacts"]) == (6, True, 0)
    await house.put_rule("s")
    listed = (await house.get("/rules"))["items"]
    assert [(one["rule_id"], one["status"]) for one in listed] == [("r", "inactive"), ("s", "active")]
    assert listed[1]["next_occurrence"] == {
        "period": "2026-W11-thu",
        "at": "2026-03-12T14:00:00Z",
        "local": "2026-03-12T09:00:00-05:00",
    }
    page = await house.get("/rules", limit=1)
    rest = await house.get("/rules", limit=1, cursor=page["next_cursor"])
    assert [one["rule_id"] for one in page["items"] + rest["items"]] == ["r", "s"]


async def test_a_repeat_that_names_no_status_lets_it_be(house: House) -> None:
    await house.put_rule("r", status=...)
    await house.http.post("/v1/rules/r/activate")
    again = await house.put_rule("r", status=..., audience=None)
    assert (again.status_code, again.json()["status"], again.json()["version"]) == (200, "active", 2)
    assert (await house.put_rule("r", status="inactive")).status_code == 428


async def test_what_is_there_changes_only_for_who_saw_it(house: House) -> None:
    first = (await house.put_rule("r")).headers["ETag"]
    changed = rule_body(name="Otra")
    assert (await house.http.put("/v1/rules/r", json=changed)).status_code == 428
    second = await house.http.put("/v1/rules/r", json=changed, headers={"If-Match": first})
    assert (second.status_code, second.json()["version"]) == (200, 2)
    stale = await house.http.put("/v1/rules/r", json=rule_body(), headers={"If-Match": first})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert (await house.http.delete("/v1/rules/r")).status_code == 428
    assert (await house.http.delete("/v1/rules/r", headers={"If-Match": first})).status_code == 412
    gone = await house.http.delete("/v1/rules/r", headers={"If-Match": second.headers["ETag"]})
    assert gone.status_code == 204
    assert (await house.http.get("/v1/rules/r")).status_code == 404
    assert (await house.put_rule("r")).status_code == 201
    create_only = await house.http.put("/v1/rules/r", json=rule_body(), headers={"If-None-Match": "*"})
    assert create_only.status_code == 412


async def test_a_copy_is_inactive_and_its_id_is_taken_once(house: House) -> None:
    await house.put_rule("r")
    copied = await house.http.post("/v1/rules/r/copy", json={"rule_id": "s", "name": "Copia"})
    assert (copied.status_code, copied.json()["status"], copied.json()["name"]) == (201, "inactive", "Copia")
    again = await house.http.post("/v1/rules/r/copy", json={"rule_id": "s", "name": "Copia"})
    assert again.status_code == 200
    taken = await house.http.post("/v1/rules/r/copy", json={"rule_id": "s", "name": "Otra"})
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")
    assert (await house.http.post("/v1/rules/x/copy", json={"rule_id": "y", "name": "Z"})).status_code == 404


async def test_occurrences_explain_every_shift(house: House) -> None:
    await house.put_rule(
        "r", frequency={"type": "monthly", "day": 31}, time="02:30", time_zone="America/New_York", status="inactive"
    )
    found = (await house.get("/rules/r/occurrences", limit=3, after="2027-02-01T00:00:00Z"))["items"]
    assert [(one["period"], one["local"]) for one in found] == [
        ("2027-02", "2027-02-28T02:30:00-05:00"),
        ("2027-03", "2027-03-31T02:30:00-04:00"),
        ("2027-04", "2027-04-30T02:30:00-04:00"),
    ]
    assert [[shift["code"] for shift in one["shifts"]] for one in found] == [["short_month"], [], ["short_month"]]
    assert set(found[0]["shifts"][0]["text"]) == {"es", "en"}


async def test_what_falls_due_while_inactive_is_neither_recorded_nor_made_up_for(house: House) -> None:
    await house.put_rule("r", status="inactive")
    house.clock.set("2026-03-12T09:30:00-05:00")
    activated = await house.http.post("/v1/rules/r/activate")
    assert (activated.status_code, activated.json()["status"]) == (200, "active")
    assert activated.json()["next_occurrence"]["period"] == "2026-W12-mon"
    await house.work()
    assert await periods(house) == []
    house.clock.set("2026-03-16T09:00:00-05:00")
    await house.work()
    assert await periods(house) == [("2026-W12-mon", "held", None)]
    assert (await house.http.post("/v1/rules/r/activate")).json()["version"] == 2


async def test_what_fell_due_before_an_edit_belongs_to_the_old_version(house: House) -> None:
    tag = (await house.put_rule("r")).headers["ETag"]
    house.clock.set("2026-03-12T09:00:30-05:00")
    later = rule_body(time="11:00", name="Más tarde")
    assert (await house.http.put("/v1/rules/r", json=later, headers={"If-Match": tag})).status_code == 200
    house.clock.set("2026-03-12T11:30:00-05:00")
    await house.work()
    [run] = (await house.get("/runs", rule_id="r"))["items"]
    assert (run["period"], run["rule_version"], run["due_at"]) == ("2026-W11-thu", 1, "2026-03-12T14:00:00Z")


async def test_an_edit_never_makes_a_past_instant_due(house: House) -> None:
    house.clock.set("2026-03-12T10:00:00-05:00")
    tag = (await house.put_rule("r", time="15:00")).headers["ETag"]
    earlier = rule_body(time="09:00")
    await house.http.put("/v1/rules/r", json=earlier, headers={"If-Match": tag})
    house.clock.set("2026-03-12T15:30:00-05:00")
    await house.work()
    assert await periods(house) == []


async def test_a_recorded_day_never_runs_again_under_another_frequency(house: House) -> None:
    tag = (await house.put_rule("r")).headers["ETag"]
    house.clock.set("2026-03-12T09:00:30-05:00")
    await house.work()
    monthly = rule_body(frequency={"type": "monthly", "day": 12}, time="18:00")
    await house.http.put("/v1/rules/r", json=monthly, headers={"If-Match": tag})
    foretold = (await house.get("/rules/r/occurrences", limit=1))["items"]
    assert [(one["period"], one["already_sent_this_period"]) for one in foretold] == [("2026-03", True)]
    assert (await house.get("/rules/r"))["next_occurrence"]["period"] == "2026-04"
    house.clock.set("2026-03-12T18:00:30-05:00")
    await house.work()
    assert await periods(house) == [("2026-W11-thu", "held", None)]


async def test_a_rule_that_names_a_vanished_segment_needs_attention_and_misses_its_periods(house: House) -> None:
    await house.put_rule("r", audience={"segment_ids": ["oro"]})
    await house.hear(published("oro", "default", seq=1))
    assert (await house.get("/rules/r"))["needs_attention"] is False
    await house.hear(published("default", seq=2))
    rule = await house.get("/rules/r")
    assert (rule["needs_attention"], rule["status"]) == (True, "active")
    house.clock.set("2026-03-12T09:00:10-05:00")
    await house.work()
    assert await periods(house) == [("2026-W11-thu", "missed", "needs_attention")]


async def test_a_rule_that_names_a_bucket_the_new_edges_lack_needs_attention_too(house: House) -> None:
    await house.put_rule("r", audience={"aging_buckets": ["current", "31-60", "91+"]})
    assert (await house.get("/rules/r"))["needs_attention"] is False
    await house.hear(published("default", seq=1))
    assert (await house.get("/rules/r"))["needs_attention"] is False
    await house.hear(published("default", seq=2, edges=(30, 90)))
    assert (await house.get("/rules/r"))["needs_attention"] is True
    house.clock.set("2026-03-12T09:00:10-05:00")
    await house.work()
    assert await periods(house) == [("2026-W11-thu", "missed", "needs_attention")]
    await house.hear(published("default", seq=3))
    assert (await house.get("/rules/r"))["needs_attention"] is False


async def test_outside_its_active_dates_a_rule_is_as_inactive(house: House) -> None:
    await house.put_rule("r", active_from="2026-03-13", active_until="2026-03-16")
    for instant in ("2026-03-12T09:00:10-05:00", "2026-03-16T09:00:10-05:00", "2026-03-19T09:00:10-05:00"):
        house.clock.set(instant)
        await house.work()
    assert await periods(house) == [("2026-W12-mon", "held", None)]
    assert (await house.get("/rules/r"))["next_occurrence"] is None


async def test_weekly_on_all_days_is_daily(house: House) -> None:
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    await house.put_rule("r", frequency={"type": "weekly", "weekdays": days})
    found = (await house.get("/rules/r/occurrences", limit=7))["items"]
    assert len({one["local"][:10] for one in found}) == 7
