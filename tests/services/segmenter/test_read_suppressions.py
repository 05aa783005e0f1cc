"""Suppressed addresses are read from statements; one that was restored since stays usable."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.segmenter.outbound.suppressions import Suppressions
from services.segmenter.settings import Settings
from services.segmenter.usecases.read_suppressions import ReadSuppressions
from services.segmenter.wiring.worker import reading_suppressions
from shared.http.client import ServiceClient
from tests.oracle.accounts import account
from tests.services.segmenter.listener import Listener, a_segment
from tests.services.segmenter.sender import Books, contact

UNREACHABLE = a_segment("sin-contacto", variable="contactability_problem", operator="eq", value=True)
BEFORE, AFTER = "2026-03-09T12:00:00Z", "2026-03-09T14:00:00Z"
"""Of the instant at which ``contact`` tells."""


@dataclass
class Statements:
    """It tells one suppression a page."""

    suppressed: list[tuple[str, Sequence[str], str]] = field(default_factory=list)
    is_away: bool = False
    asked: list[str] = field(default_factory=list)

    def suppresses(self, address: str, *customer_ids: str, since: str = AFTER) -> None:
        self.suppressed.append((address, customer_ids, since))

    def answer(self, request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor", "")
        self.asked.append(cursor)
        if self.is_away:
            raise httpx.ConnectError("nobody is there")
        place = int(cursor or 0)
        items = [
            {
                "suppression_id": f"s{place}",
                "address_sha256": sha256(address.encode()).hexdigest(),
                "address": address,
                "reason": "hard_bounce",
                "customer_ids": list(customer_ids),
                "since": since,
            }
            for address, customer_ids, since in self.suppressed[place : place + 1]
        ]
        then = str(place + 1) if place + 1 < len(self.suppressed) else None
        return httpx.Response(200, json={"items": items, "next_cursor": then})

    def reader(self, segmenter: Listener) -> ReadSuppressions:
        client = ServiceClient("http://statements")
        client._http = httpx.AsyncClient(base_url="http://statements", transport=httpx.MockTransport(self.answer))
        return ReadSuppressions(segmenter.database, segmenter.clock, Suppressions(client).page, lambda: None)

    async def is_read(self, segmenter: Listener) -> None:
        reader = self.reader(segmenter)
        while await reader.step():
            pass


@pytest.fixture
async def ana_and_eva(segmenter: Listener) -> Listener:
    """Both can be reached, each at an address of her own."""
    await segmenter.refreshes(UNREACHABLE)
    for one in ("ana", "eva"):
        await segmenter.hears(Books(account(customer_id=one, email=f"{one}@correo.co")).registered())
    return segmenter


async def segments(segmenter: Listener) -> list[str | None]:
    return [await segmenter.segment_of(one) for one in ("ana", "eva")]


async def test_a_suppressed_address_moves_whoever_has_it(ana_and_eva: Listener) -> None:
    statements = Statements()
    statements.suppresses("ana@correo.co", "ana")
    statements.suppresses("eva@correo.co", "eva", "nobody-known")
    await statements.is_read(ana_and_eva)
    assert await segments(ana_and_eva) == ["sin-contacto", "sin-contacto"]
    assert statements.asked == ["", "1"]


async def test_who_was_restored_since_stays_and_who_bounced_again_does_not(ana_and_eva: Listener) -> None:
    statements = Statements()
    for one, since in (("ana", BEFORE), ("eva", AFTER)):
        await ana_and_eva.hears(contact(one, "restored", f"{one}@correo.co", 2))
        statements.suppresses(f"{one}@correo.co", one, since=since)
    await statements.is_read(ana_and_eva)
    assert await segments(ana_and_eva) == ["default", "sin-contacto"]


async def test_what_is_told_later_wins(ana_and_eva: Listener) -> None:
    statements = Statements()
    statements.suppresses("ana@correo.co", "ana")
    await statements.is_read(ana_and_eva)
    await ana_and_eva.hears(contact("ana", "restored", "ana@correo.co", 1))
    assert await segments(ana_and_eva) == ["default", "default"]


async def test_while_statements_is_away_it_waits_and_goes_on_at_its_page(ana_and_eva: Listener) -> None:
    statements = Statements()
    statements.suppresses("ana@correo.co", "ana")
    statements.suppresses("eva@correo.co", "eva")
    reader = statements.reader(ana_and_eva)
    assert await reader.step()
    statements.is_away = True
    assert not await reader.step()
    statements.is_away = False
    async with ana_and_eva.database.transaction() as connection:
        await connection.execute(text("UPDATE walks SET claimed_until = '-infinity'"))
    await statements.is_read(ana_and_eva)
    assert (statements.asked, await segments(ana_and_eva)) == (["", "1", "1"], ["sin-contacto", "sin-contacto"])


async def test_it_is_read_once_a_day(ana_and_eva: Listener) -> None:
    statements = Statements()
    for _ in range(2):
        await statements.is_read(ana_and_eva)
    assert len(statements.asked) == 1
    ana_and_eva.clock.day = date(2026, 3, 10)
    await statements.is_read(ana_and_eva)
    assert len(statements.asked) == 2


async def test_without_an_address_of_statements_it_is_left_out(segmenter: Listener) -> None:
    known: dict[str, Any] = {"kafka_bootstrap_servers": "127.0.0.1:9", "service_api_key": "a-key-of-sixteen-letters"}
    known |= {"segmenter_database_url": "postgresql://unused", "customers_url": "http://127.0.0.1:9"}
    settings = Settings(**known, statements_url=None)
    async with reading_suppressions(settings, segmenter.database, segmenter.clock, lambda: None) as loops:
        assert loops == []
