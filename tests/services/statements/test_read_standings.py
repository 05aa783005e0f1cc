"""Where everyone stands is read from the segmenter's stream; what is known better stays."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import httpx
import msgspec
import pytest
from sqlalchemy import text

from services.statements.outbound.standings import Standings
from services.statements.storage import segments
from services.statements.usecases.read_standings import ReadStandings
from shared.contracts.envelope import encode_data
from shared.http.client import ServiceClient
from shared.messaging import walks
from shared.messaging.sequence import Position
from tests.services.statements import telling
from tests.services.statements.house import House
from tests.services.statements.segmenter_telling import assigned, published

NAMES = [f"c{number}" for number in range(7)]


@dataclass
class Segmenter:
    """``stands``: the segment and position of each customer. ``meanwhile`` happens while it answers."""

    stands: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    cascade: tuple[int, tuple[str, ...]] = (1, ("vip", "default"))
    is_away: bool = False
    breaks_off: int | None = None
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[None]] | None = None

    def assigns(self, segment_id: str, *customer_ids: str, epoch: int = 1, sequence: int = 1) -> None:
        self.stands |= dict.fromkeys(customer_ids, (segment_id, epoch, sequence))

    async def answer(self, request: httpx.Request) -> httpx.Response:
        after = request.url.params.get("after", "")
        self.asked.append(after)
        if self.is_away:
            raise httpx.ConnectError("nobody is there")
        lines = [line async for line in self._lines(after)]
        if self.meanwhile:
            await self.meanwhile()
        return httpx.Response(200, content=self._sent(lines))

    async def _lines(self, after: str) -> AsyncIterator[bytes]:
        revision, ids = self.cascade
        yield encode_data(published(*ids, seq=revision).payload)
        for one in sorted(one for one in self.stands if one > after):
            segment_id, epoch, sequence = self.stands[one]
            row = {"customer_id": one, "segment_id": segment_id, "aging_bucket": "current", "risk_level": "low"}
            yield msgspec.json.encode(row | {"epoch": epoch, "sequence": sequence})

    async def _sent(self, lines: list[bytes]) -> AsyncIterator[bytes]:
        for place, line in enumerate(lines):
            if place == self.breaks_off:
                raise httpx.RemoteProtocolError("it broke off")
            yield line + b"\n"


@dataclass
class Reading:
    """statements beside the stand-in."""

    house: House
    segmenter: Segmenter = field(default_factory=Segmenter)

    def worker(self) -> ReadStandings:
        """A worker that starts, which reads three customers a step."""
        client = ServiceClient("http://segmenter")
        client._http = httpx.AsyncClient(
            base_url="http://segmenter", transport=httpx.MockTransport(self.segmenter.answer)
        )
        return ReadStandings(self.house.database, self.house.clock, Standings(client).page, page_size=3)

    async def reads_all(self, worker: ReadStandings | None = None) -> None:
        worker = worker or self.worker()
        while await worker.step():
            pass

    async def hears(self, *said: telling.Said) -> None:
        await self.house.events.apply(telling.batch(said))

    async def known(self) -> dict[str, str | None]:
        rows = await self._rows("SELECT customer_id, segment_id FROM standings ORDER BY 1")
        return dict(rows)

    async def cascade(self) -> list[str]:
        async with self.house.database.transaction() as connection:
            return sorted((await segments.published(connection)).segment_ids or ())

    async def forgets(self) -> None:
        """As if it were new."""
        await self._rows("UPDATE walks SET after = '', finished_at = NULL WHERE name = 'standings' RETURNING 1")

    async def lets_claims_run_out(self) -> None:
        await self._rows("UPDATE walks SET claimed_until = '-infinity' RETURNING 1")

    async def raises_the_segmenters_epoch(self, epoch: int) -> None:
        """The segmenter's progress says so."""
        async with self.house.database.transaction() as connection:
            at = Position(epoch, 1)
            await segments.note_progress(connection, at, self.house.clock.now(), self.house.clock.now())

    async def _rows(self, query: str) -> list[tuple[str, str | None]]:
        async with self.house.database.transaction() as connection:
            return [(row[0], row[-1]) for row in await connection.execute(text(query))]


@pytest.fixture
async def reading(house: House) -> Reading:
    """Seven customers are VIP."""
    reading = Reading(house)
    reading.segmenter.assigns("vip", *NAMES)
    await reading.forgets()
    return reading


async def test_a_new_service_learns_where_everyone_stands(reading: Reading) -> None:
    await reading.reads_all()
    assert await reading.known() == dict.fromkeys(NAMES, "vip")
    assert await reading.cascade() == ["default", "vip"]


async def test_broken_off_or_away_it_goes_on_where_it_was(reading: Reading) -> None:
    worker = reading.worker()
    assert await worker.step()
    reading.segmenter.breaks_off = 2
    assert not await worker.step()
    reading.segmenter.breaks_off, reading.segmenter.is_away = None, True
    await reading.lets_claims_run_out()
    assert not await worker.step()
    assert list(await reading.known()) == NAMES[:3]
    reading.segmenter.is_away = False
    await reading.lets_claims_run_out()
    await reading.reads_all(worker)
    assert (list(await reading.known()), reading.segmenter.asked) == (NAMES, ["", "c2", "c2", "c2", "c5"])


async def test_an_older_word_never_wins(reading: Reading) -> None:
    await reading.hears(assigned("c1", "default", seq=2), published("later", "default", seq=2))
    await reading.reads_all()
    assert (await reading.known())["c1"] == "default"
    assert await reading.cascade() == ["default", "later"]


async def test_what_the_topic_forgot_is_made_good(reading: Reading) -> None:
    await reading.hears(assigned("c1", "default", seq=2), published("vip", "default", seq=1))
    reading.segmenter.assigns("vip", "c1", sequence=3)
    reading.segmenter.cascade = (2, ("later", "default"))
    await reading.reads_all()
    assert (await reading.known())["c1"] == "vip"
    assert await reading.cascade() == ["default", "later"]


async def test_a_restored_segmenter_is_believed_even_if_its_verdict_never_changes_again(reading: Reading) -> None:
    await reading.hears(assigned("c1", "default", seq=9), published("later", "default", seq=9))
    worker = reading.worker()
    await reading.reads_all(worker)
    reading.segmenter.assigns("vip", *NAMES, epoch=2)
    await reading.raises_the_segmenters_epoch(2)
    await reading.reads_all(worker)
    assert (await reading.known())["c1"] == "vip"
    assert await reading.cascade() == ["default", "vip"]


async def test_whom_the_segmenter_lacks_is_in_no_segment(reading: Reading) -> None:
    await reading.hears(*(assigned(one, "vip") for one in ("a", "c3a", "z")))
    await reading.reads_all()
    assert await reading.known() == {"a": None, **dict.fromkeys(NAMES, "vip"), "c3a": None, "z": None}


async def test_who_was_told_of_while_the_segmenter_answered_stays(reading: Reading) -> None:
    async def news() -> None:
        if reading.segmenter.asked[-1] == "c5":
            await reading.hears(assigned("c7", "vip"), assigned("z", "vip", seq=2))

    await reading.hears(assigned("z", "default", seq=1))
    reading.segmenter.meanwhile = news
    await reading.reads_all()
    assert await reading.known() == dict.fromkeys([*NAMES, "c7", "z"], "vip")


async def test_it_is_read_again_at_each_start_and_each_day(reading: Reading) -> None:
    worker = reading.worker()
    await reading.reads_all(worker)
    assert not await worker.step()
    assert reading.segmenter.asked.count("") == 1
    await reading.reads_all(reading.worker())
    assert reading.segmenter.asked.count("") == 2
    reading.house.clock.set("2026-03-11T00:01:00-05:00")
    await reading.reads_all(worker)
    assert reading.segmenter.asked.count("") == 3


async def test_the_segmenters_word_counts_once_standings_were_read(reading: Reading) -> None:
    await reading.raises_the_segmenters_epoch(1)
    async with reading.house.database.transaction() as connection:
        assert (await segments.segmenters_word(connection)).facts_through is None
    await reading.reads_all()
    async with reading.house.database.transaction() as connection:
        assert (await segments.segmenters_word(connection)).facts_through == reading.house.clock.now()


async def test_who_is_overtaken_keeps_nothing(reading: Reading) -> None:
    async def another() -> None:
        async with reading.house.database.transaction() as connection:
            await walks.move(connection, segments.WALK, "", "c9", claimed=False)

    reading.segmenter.meanwhile = another
    assert not await reading.worker().step()
    assert await reading.known() == {}
