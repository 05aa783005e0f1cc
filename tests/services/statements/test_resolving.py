"""What a person settles: mails in doubt, runs that must not go on; and what is kept of content, for how long."""

from datetime import date

from sqlalchemy import text

from services.statements.domain.sending import Answer
from tests.services.statements.house import House
from tests.services.statements.resolving import in_doubt, resolve
from tests.services.statements.sending import attempts, fail, only
from tests.services.statements.thursday_run import PERIOD, THURSDAY, debtor, due, outcomes, planned


async def test_what_was_sent_counts_as_accepted(forgetful: House) -> None:
    await in_doubt(forgetful, "a")
    delivery = await only(forgetful)
    answer = await resolve(forgetful, f"/deliveries/{delivery['delivery_id']}", "sent")
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    assert [told.type for told in await forgetful.told()] == ["statement.sent"]
    again = await resolve(forgetful, f"/deliveries/{delivery['delivery_id']}", "sent")
    assert (again.status_code, again.json()["code"]) == (409, "not_unknown")
    await forgetful.work()
    assert forgetful.mails == []


async def test_what_was_not_sent_goes_out_again_with_the_same_key_and_bytes(forgetful: House) -> None:
    run = await in_doubt(forgetful, "a")
    assert run["state"] == "finished"
    sent: list[tuple[str, bytes]] = []

    async def listen(key: str, mail: bytes) -> Answer:
        sent.append((key, mail))
        return await forgetful.gateway.send(key, mail)

    delivery = await only(forgetful)
    async with forgetful.database.transaction() as connection:
        written = (await connection.execute(text("SELECT mail FROM addresses"))).scalar_one()
    answer = await resolve(forgetful, f"/deliveries/{delivery['delivery_id']}", "not_sent")
    assert (answer.status_code, answer.json()["state"]) == (200, "retry_wait")
    assert (await forgetful.run_of("r", PERIOD))["state"] == "running"
    steps = forgetful.steps()
    object.__setattr__(steps.send_mails, "send", listen)
    await forgetful.work(steps)
    assert sent == [(f"{delivery['delivery_id']}.1", written)]
    assert await attempts(forgetful) == [("server_error", 500), ("accepted", 202)]
    assert (await forgetful.run_of("r", PERIOD))["state"] == "finished"


async def test_what_was_not_sent_is_tried_like_any_other_from_then_on(forgetful: House) -> None:
    await in_doubt(forgetful, "a")
    fail(forgetful, "reject_429", seconds=0)
    await resolve(forgetful, f"/deliveries/{(await only(forgetful))['delivery_id']}", "not_sent")
    await forgetful.work()
    assert (await only(forgetful))["state"] == "retry_wait"


async def test_what_was_not_sent_has_failed_where_the_window_has_ended(forgetful: House) -> None:
    run = await in_doubt(forgetful, "a", "b")
    forgetful.clock.set("2026-03-12T15:00:01-05:00")
    answer = await resolve(forgetful, f"/runs/{run['run_id']}", "not_sent", **{"from": "unknown"})
    assert (answer.status_code, answer.json()["counts"]["failed"]) == (200, 2)
    found = await forgetful.deliveries(run)
    assert outcomes(found) == {"a": ("failed", "gave_up"), "b": ("failed", "gave_up")}
    assert [told.type for told in await forgetful.told()] == ["statement.failed"] * 2


async def test_a_whole_run_is_resolved_at_once(forgetful: House) -> None:
    run = await in_doubt(forgetful, "a", "b", "c")
    await resolve(forgetful, f"/deliveries/{(await forgetful.deliveries(run))['b']['delivery_id']}", "sent")
    answer = await resolve(forgetful, f"/runs/{run['run_id']}", "not_sent", **{"from": "unknown"})
    counts = answer.json()["counts"]
    assert (counts["accepted"], counts["retry_wait"], counts["unknown"]) == (1, 2, 0)
    await forgetful.work()
    assert sorted(mail.to[0] for mail in forgetful.mails) == ["a@correo.demo", "c@correo.demo"]
    missing = await resolve(forgetful, "/runs/nobody", "sent", **{"from": "unknown"})
    assert missing.status_code == (await resolve(forgetful, "/deliveries/nobody", "sent")).status_code == 404
    wrong = await resolve(forgetful, f"/runs/{run['run_id']}", "sent", **{"from": "failed"})
    assert [(one["pointer"], one["code"]) for one in wrong.json()["errors"]] == [("/from", "unknown_choice")]


async def test_cancelling_a_run_skips_what_is_not_sent(house: House) -> None:
    await planned(house, debtor("a"), debtor("b"))
    run = await house.run_of("r", PERIOD)
    answers = [await house.http.post(f"/v1/runs/{run['run_id']}/cancel") for _ in range(2)]
    assert [(one.status_code, one.json()["state"]) for one in answers] == [(200, "cancelled")] * 2
    await house.work()
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["skipped"], run["finished_at"] is not None) == ("cancelled", {"run_cancelled": 2}, True)
    assert house.mails == []
    assert (await house.get("/runs", state="cancelled"))["items"] == [run]


async def test_a_cancelled_run_goes_on_planning_so_that_everyone_is_told_why(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    house.clock.set(THURSDAY)
    await house.all_is_heard()
    steps = house.steps()
    await steps.record_due_runs()
    await steps.advance_runs()
    run = await house.run_of("r", PERIOD)
    await house.http.post(f"/v1/runs/{run['run_id']}/cancel")
    await house.work()
    assert outcomes(await house.deliveries(run)) == {"a": ("skipped", "run_cancelled")}


async def test_a_held_run_that_is_cancelled_never_starts(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    house.clock.set(THURSDAY)
    await house.work()
    run = await house.run_of("r", PERIOD)
    await house.http.post(f"/v1/runs/{run['run_id']}/cancel")
    await house.all_is_heard()
    await house.work()
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["started_at"], run["counts"]["audience"]) == ("cancelled", None, 0)


async def test_a_run_that_is_over_cannot_be_cancelled(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    run = await due(house)
    answer = await house.http.post(f"/v1/runs/{run['run_id']}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "run_is_over")
    assert (await house.http.post("/v1/runs/nobody/cancel")).status_code == 404


async def test_content_is_forgotten_after_a_while_and_what_became_of_it_is_not(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    await due(house)
    delivery = await only(house)
    path = f"/v1/deliveries/{delivery['delivery_id']}"
    for instant, is_kept in (("2027-04-16T09:00:00-05:00", True), ("2027-04-17T09:00:00-05:00", False)):
        house.clock.set(instant)
        await house.steps().forget_content()
        assert ((await house.http.get(f"{path}/content")).status_code == 200) == is_kept
        assert await only(house) == delivery
    assert (date(2027, 4, 17) - date.fromisoformat(delivery["as_of_date"])).days == 401


async def test_content_of_what_is_still_to_be_sent_is_not_forgotten(house: House) -> None:
    await planned(house, debtor("a"), catch_up_hours=168)
    fail(house, "reject_429", seconds=0)
    await house.work()
    house.clock.set("2028-01-01T09:00:00-05:00")
    assert not await house.steps().forget_content()
