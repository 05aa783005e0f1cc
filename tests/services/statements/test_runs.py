"""A period that falls due runs once, with figures that have passed its instant, for everyone it is for."""

import asyncio
from datetime import date, timedelta

from sqlalchemy import text
from structlog.testing import capture_logs

from tests.oracle.accounts import account, paid
from tests.services.statements.house import House
from tests.services.statements.segmenter_telling import assigned, progress, published
from tests.services.statements.telling import registered, told
from tests.services.statements.thursday_run import PERIOD, THURSDAY, debtor, due, outcomes, planned

__all__ = ["debtor", "planned"]  # the fault run's tests take them from here


async def test_several_workers_record_a_period_once(house: House) -> None:
    for number in range(5):
        await house.put_rule(f"r{number}")
    house.clock.set(THURSDAY)
    await asyncio.gather(*(house.steps().record_due_runs() for _ in range(4)))
    runs = (await house.get("/runs"))["items"]
    assert sorted(run["rule_id"] for run in runs) == [f"r{number}" for number in range(5)]


async def test_several_workers_send_one_statement_a_period_and_customer(house: House) -> None:
    everyone = [f"c{number:02}" for number in range(60)]
    await planned(house, *(debtor(customer_id) for customer_id in everyone))
    await asyncio.gather(*(house.work(house.steps()) for _ in range(4)))
    await house.work()
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["counts"]["audience"]) == ("finished", 60)
    assert [mail.to[0] for mail in sorted(house.mails, key=lambda mail: mail.to)] == [
        f"{customer_id}@correo.demo" for customer_id in everyone
    ]
    assert house.catcher.counts["repeated"] == 0
    sent = [event.key for event in await house.told() if event.type == "statement.sent"]
    assert sorted(sent) == everyone
    await house.work()
    assert house.catcher.counts == {"accepted": 60}


async def test_everyone_in_the_audience_has_one_delivery_also_who_gets_nothing(house: House) -> None:
    paid_up = account(customer_id="nada", email="nada@correo.demo")
    await house.know(debtor("a"), paid_up, debtor("sin", email=None), debtor("ph", email="test@test.com"))
    await house.put_rule("r")
    run = await due(house)
    assert outcomes(await house.deliveries(run)) == {
        "a": ("delivered", None),
        "nada": ("skipped", "nothing_to_state"),
        "ph": ("skipped", "placeholder_address"),
        "sin": ("skipped", "no_address"),
    }
    assert run["skipped"] == {"nothing_to_state": 1, "placeholder_address": 1, "no_address": 1}
    counts = run["counts"]
    assert counts.pop("audience") == sum(counts.values()) == 4
    reason = {"reason": "no_address"}
    assert [d["customer_id"] for d in (await house.get(f"/runs/{run['run_id']}/deliveries", **reason))["items"]] == [
        "sin"
    ]


async def test_the_end_of_a_run_is_told_in_a_line_of_the_log(house: House) -> None:
    await planned(house, debtor("ana"))
    with capture_logs() as lines:
        await house.work()
        await house.work()
    run = await house.run_of("r", PERIOD)
    assert [line["run_id"] for line in lines if line["event"] == "run_ended"] == [run["run_id"]]


async def test_an_audience_is_all_its_parts_at_once(house: House) -> None:
    await house.know(
        debtor("a", type="company"),
        debtor("b", type="company", due_on=date(2026, 3, 10)),
        debtor("c", type="person"),
        debtor("d", type="company"),
        debtor("e", type="company"),
    )
    await house.hear(*(assigned(one, "oro") for one in "abc"), assigned("d", "plata"), assigned("e", "oro"))
    await house.hear(registered(debtor("e", type="company"), 3, archived=True))
    audience = {"segment_ids": ["oro"], "customer_types": ["company"], "aging_buckets": ["31-60"]}
    await house.put_rule("r", audience=audience)
    assert list(await house.deliveries(await due(house))) == ["a"]


async def test_an_empty_statement_goes_out_only_when_it_is_wanted(house: House) -> None:
    await house.know(account(customer_id="nada", email="nada@correo.demo"))
    await house.put_rule("r", skip_when_empty=False)
    run = await due(house)
    assert outcomes(await house.deliveries(run)) == {"nada": ("delivered", None)}
    assert "No tiene saldos ni movimientos" in house.mails[0].text


async def test_a_run_is_held_until_ledger_and_segmenter_have_passed_its_instant(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    house.clock.set(THURSDAY)
    await house.work()
    assert (await house.run_of("r", PERIOD))["state"] == "held"
    await house.hear(through=house.clock.now())
    await house.work()
    assert (await house.run_of("r", PERIOD))["state"] == "held"
    await house.hear(progress(house.clock.now() - timedelta(minutes=5), 1), through=house.clock.now())
    await house.work()
    assert (await house.run_of("r", PERIOD))["state"] == "held"
    await house.hear(progress(house.clock.now(), 2), through=house.clock.now())
    await house.work()
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["stale"]) == ("finished", False)


async def test_moves_told_before_the_segmenters_word_must_be_read_as_well(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    house.clock.set("2026-03-12T09:00:00-05:00")
    await house.hear(through=house.clock.now())
    house.clock.set("2026-03-12T09:00:02-05:00")
    await house.hear(progress(house.clock.now(), 1))
    await house.work()
    assert (await house.run_of("r", PERIOD))["state"] == "held"


async def test_a_run_held_for_too_long_goes_on_and_says_that_it_is_stale(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    house.clock.set(THURSDAY)
    await house.work()
    async with house.database.transaction() as connection:
        await connection.execute(text("UPDATE runs SET held_since = held_since - interval '15 minutes'"))
    await house.work()
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["stale"], run["facts_through"]) == ("finished", True, None)
    assert run["waited_seconds"] >= 900


async def test_after_an_outage_the_latest_period_runs_and_the_others_are_missed(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r", catch_up_hours=100)
    house.clock.set("2026-03-23T10:00:00-05:00")
    await house.all_is_heard()
    await house.work()
    runs = (await house.get("/runs", rule_id="r"))["items"]
    assert [(run["period"], run["state"], run["reason"]) for run in runs] == [
        ("2026-W13-mon", "finished", None),
        ("2026-W12-thu", "missed", "coalesced"),
        ("2026-W12-mon", "missed", "outside_catch_up"),
        ("2026-W11-thu", "missed", "outside_catch_up"),
    ]
    assert runs[0]["as_of_date"] == "2026-03-23"
    missed = await house.get("/runs", state="missed", limit=2)
    rest = await house.get("/runs", state="missed", limit=2, cursor=missed["next_cursor"])
    assert [run["period"] for run in missed["items"] + rest["items"]] == ["2026-W12-thu", "2026-W12-mon", PERIOD]
    between = await house.get("/runs", **{"from": "2026-03-16T14:00:00Z", "to": "2026-03-19T14:00:00Z"})
    assert [run["period"] for run in between["items"]] == ["2026-W12-thu", "2026-W12-mon"]


async def test_who_paid_since_planning_gets_nothing_and_who_still_owes_gets_the_new_figures(house: House) -> None:
    overdue = {"type": "overdue", "min_days_overdue": 10}
    all_of_it, a_part = debtor("a"), debtor("b")
    await planned(house, all_of_it, a_part, content=overdue)
    for one, amount in ((all_of_it, "100"), (a_part, "60")):
        before = len(one.facts)
        one.facts.append(paid(amount, on=date(2026, 3, 12)))
        await house.hear(told(one)[before + 1])
    await house.work()
    deliveries = await house.deliveries(await house.run_of("r", PERIOD))
    assert outcomes(deliveries) == {"a": ("skipped", "paid"), "b": ("delivered", None)}
    assert deliveries["b"]["totals"] == [{"amount": "40.00", "currency": "COP"}]
    assert "COP 40,00" in house.mails[0].text


async def test_who_left_the_audience_or_must_not_be_contacted_gets_nothing(house: House) -> None:
    left, paused, free = debtor("left"), debtor("paused"), debtor("free")
    await house.hear(*(assigned(one, "oro") for one in ("left", "paused", "free")))
    await planned(house, left, paused, free, audience={"segment_ids": ["oro"]})
    await house.hear(assigned("left", "plata", 2))
    await house.hear(registered(paused, 3, do_not_contact_until=date(2026, 3, 12)))
    await house.hear(registered(free, 3, do_not_contact_until=date(2026, 3, 11)))
    await house.work()
    assert outcomes(await house.deliveries(await house.run_of("r", PERIOD))) == {
        "free": ("delivered", None),
        "left": ("skipped", "left_audience"),
        "paused": ("skipped", "paused"),
    }


async def test_figures_that_do_not_reconcile_are_not_sent(house: House) -> None:
    await planned(house, debtor("a"))
    async with house.database.transaction() as connection:
        await connection.execute(text("UPDATE invoices SET balance = balance + 1"))
    await house.work()
    assert outcomes(await house.deliveries(await house.run_of("r", PERIOD))) == {"a": ("skipped", "not_reconciled")}
    assert (await house.http.get("/v1/customers/a/statement")).json()["code"] == "not_reconciled"


async def test_a_customer_that_is_behind_is_waited_for_then_skipped(house: House) -> None:
    await planned(house, debtor("a"))
    await house.hear(registered(debtor("a"), 9))
    await house.work()
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["counts"]["planned"]) == ("running", 1)
    async with house.database.transaction() as connection:
        await connection.execute(text("UPDATE runs SET held_since = held_since - interval '15 minutes'"))
    await house.work()
    assert outcomes(await house.deliveries(await house.run_of("r", PERIOD))) == {"a": ("skipped", "ledger_behind")}


async def test_deactivating_or_deleting_in_mid_run_skips_the_unsent(house: House) -> None:
    await planned(house, debtor("a"))
    await house.http.post("/v1/rules/r/deactivate")
    await house.http.post("/v1/rules/r/activate")
    await house.work()
    assert outcomes(await house.deliveries(await house.run_of("r", PERIOD))) == {"a": ("skipped", "rule_deactivated")}


async def test_deleting_a_rule_keeps_what_it_did(house: House) -> None:
    await planned(house, debtor("a"))
    tag = (await house.http.get("/v1/rules/r")).headers["ETag"]
    assert (await house.http.delete("/v1/rules/r", headers={"If-Match": tag})).status_code == 204
    await house.work()
    run = await house.run_of("r", PERIOD)
    assert run["state"] == "finished"
    assert outcomes(await house.deliveries(run)) == {"a": ("skipped", "rule_deleted")}
    await house.put_rule("r")
    await house.work()
    assert len((await house.get("/runs", rule_id="r"))["items"]) == 1


async def test_a_run_cut_by_an_outage_goes_on_within_its_window(house: House) -> None:
    await planned(house, debtor("a"))
    house.clock.set("2026-03-12T14:59:00-05:00")
    await house.work()
    deliveries = await house.deliveries(await house.run_of("r", PERIOD))
    assert outcomes(deliveries) == {"a": ("delivered", None)}


async def test_a_run_cut_by_an_outage_beyond_its_window_skips_the_unsent(house: House) -> None:
    await planned(house, debtor("a"))
    house.clock.set("2026-03-12T15:01:00-05:00")
    await house.work()
    assert outcomes(await house.deliveries(await house.run_of("r", PERIOD))) == {"a": ("skipped", "too_late")}


async def test_a_held_run_that_an_outage_carried_out_of_its_window_skips_everyone(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    house.clock.set(THURSDAY)
    await house.work()
    assert (await house.run_of("r", PERIOD))["state"] == "held"
    house.clock.set("2026-03-12T15:01:00-05:00")
    await house.all_is_heard()
    await house.work()
    assert outcomes(await house.deliveries(await house.run_of("r", PERIOD))) == {"a": ("skipped", "too_late")}


async def test_a_segment_that_vanishes_while_its_run_is_held_makes_it_missed(house: House) -> None:
    await house.know(debtor("a"))
    await house.hear(assigned("a", "oro"), published("oro", "default", seq=1))
    await house.put_rule("r", audience={"segment_ids": ["oro"]})
    house.clock.set(THURSDAY)
    await house.work()
    assert (await house.run_of("r", PERIOD))["state"] == "held"
    await house.hear(published("default", seq=2))
    await house.all_is_heard()
    await house.work()
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["reason"]) == ("missed", "needs_attention")


async def test_after_send_until_nothing_more_goes_out(house: House) -> None:
    await planned(house, debtor("a"), send_until="10:00", catch_up_hours=24)
    house.clock.set("2026-03-12T10:00:30-05:00")
    await house.work()
    assert outcomes(await house.deliveries(await house.run_of("r", PERIOD))) == {"a": ("skipped", "too_late")}
