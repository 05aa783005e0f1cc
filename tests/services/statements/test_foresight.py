"""Looking ahead and back at a rule: dry runs, trials, and why someone got what they got."""

from datetime import date
from typing import Any

import pytest

from tests.oracle.accounts import account, an_invoice
from tests.services.statements.house import House
from tests.services.statements.segmenter_telling import assigned
from tests.services.statements.sending import fail
from tests.services.statements.telling import registered
from tests.services.statements.thursday_run import PERIOD, THURSDAY, debtor, due, outcomes

WHERE = {"variable": "failed_payments", "operator": "gt", "value": 1}


async def dry_run(house: House, on: str | None = None, rule_id: str = "r") -> dict[str, Any]:
    answer = await house.http.post(f"/v1/rules/{rule_id}/dry-run", json={"on": on} if on else {})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_dry_run_foretells_the_run_to_the_customer(house: House) -> None:
    await house.know(
        debtor("a", "100", emails=("dos@correo.demo",)),
        debtor("b", "250.50"),
        debtor("none", email=None),
        debtor("paused"),
        account(customer_id="nothing", email="n@correo.demo"),
    )
    await house.hear(registered(debtor("paused"), 3, do_not_contact_until=date(2026, 3, 12)))
    await house.put_rule("r")
    foretold = await dry_run(house, "2026-03-12")
    assert (foretold["on"], foretold["as_of_date"], foretold["recipients"]) == ("2026-03-12", "2026-03-12", 2)
    assert foretold["amounts"] == [{"amount": "350.50", "currency": "COP"}]
    assert foretold["skipped"] == {"no_address": 1, "paused": 1, "nothing_to_state": 1}
    assert (await house.get("/runs"))["items"] == house.mails == []
    run = await due(house)
    found = await house.deliveries(run)
    assert {one["customer_id"]: one["reason"] for one in foretold["items"]} == {
        one: reason for one, (_, reason) in outcomes(found).items()
    }
    [first] = [one for one in foretold["items"] if one["customer_id"] == "a"]
    assert (first["to"], first["totals"]) == (["a@correo.demo", "dos@correo.demo"], found["a"]["totals"])


async def test_a_dry_run_of_a_coming_day_ages_what_is_owed(house: House) -> None:
    await house.know(account(an_invoice("100", issued_on=date(2026, 3, 1), due_on=date(2026, 3, 31)), customer_id="a"))
    await house.put_rule("r", content={"type": "overdue", "min_days_overdue": 10})
    assert (await dry_run(house))["skipped"] == {"nothing_to_state": 1}
    assert (await dry_run(house, "2026-04-09"))["skipped"] == {"nothing_to_state": 1}
    assert (await dry_run(house, "2026-04-10"))["skipped"] == {"no_address": 1}


async def test_the_figures_are_of_the_business_date_on_which_the_run_falls(house: House) -> None:
    await house.put_rule("tokyo", time_zone="Asia/Tokyo", time="09:00")
    foretold = await dry_run(house, "2026-04-02", "tokyo")
    assert (foretold["on"], foretold["as_of_date"]) == ("2026-04-02", "2026-04-01")


async def test_a_dry_run_asks_the_segmenter_for_that_day(house: House) -> None:
    await house.know(debtor("a"), debtor("b"))
    house.segmenter.matches = ["b"]
    await house.put_rule("r", audience={"where": WHERE})
    assert [one["customer_id"] for one in (await dry_run(house, "2026-03-12"))["items"]] == ["b"]
    assert house.segmenter.questions[-1] == {"where": WHERE, "as_of": "2026-03-12"}
    house.segmenter.refuses = [{"pointer": "/as_of", "code": "out_of_range", "detail": "too far"}]
    answer = await house.http.post("/v1/rules/r/dry-run", json={"on": "2026-03-01"})
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/on", "out_of_range")]
    house.segmenter.is_away = True
    answer = await house.http.post("/v1/rules/r/dry-run", json={})
    assert (answer.status_code, answer.json()["code"]) == (503, "segmenter_unavailable")
    assert (await house.http.post("/v1/rules/r/dry-run")).json() == answer.json()


async def test_contacts_of_late_count_in_a_dry_run(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r", min_days_between_contacts=5)
    await due(house)
    assert (await dry_run(house, "2026-03-16"))["skipped"] == {"contacted_recently": 1}
    assert (await dry_run(house, "2026-03-19"))["recipients"] == 1


async def test_a_trial_is_marked_and_leaves_no_trace(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    body = {"customer_id": "a", "to": "jefe@andina.demo"}
    answer = await house.http.post("/v1/rules/r/test-send", json=body)
    [mail] = house.mails
    assert (answer.status_code, answer.json()) == (200, {**body, "subject": mail.subject, "outcome": "accepted"})
    assert (mail.to, mail.subject[:9]) == (("jefe@andina.demo",), "[Prueba] ")
    assert [name for name in mail.headers if name.lower().startswith("x-cascada")] == []
    assert "Message-ID" in mail.headers
    assert await house.told() == []
    async with house.database.transaction() as connection:
        found = await connection.exec_driver_sql("SELECT count(*) FROM deliveries")
        assert found.scalar_one() == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"customer_id": "nobody", "to": "x@y.demo"}, 404, "unknown_customer"),
        ({"customer_id": "a", "to": "x"}, 422, "invalid_format"),
        ({"customer_id": "a"}, 422, "required"),
    ],
)
async def test_a_trial_needs_a_customer_and_an_address(
    house: House, body: dict[str, str], status: int, code: str
) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    answer = await house.http.post("/v1/rules/r/test-send", json=body)
    assert answer.status_code == status
    assert code in (answer.json()["code"], *(one["code"] for one in answer.json().get("errors", ())))


async def test_a_trial_says_when_the_gateway_does_not_take_it(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    fail(house, "reject_429", seconds=0)
    answer = await house.http.post("/v1/rules/r/test-send", json={"customer_id": "a", "to": "x@y.demo"})
    assert (answer.status_code, answer.json()["code"]) == (503, "gateway_unavailable")
    fail(house, "accept_then_drop")
    answer = await house.http.post("/v1/rules/r/test-send", json={"customer_id": "a", "to": "x@y.demo"})
    assert answer.json()["outcome"] == "unknown"


async def why(house: House, customer_id: str, on: str = "2026-03-12") -> dict[str, Any]:
    return dict(await house.get("/rules/r/why", customer_id=customer_id, on=on))


async def test_why_tells_what_is_recorded_and_what_would_be(house: House) -> None:
    await house.know(debtor("a", type="company"), debtor("none", type="company", email=None), debtor("person"))
    await house.hear(assigned("a", "oro"))
    await house.put_rule("r", audience={"customer_types": ["company"]})
    told = {one: await why(house, one) for one in ("a", "none", "person")}
    assert {one: (found["outcome"], found["reason"]) for one, found in told.items()} == {
        "a": ("planned", None),
        "none": ("skipped", "no_address"),
        "person": ("not_in_audience", None),
    }
    assert all(found["evaluated_now"] and found["period"] == PERIOD for found in told.values())
    assert (await why(house, "a", "2026-03-11"))["outcome"] == "not_due"
    run = await due(house)
    found = await house.deliveries(run)
    assert await why(house, "a") == {
        "outcome": "sent",
        "reason": None,
        "delivery_id": found["a"]["delivery_id"],
        "period": PERIOD,
        "evaluated_now": False,
        "parts": [
            {"part": "archived", "value": False, "holds": True},
            {"part": "segment_ids", "value": "oro", "holds": True},
            {"part": "customer_types", "value": "company", "holds": True},
            {"part": "aging_buckets", "value": "31-60", "holds": True},
        ],
    }
    skipped, out = await why(house, "none"), await why(house, "person")
    assert (skipped["outcome"], skipped["reason"], skipped["evaluated_now"]) == ("skipped", "no_address", False)
    assert (out["outcome"], out["evaluated_now"]) == ("not_in_audience", True)
    assert [part["part"] for part in out["parts"] if not part["holds"]] == ["customer_types"]


async def test_why_while_a_run_is_under_way_or_was_missed(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    house.clock.set(THURSDAY)
    await house.work()
    assert (await why(house, "a"))["outcome"] == "under_way"
    house.clock.set("2026-03-17T09:00:00-05:00")
    await house.work()
    missed = await why(house, "a", "2026-03-16")
    assert (missed["outcome"], missed["reason"]) == ("missed", "outside_catch_up")


async def test_why_asks_the_segmenter_about_one_customer(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r", audience={"where": WHERE})
    for matches, is_away, outcome, holds in (
        (["a"], False, "planned", True),
        (["b"], False, "not_in_audience", False),
        ([], True, "planned", None),
    ):
        house.segmenter.matches, house.segmenter.is_away = matches, is_away
        found = await why(house, "a")
        assert (found["outcome"], found["parts"][-1]) == (outcome, {"part": "where", "value": holds, "holds": holds})


async def test_why_of_a_run_that_was_moved_is_found_by_either_day(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule(
        "r",
        frequency={"type": "weekly", "weekdays": ["saturday"]},
        time="20:00",
        contact_window="CO",
        catch_up_hours=48,
    )
    assert [(await why(house, "a", on))["period"] for on in ("2026-03-14", "2026-03-16")] == ["2026-W11-sat"] * 2
    house.clock.set("2026-03-16T07:00:01-05:00")
    await house.all_is_heard()
    await house.work()
    assert [(await why(house, "a", on))["outcome"] for on in ("2026-03-14", "2026-03-16")] == ["sent"] * 2


async def test_why_needs_a_customer_that_is_known(house: House) -> None:
    await house.put_rule("r")
    for path in ("/rules/r/why?customer_id=x", "/rules/none/why?customer_id=x"):
        assert (await house.http.get(f"/v1{path}")).status_code == 404
    answer = await house.http.get("/v1/rules/r/why?customer_id=x&on=9999-01-01")
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/query/on", "out_of_range")]
