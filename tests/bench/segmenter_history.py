"""A history load: years of many customers heard at once, judged when it pauses; no move is told in between."""

from dataclasses import replace

from msgspec import structs

from services.segmenter.usecases.judge_history_load import JudgeHistoryLoad
from shared.messaging.batch import Event
from tests.bench.figures import Figure, figure, per_second
from tests.bench.segmenter_events import Lane, a_lane, read
from tests.services.segmenter.listener import SetClock
from tests.support.ground import Ground

_FACTS = 20_000
_BATCH = 2000
_ROUNDS = 4


async def measure(ground: Ground) -> list[Figure]:
    """Facts of a load, their judging included, against the same number of live ones."""
    live, past = [await a_lane(ground.databases) for _ in range(2)]
    pairs = []
    for _ in range(_ROUNDS):
        could = await live.hear(live.billing.events(_FACTS))
        pairs.append((could, await per_second(_FACTS, _load(past))))
    for lane in (live, past):
        await lane.database.close()
    return [figure("history load, judging included, against live events", "events/s", pairs[1:])]


async def _load(lane: Lane) -> None:
    listener = lane.listener
    told = len(await listener.moves_told())
    facts = [_of_history(read(record)) for record in lane.billing.events(_FACTS)]
    for start in range(0, _FACTS, _BATCH):
        await listener.hears(*facts[start : start + _BATCH])
    if len(await listener.moves_told()) != told:
        raise RuntimeError("a move was told while the load went on")
    judge = JudgeHistoryLoad(lane.database, SetClock(lane.billing.day), pause_seconds=0)
    while await judge.step():
        pass
    moved = [one for one, *_ in (await listener.moves_told())[told:]]
    if len(moved) != len(set(moved)):
        raise RuntimeError("a customer moved more than once")


def _of_history(event: Event) -> Event:
    return replace(event, envelope=structs.replace(event.envelope, history=True))
