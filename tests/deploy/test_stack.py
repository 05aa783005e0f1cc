"""The local stack by itself, with stand-ins for the services: contract.md, *The local stack*."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.answering import answers
from deploy.local.kafka import PARTITIONS, TOPICS
from deploy.local.leftovers import process_of
from deploy.local.postgres import is_answering
from deploy.local.problem import LocalProblem
from deploy.local.settings import ROOT
from deploy.local.stack_process import StackProcess, free_ports, read_env_file
from tests.support.eventually import eventually

_TOLD = [
    *("CUSTOMERS_URL", "SEGMENTER_URL", "STATEMENTS_URL", "MAIL_URL", "KAFKA_BOOTSTRAP_SERVERS"),
    *("CUSTOMERS_DATABASE_URL", "SEGMENTER_DATABASE_URL", "STATEMENTS_DATABASE_URL"),
    *("API_KEY", "GATEWAY_WEBHOOK_SECRET"),
]


def stand_in_stack(folder: Path, **environment: str) -> StackProcess:
    return StackProcess(
        folder, {**free_ports(), "DATABASE_URL": "", **environment}, module="tests.deploy.stand_in_stack"
    )


def processes_of(stack: StackProcess) -> dict[str, psutil.Process]:
    named = {path.stem: process_of(stack.folder, path.stem) for path in stack.folder.pid_files()}
    return {name: process for name, process in named.items() if process}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackProcess]:
    stack = stand_in_stack(tmp_path_factory.mktemp("stand-ins"))
    try:
        stack.wait_until_ready()
        yield stack
    finally:
        stack.stop()


def test_stack_env_tells_what_the_contract_names(stack: StackProcess) -> None:
    assert list(read_env_file(stack.folder.stack_env)) == _TOLD


async def test_each_service_has_a_database_ordered_by_bytes(stack: StackProcess) -> None:
    told = read_env_file(stack.folder.stack_env)
    for service in ("CUSTOMERS", "SEGMENTER", "STATEMENTS"):
        connection = await asyncpg.connect(told[f"{service}_DATABASE_URL"])
        row = await connection.fetchrow("SELECT datcollate FROM pg_database WHERE datname = current_database()")
        await connection.close()
        assert row is not None
        assert row["datcollate"] == "C"


async def test_the_broker_has_the_three_topics_with_six_partitions(stack: StackProcess) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=read_env_file(stack.folder.stack_env)["KAFKA_BOOTSTRAP_SERVERS"])
    await admin.start()
    try:
        described = {one["topic"]: len(one["partitions"]) for one in await admin.describe_topics(list(TOPICS))}
    finally:
        await admin.close()
    assert described == dict.fromkeys(TOPICS, PARTITIONS)


def test_postgres_does_not_run_as_root(stack: StackProcess) -> None:
    assert psutil.Process(stack.pid_of("postgres")).uids().effective != 0


async def test_a_killed_service_is_back_within_five_seconds(stack: StackProcess) -> None:
    killed = stack.kill("segmenter-api")
    url = read_env_file(stack.folder.stack_env)["SEGMENTER_URL"]

    await eventually(lambda: stack.pid_of("segmenter-api") not in (None, killed) and answers(f"{url}/readyz"), within=5)


async def test_a_killed_database_server_is_back_with_its_data(stack: StackProcess) -> None:
    url = read_env_file(stack.folder.stack_env)["CUSTOMERS_DATABASE_URL"]
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    killed = stack.kill("postgres")

    async def answers_anew() -> bool:
        return stack.pid_of("postgres") not in (None, killed) and await is_answering(url)

    await eventually(answers_anew, within=20)
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT n FROM kept") == 7
    await connection.close()


def test_a_second_stack_in_the_same_folder_is_refused(stack: StackProcess) -> None:
    second = run_stand_ins(stack.folder.path, **free_ports())
    assert second.returncode == 1
    assert second.stderr == f"A stack already runs in {stack.folder.path}; `make down` stops it.\n"
    assert stack.folder.stack_env.exists()


def test_a_taken_port_is_named_with_its_variable(stack: StackProcess, tmp_path: Path) -> None:
    taken = read_env_file(stack.folder.stack_env)["MAIL_URL"].rpartition(":")[2]
    refused = run_stand_ins(tmp_path, **{**free_ports(), "MAIL_PORT": taken})
    assert refused.returncode == 1
    assert f"{taken} (MAIL_PORT)" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


async def test_stack_env_appears_when_the_last_service_is_ready_and_goes_on_stop(tmp_path: Path) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    stack = stand_in_stack(tmp_path)
    try:
        await eventually(lambda: "statements-api" in processes_of(stack) or not stack.is_running, within=60)
        assert stack.is_running, stack.said()
        assert not stack.folder.stack_env.exists()
        hold.unlink()
        await eventually(stack.folder.stack_env.exists)
        running = processes_of(stack)
        assert set(running) == {"postgres", "kafka", "mail", "customers-api", "segmenter-api", "statements-api"}
    finally:
        status = stack.stop()
    assert status == 0
    assert not stack.folder.stack_env.exists()
    assert not any(lives(process) for process in running.values())


async def test_down_stops_what_a_killed_supervisor_left_and_the_state_is_kept(tmp_path: Path) -> None:
    ports = free_ports()
    stack = stand_in_stack(tmp_path, **ports)
    try:
        before = stack.wait_until_ready()
        running = processes_of(stack)
        stack.signal_supervisor(signal.SIGKILL)
        await eventually(lambda: not stack.is_running)
        assert all(lives(process) for process in running.values())
    finally:
        down = run_module("deploy.local.down", tmp_path)
    assert down.stdout == "stopped\n"
    assert not any(lives(process) for process in running.values())
    assert not stack.folder.stack_env.exists()
    assert run_module("deploy.local.down", tmp_path).stdout == "nothing was running\n"

    again = stand_in_stack(tmp_path, **ports)
    try:
        assert again.wait_until_ready() == before
    finally:
        again.stop()


def test_a_failing_migration_is_told_and_nothing_stays_behind(tmp_path: Path) -> None:
    stack = stand_in_stack(tmp_path, MIGRATION_STATUS="3")
    try:
        with pytest.raises(LocalProblem, match=r"customers-migrate failed:\nmigrating"):
            stack.wait_until_ready()
    finally:
        assert stack.stop() == 1
    assert processes_of(stack) == {}


def test_a_port_that_is_no_number_is_one_clear_line(tmp_path: Path) -> None:
    refused = run_stand_ins(tmp_path, KAFKA_PORT="ninety")
    assert refused.stderr == "KAFKA_PORT is 'ninety'; it must be a number from 1 to 65535.\n"


def run_stand_ins(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_module("tests.deploy.stand_in_stack", folder, DATABASE_URL="", **environment)


def run_module(module: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env={**os.environ, **environment, "CASCADA_LOCAL_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
