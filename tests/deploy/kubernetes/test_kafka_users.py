"""The users of the Kafka component on a real broker that keeps to their rules: each can do its work, and no more."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from ssl import VERIFY_X509_STRICT, SSLContext

import pytest

from services.statements.inbound.own_events import read_own_events
from services.statements.outbound.events import ContactTold, Place, contact_event
from shared.basics.days import zone
from shared.contracts import customers_v1, segments_v1, statements_v1
from shared.messaging.batch import Batch, Types
from shared.messaging.consumer import Consumer
from shared.messaging.producer import NotSent, Producer
from shared.runtime.clock import MachineClock
from shared.runtime.loops import StopFlag
from shared.runtime.settings import CommonSettings
from tests.shared.events import registered
from tests.support.certificates import Authority
from tests.support.eventually import eventually
from tests.support.guarded_kafka import GuardedKafka

OWN = {"customers": "customers.v1", "segmenter": "segments.v1", "statements": "statements.v1"}
HEARS: dict[str, Types] = {
    "segmenter": {customers_v1.TOPIC: customers_v1.EVENTS, statements_v1.TOPIC: statements_v1.EVENTS},
    "statements": {customers_v1.TOPIC: customers_v1.EVENTS, segments_v1.TOPIC: segments_v1.EVENTS},
}


@pytest.fixture
def certificates(tmp_path: Path, authority: Authority) -> dict[str, SSLContext]:
    return {service: tls(authority.write_user(tmp_path / service, f"kafka-{service}")) for service in OWN}


def tls(folder: Path) -> SSLContext:
    known = {"kafka_bootstrap_servers": "127.0.0.1:9", "service_api_key": "a-key-for-tests-only"}
    context = CommonSettings.model_validate({**known, "kafka_tls_folder": folder}).kafka_tls()
    assert context is not None
    assert not context.verify_flags & VERIFY_X509_STRICT  # with it no certificate of Strimzi's passes
    return context


async def send(broker: GuardedKafka, topic: str, certificate: SSLContext | None) -> None:
    producer = Producer(broker.guarded_servers, topic, certificate)
    try:
        await producer.send([registered("ana", 1)])
    finally:
        await producer.close()


async def test_each_service_writes_its_own_topic_alone(
    broker: GuardedKafka, certificates: dict[str, SSLContext]
) -> None:
    for service, own in OWN.items():
        await send(broker, own, certificates[service])
    for service, other in (("segmenter", "customers.v1"), ("customers", "statements.v1")):
        with pytest.raises(NotSent):
            await send(broker, other, certificates[service])


@pytest.mark.parametrize("service", HEARS)
async def test_each_service_hears_its_topics_in_its_group(
    broker: GuardedKafka, certificates: dict[str, SSLContext], service: str
) -> None:
    heard: set[str] = set()
    await send(broker, "customers.v1", certificates["customers"])

    async def take(batch: Batch) -> None:
        heard.update(progress.topic for progress in batch.progress)

    clock, stop = MachineClock(zone("UTC")), StopFlag()
    consumer = Consumer(broker.guarded_servers, service, HEARS[service], take, clock, certificates[service])
    running = asyncio.create_task(consumer.run(stop))
    try:
        await eventually(lambda: heard == set(HEARS[service]), within=30)
    finally:
        stop.raise_it()
        await running


async def test_statements_reads_back_what_it_told(broker: GuardedKafka, certificates: dict[str, SSLContext]) -> None:
    now, certificate = datetime.now(UTC), certificates["statements"]
    producer = Producer(broker.guarded_servers, statements_v1.TOPIC, certificate)
    told = ContactTold("ana", "d1", "0" * 64, now)
    await producer.send([contact_event("contact.restored", "ana", told, Place(1, 1, now))])
    await producer.close()
    pages = [page async for page in read_own_events(broker.guarded_servers, certificate)]
    assert [one.customer_id for page in pages for one in page] == ["ana"]


async def test_strangers_are_not_let_in(broker: GuardedKafka, authority: Authority, tmp_path: Path) -> None:
    of_another = Authority("somebody else").write_user(tmp_path / "stranger", "kafka-customers")
    (of_another / "ca.crt").write_text(authority.certificate)
    for certificate in (tls(of_another), None):
        with pytest.raises(NotSent):
            await send(broker, "customers.v1", certificate)


async def test_a_broker_of_another_authority_is_not_spoken_to(
    broker: GuardedKafka, authority: Authority, tmp_path: Path
) -> None:
    folder = authority.write_user(tmp_path / "customers", "kafka-customers")
    (folder / "ca.crt").write_text(Authority("somebody else").certificate)
    with pytest.raises(NotSent):
        await send(broker, "customers.v1", tls(folder))
