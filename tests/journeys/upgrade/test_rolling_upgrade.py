"""A rolling upgrade: processes of the release before and ours side by side, on the schema and topics of ours."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.local.ports import free_port
from tests.journeys.cascada import Cascada
from tests.journeys.conftest import StartCascada
from tests.journeys.publishing import publish
from tests.journeys.repair.equality import all_are_equal
from tests.journeys.repair.operator import WORKERS, Operator
from tests.journeys.upgrade.previous import previous_running
from tests.journeys.wire import fact_body, fact_path
from tests.oracle.accounts import account, an_invoice, paid
from tests.oracle.cascade import Segment
from tests.support.eventually import eventually

NOW = "2026-03-04T17:00:00-05:00"
DAY = date(2026, 3, 4)
MANY = 40
PAYERS = Segment("pagan", "Pagan", {"variable": "successful_payments", "operator": "gte", "value": 1})
RULE = {
    "name": "Cada tarde",
    "frequency": {"type": "weekly", "weekdays": ["wednesday"]},
    "time": "18:00",
    "content": {"type": "full"},
    "status": "active",
}


@pytest.fixture
async def cascada(previous: Path, start_cascada: StartCascada) -> Cascada:
    """Ours, migrated and running."""
    return await start_cascada(clock=NOW)


def environment_of(cascada: Cascada, process: str, **changed: str) -> dict[str, str]:
    pid = cascada.stack.pid_of(process)
    assert pid
    return {**psutil.Process(pid).environ(), **changed}


def old_roles(cascada: Cascada, port: int) -> Mapping[tuple[str, str], Mapping[str, str]]:
    return {
        ("customers", "api"): environment_of(cascada, "customers-api", CUSTOMERS_PORT=str(port)),
        ("segmenter", "worker"): environment_of(cascada, "segmenter-worker-1"),
        ("statements", "worker"): environment_of(cascada, "statements-worker-1"),
    }


def names() -> Iterator[str]:
    return (f"c-{number:02}" for number in range(MANY))


async def pays(api: httpx.AsyncClient, payment_id: str) -> None:
    """Everyone pays a little by one of the APIs."""
    for name in names():
        fact = paid("1", on=DAY, payment_id=payment_id)
        assert (await api.put(fact_path(name, fact), json=fact_body(fact))).status_code == 201


async def test_both_versions_share_the_work_and_the_end_is_the_same(
    cascada: Cascada, previous: Path, tmp_path: Path
) -> None:
    port, operator = free_port(), Operator(cascada)
    await publish(cascada, [PAYERS])
    owing = an_invoice("100", issued_on=DAY)
    await cascada.load(
        [account(owing, customer_id=name, email=f"{name}@correo.demo") for name in names()], history=False
    )
    old_api = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/v1", headers=cascada.stack.headers, timeout=30)
    async with old_api as before:
        with previous_running(previous, old_roles(cascada, port), tmp_path):
            await eventually(lambda: _answers(before), within=30)
            for number in range(2):
                await pays(before, f"old-{number}")
                await pays(cascada.customers, f"new-{number}")
            await all_are_equal(operator)
            with operator.stopped(*WORKERS):  # ours are gone for a while: those of the release before go on alone
                await pays(cascada.customers, "alone")
                await all_are_equal(operator, within=60)
            assert (await cascada.statements.put("/rules/diaria", json=RULE)).status_code == 201
            cascada.stack.set_clock("2026-03-04T18:00:01-05:00")
            await eventually(lambda: _are_all_mailed(cascada), within=60)
            await pays(before, "last")
    await pays(cascada.customers, "after")
    await all_are_equal(operator)
    assert {await cascada.segment_of(name) for name in names()} == {"pagan"}
    counts = (await cascada.mail.get("/stats")).json()
    assert (counts["accepted"], counts["repeated"]) == (MANY, 0)


async def _answers(api: httpx.AsyncClient) -> bool:
    try:
        return (await api.get("/status")).status_code == 200
    except httpx.HTTPError:
        return False


async def _are_all_mailed(cascada: Cascada) -> bool:
    return bool((await cascada.mail.get("/stats")).json()["accepted"] >= MANY)
