"""A broker as the Kafka component asks for it: certificates, and the users' rules."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.deploy.kubernetes.manifests import manifests_of
from tests.support.certificates import Authority
from tests.support.guarded_kafka import GuardedKafka, allow, guarded_kafka


@pytest.fixture(scope="package")
def authority() -> Authority:
    """Signs certificates of the broker and of its users."""
    return Authority()


@pytest.fixture(scope="package")
def broker(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[GuardedKafka]:
    """Lets in the users of the component, each to what its ACLs name."""
    with guarded_kafka(tmp_path_factory.mktemp("guarded-kafka"), authority) as broker:
        asyncio.run(_let_in_the_users(broker))
        yield broker


async def _let_in_the_users(broker: GuardedKafka) -> None:
    for user in manifests_of("production").of("KafkaUser"):
        await allow(broker, user["metadata"]["name"], user["spec"]["authorization"]["acls"])
