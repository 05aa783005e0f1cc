"""Streams of webhooks: in order, signed, again until taken, stopped after a day, and nothing lost with a worker."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.segmenter.domain.webhooks import wait_seconds
from services.segmenter.outbound.webhooks import Poster
from services.segmenter.storage import outgoing
from services.segmenter.storage.webhook_turns import claim
from services.segmenter.usecases import post_to_webhooks
from services.segmenter.usecases.judge_alert_rules import JudgeAlertRules
from services.segmenter.usecases.post_to_webhooks import PostToWebhooks
from shared.contracts.envelope import Envelope
from shared.database.engine import Database
from shared.runtime.ids import new_id
from tests.oracle.accounts import account, an_invoice, paid
from tests.services.segmenter.house import House, problem
from tests.services.segmenter.listener import a_segment
from tests.services.segmenter.receiver import Receiver, receiving
from tests.services.segmenter.sender import Books

SECRET = "a-secret-of-some-length"


@pytest.fixture(autouse=True)
def a_failing_stream_waits_until_it_is_hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is."""
    monkeypatch.setattr(post_to_webhooks, "wait_seconds", lambda _: 3600.0)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def event(sequence: int, key: str = "ana", kind: str = "segment.assigned") -> Envelope:
    now = datetime(2026, 3, 9, tzinfo=UTC)
    return Envelope(kind, new_id(), "segmenter", now, sequence, 1, key, b'{"as_of":"2026-03-09"}')


async def tells(database: Database, *events: Envelope) -> None:
    async with database.transaction() as connection:
        await outgoing.put(connection, events)


async def runs(database: Database, statement: str, **given: Any) -> None:
    async with database.transaction() as connection:
        await connection.execute(text(statement), given)


async def queued(database: Database) -> int:
    async with database.transaction() as connection:
        found: int = (await connection.execute(text("SELECT count(*) FROM webhook_events"))).scalar_one()
    return found


async def subscribes(house: House, url: str, name: str = "crm", types: tuple[str, ...] = ("segment.assigned",)) -> None:
    body = {"url": url, "event_types": list(types), "secret": SECRET}
    answer = await house.call("PUT", f"/webhooks/{name}", body)
    assert answer.status_code == 201, answer.text


@pytest.fixture
def poster(database: Database) -> PostToWebhooks:
    return PostToWebhooks(database, Poster(anywhere=True))


async def drains(poster: PostToWebhooks) -> None:
    while await poster.step():
        pass


async def hurries(database: Database) -> None:
    """The wait of every stream is over."""
    await runs(database, "UPDATE webhooks SET next_try_at = clock_timestamp()")


async def test_alerts_arrive(house: House, poster: PostToWebhooks, receiver: Receiver) -> None:
    await subscribes(house, receiver.url, types=("alert.raised", "alert.cleared"))
    late = {"variable": "overdue_balance", "operator": "gt", "value": {"amount": "0", "currency": "COP"}}
    rule = {"name": "Llamar", "when": late, "action": "call"}
    assert (await house.call("PUT", "/alert-rules/mora", rule)).status_code == 201
    while await JudgeAlertRules(house.segmenter.database, house.segmenter.clock).step():
        pass
    books, yesterday = Books(account()), house.segmenter.clock.today() - timedelta(days=1)
    invoice = an_invoice("100", issued_on=yesterday, due_on=yesterday)
    await house.segmenter.hears(books.registered(), books.issues(invoice))
    await house.segmenter.hears(books.attempts(paid("100", on=yesterday)))
    await drains(poster)
    assert [[one["type"] for one in batch] for batch in receiver.batches] == [["alert.raised", "alert.cleared"]]


async def test_events_arrive_signed_in_the_words_of_the_contract(
    house: House, database: Database, poster: PostToWebhooks, receiver: Receiver
) -> None:
    await subscribes(house, receiver.url)
    told = event(7)
    await tells(database, told, event(8, kind="risk_level.changed"))
    await drains(poster)
    [[got]] = receiver.batches
    assert got == {
        "id": told.id,
        "type": "segment.assigned",
        "source": "segmenter",
        "time": "2026-03-09T00:00:00Z",
        "sequence": 7,
        "epoch": 1,
        "subject": "ana",
        "data": {"as_of": "2026-03-09"},
    }
    assert receiver.is_signed(SECRET)
    assert not receiver.is_signed("another-secret-of-some-length")
    [logged] = (await house.get("/webhooks/crm/deliveries"))["items"]
    assert (logged["events"], logged["first_event_id"], logged["outcome"], logged["status"]) == (
        1,
        told.id,
        "delivered",
        204,
    )
    await drains(poster)
    assert (len(receiver.posts), await queued(database)) == (1, 0)


async def test_what_the_segmenter_publishes_arrives(house: House, poster: PostToWebhooks, receiver: Receiver) -> None:
    await subscribes(house, receiver.url, types=("cascade.published",))
    await house.drafts(a_segment("fallidos", variable="failed_payments", operator="gt", value=0))
    await house.refreshes()
    await drains(poster)
    [[got]] = receiver.batches
    assert (got["type"], got["subject"]) == ("cascade.published", "~cascade")


async def test_500_a_post_in_order(
    house: House, database: Database, poster: PostToWebhooks, receiver: Receiver
) -> None:
    await subscribes(house, receiver.url)
    await tells(database, *[event(n) for n in range(1, 1101)])
    await drains(poster)
    assert [len(batch) for batch in receiver.batches] == [500, 500, 100]
    assert receiver.sequences == list(range(1, 1101))


async def test_what_commits_late_is_not_passed_over(
    house: House, database: Database, poster: PostToWebhooks, receiver: Receiver
) -> None:
    await subscribes(house, receiver.url)
    async with database.transaction() as late:
        await outgoing.put(late, [event(1, "slow")])
        await tells(database, event(2, "quick"))
        await drains(poster)
        assert receiver.sequences == [2]
    await drains(poster)
    assert receiver.sequences == [2, 1]


async def test_a_refused_post_waits_and_is_sent_again_with_the_same_ids(
    house: House, database: Database, poster: PostToWebhooks, receiver: Receiver
) -> None:
    receiver.answers = [500, 302]
    await subscribes(house, receiver.url)
    await tells(database, event(1))
    await drains(poster)
    await tells(database, event(2))
    await drains(poster)
    assert len(receiver.posts) == 1, "a stream that waits is not posted to"
    stream = await house.get("/webhooks/crm")
    assert (stream["state"], stream["failures"]) == ("active", 1)
    assert stream["next_try_at"] > stream["failing_since"]
    await hurries(database)
    await drains(poster)
    await hurries(database)
    await drains(poster)
    assert receiver.sequences == [1, 1, 2, 1, 2], "no redirect is followed"
    assert len({got["id"] for batch in receiver.batches for got in batch}) == 2
    log = await house.get("/webhooks/crm/deliveries", limit=2)
    assert [one["status"] for one in log["items"]] == [204, 302]
    rest = await house.get("/webhooks/crm/deliveries", limit=2, cursor=log["next_cursor"])
    assert [(one["status"], one["outcome"]) for one in rest["items"]] == [(500, "refused")]
    assert (await house.get("/webhooks/crm"))["failures"] == 0


def test_waits_double_up_to_five_minutes() -> None:
    assert [wait_seconds(n) for n in (1, 2, 3, 9, 10, 100_000)] == [1, 2, 4, 256, 300, 300]


async def test_a_stream_stops_after_a_day_until_it_is_resumed(
    house: House, database: Database, poster: PostToWebhooks, receiver: Receiver
) -> None:
    receiver.answers = [503, 503, 503]
    await subscribes(house, receiver.url)
    await tells(database, event(1))
    await drains(poster)
    for hours, state in (23, "active"), (24, "failing"):
        await runs(
            database,
            "UPDATE webhooks SET failing_since = clock_timestamp() - make_interval(hours => :hours)",
            hours=hours,
        )
        await hurries(database)
        await drains(poster)
        assert (await house.get("/webhooks/crm"))["state"] == state
    await hurries(database)
    await tells(database, event(2))
    await drains(poster)
    assert len(receiver.posts) == 3
    assert (await house.post("/webhooks/crm/resume"))["state"] == "active"
    await drains(poster)
    assert receiver.sequences[3:] == [1, 2]


async def test_one_stream_does_not_wait_for_another(
    house: House, database: Database, poster: PostToWebhooks, receiver: Receiver
) -> None:
    await subscribes(house, "http://127.0.0.1:9/closed", "away")
    await subscribes(house, receiver.url)
    await tells(database, event(1))
    await drains(poster)
    assert receiver.sequences == [1]
    [logged] = (await house.get("/webhooks/away/deliveries"))["items"]
    assert (logged["outcome"], logged["status"]) == ("no_answer", None)
    assert await queued(database) == 1, "kept for the one that is away"
    assert (await house.call("DELETE", "/webhooks/away")).status_code == 204
    await drains(poster)
    assert await queued(database) == 0
    assert problem(await house.call("GET", "/webhooks/away/deliveries")) == (404, "unknown_webhook")


async def test_several_workers_keep_the_order(
    house: House, database: Database, poster: PostToWebhooks, receiver: Receiver
) -> None:
    await subscribes(house, receiver.url)

    async def tell_all() -> None:
        for start in range(0, 1000, 100):
            await tells(database, *[event(n) for n in range(start, start + 100)])

    async def work() -> None:
        while len(receiver.sequences) < 1000:
            await poster.step()
            await asyncio.sleep(0)

    async with asyncio.timeout(30):
        await asyncio.gather(tell_all(), work(), work(), work())
    assert receiver.sequences == list(range(1000))


async def test_a_worker_that_dies_after_the_post_repeats_it(
    house: House, database: Database, poster: PostToWebhooks, receiver: Receiver
) -> None:
    await subscribes(house, receiver.url)
    told = event(1)
    await tells(database, told)

    class Dies(Poster):
        async def post(self, *given: Any) -> Any:
            await super().post(*given)
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await PostToWebhooks(database, Dies(anywhere=True)).step()
    await drains(poster)
    assert len(receiver.posts) == 1, "the lease still holds"
    await runs(database, "UPDATE webhooks SET leased_until = clock_timestamp()")
    await drains(poster)
    assert [got["id"] for [got] in receiver.batches] == [told.id, told.id]


async def test_who_lost_the_lease_settles_nothing(
    house: House, database: Database, poster: PostToWebhooks, receiver: Receiver
) -> None:
    await subscribes(house, receiver.url)
    await tells(database, event(1))

    class Slow(Poster):
        async def post(self, *given: Any) -> Any:
            await runs(database, "UPDATE webhooks SET leased_until = clock_timestamp()")
            async with database.transaction() as connection:
                assert await claim(connection, new_id(), last=1, seconds=60)
            return await super().post(*given)

    await PostToWebhooks(database, Slow(anywhere=True)).step()
    assert (await house.get("/webhooks/crm/deliveries"))["items"] == []
    await runs(database, "UPDATE webhooks SET leased_until = clock_timestamp()")
    await drains(poster)
    assert receiver.sequences == [1, 1]
