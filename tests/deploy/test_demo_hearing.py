"""The demo hears what the published examples of events say, each once, from the real broker."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer

from deploy.demo.hearing import Move, Sent, hearing

EXAMPLES = Path(__file__).parents[2] / "docs" / "contracts" / "events"


def example(event_type: str, **headers: str) -> dict[str, Any]:
    """A published example, with other headers where the test needs them."""
    document: dict[str, Any] = json.loads((EXAMPLES / f"{event_type}.json").read_text())
    return document | {"headers": document["headers"] | headers}


async def publish(bootstrap_servers: str, *events: dict[str, Any]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap_servers) as producer:
        for event in events:
            await producer.send_and_wait(
                event["topic"],
                key=event["key"].encode(),
                value=json.dumps(event["value"]).encode(),
                headers=[(name, value.encode()) for name, value in event["headers"].items()],
            )


async def test_moves_and_sent_statements_are_heard_once_each(kafka_bootstrap: str) -> None:
    moved, sent = example("segment.assigned", ce_id="demo-1"), example("statement.sent", ce_id="demo-2")
    async with hearing(kafka_bootstrap) as heard:
        await heard.catch_up()
        before = len(heard.moves), len(heard.sent)
        await publish(kafka_bootstrap, moved, moved, example("segmenter.progress", ce_id="demo-3"), sent, sent)
        await heard.catch_up()
    assert heard.moves[before[0] :] == [
        Move(
            "cli-1001",
            date(2026, 3, 9),
            "Buen pagador",
            "pagos-fallidos",
            "Pagos fallidos",
            "event",
            "Recordatorio suave",
        )
    ]
    assert heard.sent[before[1] :] == [
        Sent("cli-1001", "vencidas-10", "2026-W17-thu", date(2026, 4, 23), ("1000000.00",))
    ]
