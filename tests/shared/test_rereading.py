"""A topic read once to its end: all of it, and no waiting for ever for a broker that went away meanwhile."""

from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.basics.errors import Unavailable
from shared.contracts import customers_v1
from shared.contracts.envelope import encode_headers
from shared.messaging import rereading
from shared.messaging.rereading import reread
from tests.shared.events import registered

TYPES = {customers_v1.TOPIC: customers_v1.EVENTS}


async def read(bootstrap: str) -> list[tuple[str, int]]:
    """(key, sequence) of everything."""
    return [
        (one.envelope.key, one.envelope.sequence)
        async for events in reread(bootstrap, customers_v1.TOPIC, TYPES)
        for one in events
    ]


async def told(bootstrap: str, *sequences: int) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        for sequence in sequences:
            one = registered("reread", sequence)
            headers = encode_headers(one)
            await producer.send_and_wait(customers_v1.TOPIC, one.data, key=one.key.encode(), headers=headers)


async def test_it_ends_where_the_topic_ends(kafka_bootstrap: str) -> None:
    await told(kafka_bootstrap, 1, 2)
    assert [one for one in await read(kafka_bootstrap) if one[0] == "reread"][-2:] == [("reread", 1), ("reread", 2)]


async def test_a_broker_that_goes_away_is_not_waited_for_for_ever(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told(kafka_bootstrap, 3)

    async def nothing(*_: Any, **__: Any) -> dict[Any, Any]:
        return {}

    monkeypatch.setattr(AIOKafkaConsumer, "getmany", nothing)
    monkeypatch.setattr(rereading, "_QUIET_SECONDS", 0.5)
    with pytest.raises(Unavailable, match="nothing came"):
        await read(kafka_bootstrap)
