"""Last night's backup restored: whatever the lost database had sent by then, nothing is sent a second time."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from services.statements.inbound.own_events import own_events
from services.statements.storage.restoring import Left
from services.statements.usecases import plan_runs
from services.statements.usecases.hear_gateway_news import HearGatewayNews, News
from services.statements.usecases.return_from_backup import Returned, ReturnFromBackup, Told
from shared.contracts.envelope import encode_headers
from shared.contracts.statements_v1 import EVENTS, TOPIC
from shared.database.engine import Database
from shared.messaging import outbox
from shared.messaging.batch import Event, Record, read_record
from tests.services.statements.conftest import BackedUp
from tests.services.statements.house import House, open_house
from tests.services.statements.sending import claimed
from tests.services.statements.thursday_run import PERIOD, THURSDAY, debtor, outcomes

LATER = "2026-03-12T09:20:00-05:00"
Moment = Callable[[House], Awaitable[Any]]


async def before_it_is_due(house: House) -> None:
    house.clock.set("2026-03-12T08:00:00-05:00")


async def held(house: House) -> None:
    house.clock.set(THURSDAY)
    await house.steps().record_due_runs()


async def started(house: House) -> None:
    await held(house)
    await house.all_is_heard()
    await house.steps().advance_runs()


async def planned(house: House) -> None:
    await started(house)
    await house.steps().plan_runs()


async def written(house: House) -> None:
    await planned(house)
    await house.steps().prepare_mails()


async def sending(house: House) -> None:
    await written(house)
    await claimed(house)


KNOWN = [planned, written, sending]
"""Moments at which the backup has the deliveries."""


async def told_by(url: str) -> list[Event]:
    """What a database has put into its outbox for Kafka."""
    database = Database(url, name="test")
    async with database.transaction() as connection:
        rows = await outbox.unsent(connection, "statements", 1000)
    await database.close()
    found = [
        read_record(Record(TOPIC, 0, number, one.key.encode(), encode_headers(one), one.data), {TOPIC: EVENTS})
        for number, (_, one) in enumerate(rows)
    ]
    return [one for one in found if isinstance(one, Event)]


async def back_up_and_lose(backed_up: BackedUp, url: str, moment: Moment) -> tuple[str, list[Event]]:
    """A backup is made at a moment; then all mails go out, and the database is lost: the backup, and what was told."""
    async with open_house(url) as house:
        await house.know(debtor("a"), debtor("b"), debtor("nada", email=None))
        await house.put_rule("r", catch_up_hours=6)
        await moment(house)
    backup = await backed_up(url)
    async with open_house(url) as house:
        house.clock.set(THURSDAY)
        await house.all_is_heard()
        for _ in range(2):
            await house.skip_pauses()
            await house.work()
        assert len(house.mails) == 2
    return backup, await told_by(url)


async def return_from(house: House, told: Sequence[Event], lost_at: str = LATER) -> Returned:
    async def read() -> AsyncIterator[Sequence[Told]]:
        yield own_events(told)

    return await ReturnFromBackup(house.database, read)(datetime.fromisoformat(lost_at))


async def work_on(house: House, instant: str = LATER) -> None:
    house.clock.set(instant)
    await house.skip_pauses()
    await house.all_is_heard()
    await house.work()


@pytest.mark.parametrize("moment", [before_it_is_due, planned, sending])
async def test_what_was_told_is_known_again_and_nothing_is_sent_twice(
    backed_up: BackedUp, statements_database: str, moment: Moment
) -> None:
    backup, told = await back_up_and_lose(backed_up, statements_database, moment)
    async with open_house(backup) as house:
        found = await return_from(house, told)
        assert (found.learnt, found.left) == (2, Left(0, 0, in_part=0 if moment in KNOWN else 1))
        await work_on(house)
        assert house.mails == []
        run = await house.run_of("r", PERIOD)
        states = outcomes(await house.deliveries(run))
        assert {one: state for one, (state, _) in states.items() if one != "nada"} == {"a": "accepted", "b": "accepted"}
        assert run["state"] == "finished"
        assert [one.type for one in await house.told()] == [], "what was told is not told again"


@pytest.mark.parametrize("moment", [started, held, written])
async def test_what_was_sent_and_not_told_stays_in_doubt_or_is_a_missed_period(
    backed_up: BackedUp, statements_database: str, moment: Moment
) -> None:
    backup, _ = await back_up_and_lose(backed_up, statements_database, moment)
    async with open_house(backup) as house:
        found = await return_from(house, [])
        assert found.left == (Left(2, 0, 0) if moment in KNOWN else Left(0, 1, 0))
        await work_on(house)
        assert house.mails == []
        run = await house.run_of("r", PERIOD)
        if moment in KNOWN:
            states = outcomes(await house.deliveries(run))
            assert states["a"] == states["b"] == ("unknown", "restored")
        else:
            assert (run["state"], run["reason"]) == ("missed", "restored")


async def test_without_the_command_it_would_be_sent_again(backed_up: BackedUp, statements_database: str) -> None:
    backup, _ = await back_up_and_lose(backed_up, statements_database, before_it_is_due)
    async with open_house(backup) as house:
        await work_on(house)
        assert len(house.mails) == 2


async def test_doubt_is_settled_by_a_person(backed_up: BackedUp, statements_database: str) -> None:
    backup, _ = await back_up_and_lose(backed_up, statements_database, written)
    async with open_house(backup) as house:
        await return_from(house, [])
        await work_on(house)
        found = await house.deliveries(await house.run_of("r", PERIOD))
        for one, outcome in (("a", "sent"), ("b", "not_sent")):
            path = f"/v1/deliveries/{found[one]['delivery_id']}/resolve"
            assert (await house.http.post(path, json={"outcome": outcome})).status_code == 200
        await house.work()
        assert [mail.to for mail in house.mails] == [("b@correo.demo",)]
        assert [one.type for one in await house.told()] == ["statement.sent"] * 2


async def test_doubt_of_a_mail_that_the_backup_does_not_have_is_settled_by_the_gateway(
    backed_up: BackedUp, statements_database: str
) -> None:
    backup, _ = await back_up_and_lose(backed_up, statements_database, planned)
    async with open_house(backup) as house:
        await return_from(house, [])
        found = await house.deliveries(await house.run_of("r", PERIOD))
        news = News(
            provider="local",
            event_id="e1",
            kind="delivered",
            is_hard=False,
            delivery_id=found["a"]["delivery_id"],
            address="a@correo.demo",
            at=house.clock.now(),
        )
        await HearGatewayNews(house.database, house.clock)(news)
        path = f"/v1/deliveries/{found['b']['delivery_id']}/resolve"
        await house.http.post(path, json={"outcome": "not_sent"})
        states = outcomes(await house.deliveries(await house.run_of("r", PERIOD)))
        assert states == {"a": ("delivered", None), "b": ("failed", "gave_up"), "nada": ("skipped", "no_address")}
        await work_on(house)
        assert house.mails == []


async def test_what_fell_due_after_the_loss_and_what_falls_due_later_runs(
    backed_up: BackedUp, statements_database: str
) -> None:
    backup, told = await back_up_and_lose(backed_up, statements_database, before_it_is_due)
    async with open_house(backup) as house:
        found = await return_from(house, told[:0], lost_at="2026-03-12T08:30:00-05:00")
        assert found.left == Left(0, 0, 0)
        await work_on(house)
        assert len(house.mails) == 2, "the lost database had stopped before the period fell due"
        await work_on(house, "2026-03-16T09:00:01-05:00")
        assert (await house.run_of("r", "2026-W12-mon"))["state"] == "finished"
        assert len(house.mails) == 4


async def test_a_run_that_was_half_planned_says_that_it_is_not_known_in_full(
    backed_up: BackedUp, statements_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_runs, "_PAGE", 1)
    backup, told = await back_up_and_lose(backed_up, statements_database, planned)
    async with open_house(backup) as house:
        found = await return_from(house, [one for one in told if one.envelope.key == "b"])
        assert found.left == Left(1, 0, 1)
        await work_on(house)
        run = await house.run_of("r", PERIOD)
        states = outcomes(await house.deliveries(run))
        assert (run["state"], run["reason"]) == ("finished", "restored")
        assert states == {"a": ("unknown", "restored"), "b": ("accepted", None)}
        assert house.mails == []


async def test_the_command_may_be_repeated_and_raises_the_epoch_last(
    backed_up: BackedUp, statements_database: str
) -> None:
    backup, told = await back_up_and_lose(backed_up, statements_database, planned)

    async def breaks_off() -> AsyncIterator[Sequence[Told]]:
        yield own_events(told[:1])
        raise ConnectionError("the broker went away")

    async with open_house(backup) as house:
        with pytest.raises(ConnectionError):
            await ReturnFromBackup(house.database, breaks_off)(datetime.fromisoformat(LATER))
        found = await return_from(house, told)
        assert (found.learnt, found.left.in_doubt) == (2, 0)
        assert found.epoch > 1
        await work_on(house)
        assert house.mails == []
