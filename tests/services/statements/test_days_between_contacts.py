"""A rule may want days between contacts: what was accepted counts, of every rule; one after the other."""

from datetime import date

from services.statements.storage import contacts
from tests.services.statements.house import House
from tests.services.statements.thursday_run import PERIOD, THURSDAY, debtor, outcomes

MONDAY = "2026-03-16T09:00:01-05:00"


async def at(house: House, instant: str) -> None:
    house.clock.set(instant)
    await house.all_is_heard()
    await house.work()


async def test_who_was_written_to_too_recently_is_skipped(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("other")
    await at(house, THURSDAY)
    tag = (await house.http.get("/v1/rules/other")).headers["ETag"]
    await house.http.delete("/v1/rules/other", headers={"If-Match": tag})
    await house.put_rule("five", min_days_between_contacts=5)
    await house.put_rule("four", min_days_between_contacts=4, time="10:00")
    await at(house, MONDAY)
    found = await house.deliveries(await house.run_of("five", "2026-W12-mon"))
    assert outcomes(found) == {"a": ("skipped", "contacted_recently")}
    await at(house, "2026-03-16T10:00:01-05:00")
    found = await house.deliveries(await house.run_of("four", "2026-W12-mon"))
    assert outcomes(found) == {"a": ("delivered", None)}


async def test_what_was_not_accepted_is_no_contact(house: House) -> None:
    await house.know(debtor("a", email="no es una dirección@x"))
    await house.put_rule("a1")
    await house.put_rule("a2", min_days_between_contacts=3)
    await at(house, THURSDAY)
    for rule_id in ("a1", "a2"):
        found = await house.deliveries(await house.run_of(rule_id, PERIOD))
        assert outcomes(found) == {"a": ("failed", "rejected")}


async def test_of_two_rules_at_one_instant_the_smaller_id_goes_first(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("y", min_days_between_contacts=1)
    await house.put_rule("x", min_days_between_contacts=1)
    await house.put_rule("z")
    await at(house, THURSDAY)
    found = {one: outcomes(await house.deliveries(await house.run_of(one, PERIOD)))["a"] for one in "xyz"}
    assert found == {"x": ("delivered", None), "y": ("skipped", "contacted_recently"), "z": ("delivered", None)}


async def test_the_smaller_id_goes_first_also_when_the_other_is_ready_sooner(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("y", min_days_between_contacts=1)
    await house.put_rule("x")
    house.clock.set(THURSDAY)
    await house.all_is_heard()
    steps = house.steps()
    await steps.record_due_runs()
    await steps.advance_runs()
    async with house.database.transaction() as connection:
        await connection.exec_driver_sql("UPDATE runs SET state = 'held' WHERE rule_id = 'x'")
    await steps.plan_runs()
    assert not await steps.prepare_mails()
    await house.work()
    assert outcomes(await house.deliveries(await house.run_of("x", PERIOD))) == {"a": ("delivered", None)}
    assert outcomes(await house.deliveries(await house.run_of("y", PERIOD))) == {"a": ("skipped", "contacted_recently")}


async def test_contacts_of_days_that_do_not_count_are_not_read(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r")
    await at(house, THURSDAY)
    async with house.database.transaction() as connection:
        found = [await contacts.accepted(connection, ["a"], after=date(2026, 3, day)) for day in (11, 12)]
    assert [len(one) for one in found] == [1, 0]
