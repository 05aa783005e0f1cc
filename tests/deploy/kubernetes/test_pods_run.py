"""Pods of staging come up as their manifests say: migrated, waited, let in by each other, heard through Kafka."""

from collections.abc import Callable
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.deploy.kubernetes.manifests import manifests_of
from tests.deploy.kubernetes.running import Place
from tests.support.certificates import Authority
from tests.support.eventually import eventually
from tests.support.fixtures import NewDatabase
from tests.support.guarded_kafka import GuardedKafka

KEY = "a-key-that-services-have"


@pytest.mark.timeout(300)  # nine processes start
async def test_pods_of_two_services_find_each_other(
    new_database: NewDatabase, broker: GuardedKafka, authority: Authority, tmp_path: Path
) -> None:
    urls = {service: await new_database() for service in ("customers", "segmenter")}

    def place(service: str, **addresses: str) -> Place:
        secrets = {"service_api_key": KEY, f"{service}_database_url": urls[service]}
        found = Place(manifests_of("staging"), service, tmp_path / service, broker, secrets, addresses)
        found.mount(authority)
        return found

    customers = place("customers")
    assert "key_id" in customers.run("Job")[-1]
    assert customers.run("api") == ["the schema is there"]
    with customers.serving("api") as api:
        assert [status(api + path) for path in ("/livez", "/readyz", "/metrics")] == [200, 200, 200]
        assert status(f"{api}/v1/heads", KEY) == 200
        assert status(f"{api}/v1/customers/ana", KEY, method="PUT") == 403

        segmenter = place("segmenter", CUSTOMERS_URL=api)
        segmenter.run("Job")
        with segmenter.serving("worker") as worker:
            assert status(f"{worker}/metrics") == 200
            await eventually(hears_everyone(urls["segmenter"]), within=30)


def status(url: str, key: str = "", *, method: str = "GET") -> int:
    return httpx.request(method, url, headers={"X-Api-Key": key}, timeout=30).status_code


def hears_everyone(url: str) -> Callable[[], object]:
    """Whether all partitions of both topics were heard up to some moment."""

    async def heard() -> bool:
        connection = await asyncpg.connect(url)
        try:
            return bool(await connection.fetchval("SELECT count(*) = 12 FROM partition_progress"))
        finally:
            await connection.close()

    return heard
