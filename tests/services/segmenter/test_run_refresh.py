"""Actualizar: publishes one revision, reassigns exactly who it concerns, and survives whatever happens in between."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from services.segmenter.storage import mismatches
from services.segmenter.storage.refresh_job import claim_refresh
from services.segmenter.storage.top_cutoffs import count_amounts
from services.segmenter.usecases import run_refresh
from services.segmenter.usecases.run_refresh import RunRefresh
from shared.basics.errors import Unavailable
from shared.database.engine import Transaction
from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.services.segmenter.listener import Listener, a_segment
from tests.services.segmenter.races import holding, stands_waiting, waits_or_is_done
from tests.services.segmenter.sender import Books

TODAY = date(2026, 3, 9)
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)
EVERYONE = ("ana", "bea", "caro", "dora", "eva")


async def a_portfolio(segmenter: Listener, *, failing: int = 3) -> dict[str, Books]:
    """Five customers, of whom the first so many have a failed payment and owe 100."""
    everyone = {name: Books(account(customer_id=name)) for name in EVERYONE}
    for number, books in enumerate(everyone.values()):
        await segmenter.hears(books.registered())
        if number < failing:
            await segmenter.hears(books.issues(an_invoice("100", issued_on=TODAY)), books.attempts(failed(on=TODAY)))
    return everyone


async def refresh_row(segmenter: Listener) -> dict[str, object]:
    [row] = await segmenter.rows("SELECT state, revision, done, total, changed FROM refreshes ORDER BY refresh_id")
    return row


async def test_its_end_is_told_in_a_line_of_the_log(segmenter: Listener) -> None:
    await a_portfolio(segmenter)
    with capture_logs() as lines:
        await segmenter.refreshes(FAILING)
    [refresh] = await segmenter.rows("SELECT refresh_id FROM refreshes")
    told = {"event": "refresh_done", "refresh_id": str(refresh["refresh_id"]), "revision": 2, "log_level": "info"}
    assert [line for line in lines if line["event"] == "refresh_done"] == [told]


async def test_it_publishes_and_reassigns_who_matches(segmenter: Listener) -> None:
    await a_portfolio(segmenter)
    before = len(await segmenter.told())
    await segmenter.refreshes(FAILING)
    assert (await segmenter.moves_told())[5:] == [
        (name, "default", "fallidos", "refresh") for name in ("ana", "bea", "caro")
    ]
    assert await refresh_row(segmenter) == {"state": "done", "revision": 2, "done": 5, "total": 5, "changed": 3}
    published, *moves = (await segmenter.told())[before:]
    assert (published.type, published.data["revision"], len(moves)) == ("cascade.published", 2, 3)
    assert [segment["segment_id"] for segment in published.data["segments"]] == ["fallidos", "default"]
    assert moves[0].data["to"] == {"id": "fallidos", "name": "Fallidos"}


async def test_its_effect_is_kept_with_the_revision(segmenter: Listener) -> None:
    await a_portfolio(segmenter)
    await segmenter.refreshes(FAILING, range_size=2)
    assert await segmenter.rows("SELECT effect FROM revisions WHERE revision = 2") == [
        {"effect": {"customers": 3, "balance": [{"amount": "300.00", "currency": "COP"}]}}
    ]


async def test_who_stays_where_they_are_is_not_written(segmenter: Listener) -> None:
    await a_portfolio(segmenter)
    unmoved = "SELECT *, xmin FROM membership WHERE customer_id IN ('dora', 'eva') ORDER BY customer_id"
    before = await segmenter.rows(unmoved)
    await segmenter.refreshes(FAILING)
    assert await segmenter.rows(unmoved) == before


async def test_a_segment_that_is_gone_keeps_its_name_in_the_last_moves(segmenter: Listener) -> None:
    await a_portfolio(segmenter, failing=1)
    await segmenter.refreshes(FAILING)
    await segmenter.refreshes()
    *_, left = await segmenter.told()
    assert (left.data["from"], left.data["to"]["id"]) == ({"id": "fallidos", "name": "Fallidos"}, "default")


async def test_it_goes_on_where_a_dead_worker_left_it(segmenter: Listener) -> None:
    await a_portfolio(segmenter)
    await segmenter.asks_refresh(FAILING)
    worker = RunRefresh(segmenter.database, segmenter.clock, range_size=2)
    for _ in ("prepares", "publishes", "reassigns two"):
        assert await worker.step()
    assert (await refresh_row(segmenter))["done"] == 2

    await segmenter.runs_refresh(range_size=2)
    assert await refresh_row(segmenter) == {"state": "done", "revision": 2, "done": 5, "total": 5, "changed": 3}
    told = [name for name, *_, cause in await segmenter.moves_told() if cause == "refresh"]
    assert told == ["ana", "bea", "caro"]


async def cutoffs_of(segmenter: Listener, revision: int) -> dict[str, str] | None:
    cutoffs = "settings #> '{quick_filters,top_cutoffs}' AS cutoffs"
    [row] = await segmenter.rows(f"SELECT {cutoffs} FROM revisions WHERE revision = :revision", revision=revision)
    found: dict[str, str] | None = row["cutoffs"]
    return found


async def test_what_was_counted_for_a_refresh_that_is_given_up_does_not_count_again(segmenter: Listener) -> None:
    everyone = await a_portfolio(segmenter)
    for name, amount in (("ana", "100"), ("bea", "200"), ("caro", "300"), ("eva", "900")):
        await segmenter.hears(everyone[name].attempts(paid(amount, on=TODAY)))
    worker = RunRefresh(segmenter.database, segmenter.clock, counted=1)
    await segmenter.asks_refresh(FAILING)
    for _ in EVERYONE[:4]:
        assert await worker.step()
    async with segmenter.database.transaction() as connection:
        await connection.execute(text("UPDATE refreshes SET state = 'cancelled'"))
    await segmenter.refreshes(FAILING, counted=1)
    assert await cutoffs_of(segmenter, 2) == {"COP": "900.00"}


async def test_a_day_that_begins_while_it_counts_is_the_day_it_counts_as_of(segmenter: Listener) -> None:
    everyone = await a_portfolio(segmenter)
    for name, amount, days_ago in (("ana", "500", 365), ("eva", "100", 0)):
        await segmenter.hears(everyone[name].attempts(paid(amount, on=TODAY - timedelta(days=days_ago))))
    await segmenter.asks_refresh(FAILING)
    for _ in ("forgets", "counts ana"):
        assert await RunRefresh(segmenter.database, segmenter.clock, counted=1).step()
    segmenter.clock.day += timedelta(days=1)
    await segmenter.runs_refresh(counted=2)
    assert await cutoffs_of(segmenter, 2) == {"COP": "100.00"}
    assert await segmenter.rows("SELECT as_of FROM refreshes") == [{"as_of": TODAY + timedelta(days=1)}]


async def test_while_one_worker_is_at_it_another_leaves_it_alone(segmenter: Listener) -> None:
    await segmenter.asks_refresh(FAILING)
    async with segmenter.database.transaction() as connection:
        assert await claim_refresh(connection)
        assert not await RunRefresh(segmenter.database, segmenter.clock).step()
    assert await RunRefresh(segmenter.database, segmenter.clock).step()


async def test_what_was_cancelled_is_not_published(segmenter: Listener) -> None:
    await segmenter.asks_refresh(FAILING)
    async with segmenter.database.transaction() as connection:
        await connection.execute(text("UPDATE refreshes SET state = 'cancelled'"))
    await segmenter.runs_refresh()
    assert await segmenter.rows("SELECT revision FROM published") == [{"revision": 1}]


async def test_what_cannot_be_published_fails_and_says_why(segmenter: Listener) -> None:
    await segmenter.asks_refresh(FAILING)
    async with segmenter.database.transaction() as connection:
        await connection.execute(text("UPDATE refreshes SET draft = draft - 'settings'"))
    with pytest.raises(KeyError):
        await segmenter.runs_refresh()
    assert await segmenter.rows("SELECT state, error FROM refreshes") == [{"state": "failed", "error": "KeyError"}]


@pytest.mark.parametrize("trouble", ["SELECT pg_sleep(9)", "SELECT pg_terminate_backend(pg_backend_pid())"])
async def test_what_the_database_cannot_do_now_is_tried_again(
    segmenter: Listener, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    await segmenter.asks_refresh(FAILING)

    async def in_trouble(connection: Transaction, *given: Any, **more: Any) -> str | None:
        await connection.execute(text("SET LOCAL statement_timeout = '10ms'"))
        await connection.execute(text(trouble))
        return await count_amounts(connection, *given, **more)

    monkeypatch.setattr(run_refresh, "count_amounts", in_trouble)
    with pytest.raises((DBAPIError, Unavailable)):
        await RunRefresh(segmenter.database, segmenter.clock).step()
    assert (await refresh_row(segmenter))["state"] == "preparing"
    monkeypatch.undo()
    await segmenter.runs_refresh()
    assert (await refresh_row(segmenter))["state"] == "done"


async def test_an_event_that_read_the_old_revision_cannot_leave_its_customer_at_the_old_verdict(
    segmenter: Listener,
) -> None:
    everyone = await a_portfolio(segmenter, failing=0)
    await segmenter.asks_refresh(FAILING)
    async with holding(segmenter, "FROM customers WHERE customer_id = 'ana'"):
        hearing = asyncio.create_task(segmenter.hears(everyone["ana"].attempts(failed(on=TODAY))))
        await stands_waiting(segmenter)
        refreshing = asyncio.create_task(segmenter.runs_refresh())
        await waits_or_is_done(segmenter, refreshing)
    await asyncio.gather(hearing, refreshing)
    assert await segmenter.segment_of("ana") == "fallidos"


async def test_where_many_move_it_takes_smaller_steps(segmenter: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_portfolio(segmenter)
    await segmenter.asks_refresh(FAILING)
    await segmenter.publishes()
    monkeypatch.setattr(mismatches, "MOST", 2)
    worker = RunRefresh(segmenter.database, segmenter.clock)
    assert await worker.step()
    row = await refresh_row(segmenter)
    assert (row["done"], row["changed"]) == (2, 2)
    assert not await worker.step()
    row = await refresh_row(segmenter)
    assert (row["state"], row["done"], row["changed"]) == ("done", 5, 3)


@pytest.fixture
def small_backlog(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_refresh, "BACKLOG", 3)


@pytest.mark.usefixtures("small_backlog")
async def test_it_waits_while_too_much_is_unsent(segmenter: Listener) -> None:
    await a_portfolio(segmenter)
    await segmenter.asks_refresh(FAILING)
    await segmenter.runs_refresh()
    assert (await refresh_row(segmenter))["state"] == "converging"
    async with segmenter.database.transaction() as connection:
        await connection.execute(text("DELETE FROM outbox"))
    await segmenter.runs_refresh()
    assert (await refresh_row(segmenter))["state"] == "done"
