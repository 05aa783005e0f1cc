"""An audience's ``where``: checked by the segmenter when its rule is saved, resolved by it when the rule fires."""

import asyncio

from sqlalchemy import text

from tests.services.statements.house import House, rule_body
from tests.services.statements.thursday_run import PERIOD, THURSDAY, debtor, due, outcomes

WHERE = {"variable": "failed_payments", "operator": "gt", "value": 1, "within_days": 90}


async def test_a_where_is_asked_when_its_rule_is_saved_and_comes_back_as_it_was_given(house: House) -> None:
    created = await house.put_rule("r", audience={"where": WHERE})
    assert (created.status_code, created.json()["audience"]["where"]) == (201, WHERE)
    assert house.segmenter.questions == [{"where": WHERE, "limit": 1}]
    house.segmenter.is_away = True
    assert (await house.put_rule("r", audience={"where": WHERE})).status_code == 200


async def test_what_the_segmenter_refuses_is_refused_at_its_place_in_the_audience(house: House) -> None:
    house.segmenter.refuses = [{"pointer": "/where/all/0/value", "code": "wrong_type", "detail": "a number is wanted"}]
    answer = await house.put_rule("r", audience={"where": {"all": [WHERE]}})
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        [{"pointer": "/audience/where/all/0/value", "code": "wrong_type", "detail": "a number is wanted"}],
    )
    assert (await house.http.get("/v1/rules/r")).status_code == 404


async def test_while_the_segmenter_is_away_nothing_is_saved(house: House) -> None:
    house.segmenter.is_away = True
    answer = await house.put_rule("r", audience={"where": WHERE})
    assert (answer.status_code, answer.json()["code"]) == (503, "segmenter_unavailable")
    assert (await house.http.get("/v1/rules/r")).status_code == 404
    assert (await house.put_rule("s")).status_code == 201
    stale = await house.http.put("/v1/rules/s", json=rule_body(audience={"where": WHERE}))
    assert stale.status_code == 428


async def test_a_run_is_for_those_whom_the_segmenter_names_and_its_other_parts_admit(house: House) -> None:
    await house.know(*(debtor(f"c{number}") for number in range(4)), debtor("person", type="person"))
    house.segmenter.matches = ["c1", "c3", "person", "stranger"]
    await house.put_rule("r", audience={"where": WHERE, "customer_types": ["company"]})
    await house.know(debtor("d", type="company"))
    house.segmenter.matches += ["d"]
    run = await due(house)
    wanted = {"d": ("delivered", None), "stranger": ("skipped", "ledger_behind")}
    assert outcomes(await house.deliveries(run)) == wanted, (
        "whom nobody has heard of here is not passed over in silence"
    )
    async with house.database.transaction() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM run_audience"))).scalar_one() == 0


async def asked_again(house: House) -> None:
    async with house.database.transaction() as connection:
        await connection.execute(text("UPDATE runs SET ask_again_at = clock_timestamp() WHERE may_ask"))


async def test_a_run_waits_for_the_segmenter_within_its_window(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r", audience={"where": WHERE})
    house.segmenter.is_away = True
    assert (await due(house))["state"] == "held"
    house.segmenter.is_away, house.segmenter.matches = False, ["a"]
    await asked_again(house)
    await house.work()
    assert (await house.run_of("r", PERIOD))["state"] == "finished"


async def test_a_run_whose_audience_stays_unknown_is_missed(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r", audience={"where": WHERE}, catch_up_hours=1)
    house.segmenter.is_away = True
    await due(house)
    house.clock.set("2026-03-12T10:00:01-05:00")
    await asked_again(house)
    await house.work()
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["reason"]) == ("missed", "audience_unavailable")
    assert house.mails == []


async def test_an_export_that_breaks_off_names_nobody(house: House) -> None:
    everyone = [f"c{number:04}" for number in range(1500)]
    await house.know(debtor("c0000"), debtor("c1400"))
    house.segmenter.matches, house.segmenter.breaks_off = everyone, 1200
    await house.put_rule("r", audience={"where": WHERE})
    assert (await due(house))["state"] == "held"
    house.segmenter.breaks_off = None
    await asked_again(house)
    await house.work()
    run = await house.run_of("r", PERIOD)
    assert (run["counts"]["audience"], run["counts"]["delivered"]) == (1500, 2)
    assert run["skipped"] == {"ledger_behind": 1498}


async def test_of_two_workers_that_ask_the_later_one_is_heard(house: House) -> None:
    await house.know(debtor("a"), debtor("b"))
    await house.put_rule("r", audience={"where": WHERE})
    house.clock.set(THURSDAY)
    await house.all_is_heard()
    slow, quick = house.steps(), house.steps()
    await slow.record_due_runs()
    await slow.advance_runs()
    named, may_go_on = asyncio.Event(), asyncio.Event()

    async def slowly(where: object) -> object:
        named.set()
        await may_go_on.wait()
        yield ["a"]

    object.__setattr__(slow.ask_audiences, "ask_whom", slowly)
    asking = asyncio.create_task(slow.ask_audiences())
    await named.wait()
    await asked_again(house)
    house.segmenter.matches = ["b"]
    await quick.ask_audiences()
    may_go_on.set()
    await asking
    await house.work()
    assert list(await house.deliveries(await house.run_of("r", PERIOD))) == ["b"]


async def test_a_where_that_is_refused_when_the_rule_fires_needs_attention(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r", audience={"where": WHERE})
    house.segmenter.refuses = [{"pointer": "/where/variable", "code": "unknown_variable", "detail": "it is gone"}]
    run = await due(house)
    assert (run["state"], run["reason"]) == ("missed", "needs_attention")
