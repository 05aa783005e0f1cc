"""Webhooks of the gateway: only signed ones, each once, and no state ever goes back."""

import hashlib

from sqlalchemy import text

from services.statements.domain.sending import Answer
from tests.services.statements.house import House
from tests.services.statements.provider import event, sent, tell
from tests.services.statements.sending import claimed, keep, only
from tests.services.statements.thursday_run import PERIOD, debtor, due


async def test_delivered_moves_a_statement_on_and_repeats_change_nothing(house: House) -> None:
    delivery_id = await sent(house)
    assert (await only(house))["state"] == "accepted"
    assert [(await tell(house, event(delivery_id))).status_code for _ in range(2)] == [204, 204]
    assert (await only(house))["state"] == "delivered"


async def test_a_hard_bounce_is_told_and_ends_writing_to_that_address(house: House) -> None:
    delivery_id = await sent(house)
    for _ in range(2):
        bounced = event(delivery_id, "bounced", bounce="hard", event_id="b")
        assert (await tell(house, bounced)).status_code == 204
    delivery = await only(house)
    assert (delivery["state"], delivery["addresses"][0]["state"]) == ("bounced", "bounced")
    told = await house.told()
    assert [(one.type, one.sequence) for one in told] == [("statement.sent", 1), ("contact.bounced", 2)]
    assert told[1].data == {
        "customer_id": "a",
        "channel": "email",
        "address_sha256": hashlib.sha256(b"a@correo.demo").hexdigest(),
        "delivery_id": delivery_id,
        "at": "2026-03-12T14:00:09Z",
    }
    await house.know(debtor("b", email=" A@Correo.demo", emails=("b@correo.demo",)))
    house.clock.set("2026-03-16T09:00:01-05:00")
    await house.all_is_heard()
    await house.work()
    later = await house.deliveries(await house.run_of("r", "2026-W12-mon"))
    assert (later["a"]["state"], later["a"]["reason"]) == ("skipped", "suppressed")
    assert [(one["state"], one["reason"]) for one in later["b"]["addresses"]] == [
        ("skipped", "suppressed"),
        ("delivered", None),
    ]


async def test_a_soft_bounce_is_no_reason_to_stop_writing(house: House) -> None:
    delivery_id = await sent(house)
    await tell(house, event(delivery_id, "bounced", bounce="soft"))
    assert (await only(house))["state"] == "bounced"
    assert [told.type for told in await house.told()] == ["statement.sent"]
    house.clock.set("2026-03-16T09:00:01-05:00")
    await house.all_is_heard()
    await house.work()
    assert (await house.deliveries(await house.run_of("r", "2026-W12-mon")))["a"]["state"] == "delivered"


async def test_states_never_go_back(house: House) -> None:
    delivery_id = await sent(house)
    await tell(house, event(delivery_id, "bounced", bounce="hard"))
    await tell(house, event(delivery_id, "delivered"))
    assert (await only(house))["state"] == "bounced"


async def test_news_that_overtakes_the_answer_counts_and_the_answer_does_not_undo_it(house: House) -> None:
    [mail] = await claimed(house)
    await tell(house, event(mail.delivery_id))
    assert (await only(house))["state"] == "delivered"
    for answer in (Answer("accepted", 202), Answer("doubt", None, "timeout")):
        await keep(house, mail, answer)
        assert (await only(house))["state"] == "delivered"
    assert [told.type for told in await house.told()] == ["statement.sent"]


async def test_news_settles_doubt(house: House) -> None:
    [mail] = await claimed(house)
    await house.skip_pauses()
    await house.steps().send_mails.settle_lost()
    assert (await only(house))["state"] == "unknown"
    await tell(house, event(mail.delivery_id))
    delivery = await only(house)
    assert (delivery["state"], delivery["accepted_at"] is not None) == ("delivered", True)
    await house.skip_pauses()
    await house.work()
    assert house.mails == []
    assert (await house.run_of("r", PERIOD))["state"] == "finished"


async def test_news_of_what_is_not_ours_is_taken_and_passed_over(house: House) -> None:
    delivery_id = await sent(house)
    assert (await tell(house, event("somebody-else"))).status_code == 204
    assert (await tell(house, event(delivery_id, event_id="2", address="otra@correo.demo"))).status_code == 204
    assert (await only(house))["state"] == "accepted"


async def test_the_catchers_own_webhooks_arrive(house: House) -> None:
    await house.know(debtor("a"), debtor("r", email="rebota@correo.demo"), debtor("q", email="queja@correo.demo"))
    await house.put_rule("r")
    run = await due(house)

    states = {one_id: one["state"] for one_id, one in (await house.deliveries(run)).items()}
    assert states == {"a": "delivered", "q": "complained", "r": "bounced"}
    assert [told.key for told in await house.told() if told.type == "contact.bounced"] == ["r"]


async def test_which_events_were_heard_is_forgotten_after_thirty_days(house: House) -> None:
    delivery_id = await sent(house)
    await tell(house, event(delivery_id))
    for days, left in ((29, 1), (31, 0)):
        async with house.database.transaction() as connection:
            await connection.execute(
                text("UPDATE gateway_events SET received_at = clock_timestamp() - make_interval(days => :days)"),
                {"days": days},
            )
        assert await house.steps().forget_content() == (left == 0)
        async with house.database.transaction() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM gateway_events"))).scalar_one() == left
    assert (await tell(house, event(delivery_id))).status_code == 204
    assert (await only(house))["state"] == "delivered"
