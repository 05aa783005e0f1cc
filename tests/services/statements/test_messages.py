"""Messages of alerts: sent once each through the ledger of statements, as written, and told like any other mail."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import text

from shared.contracts.segments_v1 import AlertMessage
from tests.services.statements.house import House
from tests.services.statements.resolving import resolve
from tests.services.statements.segmenter_telling import alert_raised
from tests.services.statements.sending import fail, say_nothing
from tests.services.statements.telling import erased, registered
from tests.services.statements.thursday_run import PERIOD, THURSDAY, debtor, outcomes

TODAY = datetime(2026, 3, 10, 13, tzinfo=UTC)


async def all_deliveries(house: House) -> list[dict[str, Any]]:
    async with house.database.transaction() as connection:
        ids = (await connection.execute(text("SELECT delivery_id FROM deliveries ORDER BY customer_id"))).scalars()
    return [await house.get(f"/deliveries/{one}") for one in ids]


async def states(house: House) -> dict[str, tuple[str, str | None]]:
    return outcomes({one["customer_id"]: one for one in await all_deliveries(house)})


async def test_an_alert_sends_one_mail_with_its_texts_as_written(house: House) -> None:
    await house.know(debtor("a"))
    for seq in (5, 5, 6):
        await house.hear(alert_raised("a", seq=seq, at=TODAY))
        await house.work()
    [mail] = house.mails
    [delivery] = await all_deliveries(house)
    assert (mail.subject, mail.text) == ("Su acuerdo", "Hola:\n\n¿Nos <llama>?")
    assert '<html lang="es">' in mail.html
    assert "¿Nos &lt;llama&gt;?" in mail.html
    assert {name: mail.headers[name] for name in mail.headers if name.startswith("X-")} == {
        "X-Cascada-Delivery": delivery["delivery_id"],
        "X-Cascada-Rule": "promesa-rota",
        "X-Cascada-Period": "alert-1",
    }
    assert (delivery["run_id"], delivery["rule_id"], delivery["period"]) == (None, "promesa-rota", "alert-1")
    assert (delivery["state"], delivery["as_of_date"], delivery["totals"]) == ("delivered", "2026-03-10", [])
    content = await house.get(f"/deliveries/{delivery['delivery_id']}/content")
    assert (content["text"], content["statement"]) == (mail.text, None)
    [told] = await house.told()
    assert (told.type, told.data["rule_id"], told.data["period"], told.data["totals"]) == (
        "statement.sent",
        "promesa-rota",
        "alert-1",
        [],
    )


async def test_it_speaks_a_language_that_there_is(house: House) -> None:
    await house.know(debtor("a"))
    message = AlertMessage(subject={"pt": "Seu acordo"}, body={"pt": "Olá"})
    await house.hear(alert_raised("a", at=TODAY, message=message))
    await house.work()
    assert [mail.subject for mail in house.mails] == ["Seu acordo"]


async def test_other_actions_send_nothing(house: House) -> None:
    await house.know(debtor("a"))
    await house.hear(alert_raised("a", at=TODAY, action="call"), alert_raised("a", "2", at=TODAY, message=None))
    await house.work()
    assert (house.mails, await all_deliveries(house)) == ([], [])


async def test_whoever_must_not_be_written_to_is_skipped_with_the_reason(house: House) -> None:
    await house.know(debtor("archived"), debtor("none", email=None), debtor("paused"), debtor("free"), debtor("late"))
    await house.hear(registered(debtor("archived"), 3, archived=True))
    await house.hear(registered(debtor("paused"), 3, do_not_contact_until=date(2026, 3, 10)))
    await house.hear(registered(debtor("free"), 3, do_not_contact_until=date(2026, 3, 9)))
    long_ago = datetime(2026, 3, 9, 13, 59, tzinfo=UTC)
    for one in ("archived", "none", "paused", "free", "late"):
        await house.hear(alert_raised(one, at=long_ago if one == "late" else TODAY))
    await house.work()
    assert await states(house) == {
        "archived": ("skipped", "left_audience"),
        "none": ("skipped", "no_address"),
        "paused": ("skipped", "paused"),
        "free": ("delivered", None),
        "late": ("skipped", "too_late"),
    }


async def test_a_customer_not_known_yet_is_waited_for(house: House) -> None:
    await house.hear(alert_raised("a", at=TODAY), alert_raised("stranger", at=TODAY))
    await house.work()
    assert await states(house) == {"a": ("planned", None), "stranger": ("planned", None)}
    await house.know(debtor("a"))
    async with house.database.transaction() as connection:
        await connection.execute(text("UPDATE messages SET heard_at = heard_at - interval '15 minutes'"))
    await house.work()
    assert await states(house) == {"a": ("delivered", None), "stranger": ("skipped", "ledger_behind")}


async def test_a_message_is_a_contact_for_rules_that_want_days_between(house: House) -> None:
    await house.know(debtor("a"))
    await house.hear(alert_raised("a", at=TODAY))
    await house.put_rule("two", min_days_between_contacts=2)
    await house.put_rule("three", min_days_between_contacts=3)
    await house.work()
    house.clock.set(THURSDAY)
    await house.all_is_heard()
    await house.work()
    found = [outcomes(await house.deliveries(await house.run_of(one, PERIOD)))["a"] for one in ("two", "three")]
    assert found == [("delivered", None), ("skipped", "contacted_recently")]


async def test_a_message_is_tried_again_and_given_up_like_a_statement(house: House) -> None:
    await house.know(debtor("a"))
    fail(house, "reject_429", seconds=0)
    await house.hear(alert_raised("a", at=TODAY))
    await house.work()
    assert await states(house) == {"a": ("retry_wait", None)}
    house.clock.set("2026-03-11T08:00:01-05:00")
    await house.skip_pauses()
    await house.work()
    assert await states(house) == {"a": ("failed", "gave_up")}
    assert [told.type for told in await house.told()] == ["statement.failed"]


async def test_a_message_in_doubt_is_resolved_by_a_person(forgetful: House) -> None:
    say_nothing(forgetful)
    await forgetful.know(debtor("a"))
    fail(forgetful, "fail_500")
    await forgetful.hear(alert_raised("a", at=TODAY))
    await forgetful.work()
    assert await states(forgetful) == {"a": ("unknown", "server_error")}
    fail(forgetful, "none")
    [delivery] = await all_deliveries(forgetful)
    await resolve(forgetful, f"/deliveries/{delivery['delivery_id']}", "not_sent")
    await forgetful.work()
    assert await states(forgetful) == {"a": ("accepted", None)}
    assert len(forgetful.mails) == 1


async def test_an_erased_customer_gets_no_message(house: House) -> None:
    await house.know(debtor("a"))
    await house.hear(erased("a", 3), alert_raised("a", at=TODAY))
    await house.work()
    assert await states(house) == {"a": ("skipped", "erased")}
