"""What an operator does to a running stack: copies databases and restores them, runs commands, loses things."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
import httpx
import psutil
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local.kafka import create_topics
from deploy.local.settings import ROOT
from tests.journeys.cascada import Cascada
from tests.support.eventually import eventually

PROCESSES = {
    "customers": ["customers-api"],
    "segmenter": ["segmenter-api", "segmenter-worker-1"],
    "statements": ["statements-api", "statements-worker-1"],
}
WORKERS = ("segmenter-worker-1", "statements-worker-1")
_RELAY = "hashtext('cascada outbox relay')"


class Operator:
    """Hands on the servers of one stack."""

    def __init__(self, cascada: Cascada) -> None:
        self.cascada = cascada
        self.stack = cascada.stack
        self._environments = {
            service: psutil.Process(self.stack.pid_of(names[0]) or 0).environ() for service, names in PROCESSES.items()
        }

    def url(self, service: str) -> str:
        return self.stack.env[f"{service.upper()}_DATABASE_URL"]

    async def rows(self, service: str, query: str, *given: Any) -> list[tuple[Any, ...]]:
        """Rows of a service's database."""
        connection = await asyncpg.connect(self.url(service))
        try:
            return [tuple(row) for row in await connection.fetch(query, *given)]
        finally:
            await connection.close()

    async def run(self, service: str, *command: str) -> str:
        """``python -m services.<service> <command>`` in that service's environment; what it printed."""
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", f"services.{service}", *command],
            env=self._environments[service],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def stopped(self, *names: str) -> Iterator[None]:
        """These processes are killed and stay away while the block runs."""
        with self.stack.nobody_restarts():
            for name in names:
                self.stack.kill(name)
            yield

    async def restart_workers(self) -> None:
        """Both hearers' workers die and start again."""
        before = [self.stack.kill(name) for name in WORKERS]
        await eventually(lambda: all(self.stack.pid_of(name) not in (None, *before) for name in WORKERS))

    async def copy(self, service: str, to: str) -> None:
        """Make a backup: its processes are down for it, because a template must not be in use."""
        with self.stopped(*PROCESSES[service]):
            await self._create(to, service)
        await self.is_ready(service)

    async def restore(self, service: str, backup: str) -> str:
        """The runbook: everything down, the backup takes the database's place, ``after-restore``, everything up.

        What the command said.
        """
        with self.stopped(*PROCESSES[service]):
            await self._create(service, backup)
            said = await self.run(service, "after-restore")
        await self.is_ready(service)
        return said

    async def make_new(self, service: str) -> None:
        """The service is installed for the first time; call it with its processes stopped."""
        await self._create(service, "template1")
        await self.run(service, "migrate")
        key_file = str(self.stack.process.folder.secret_file("api-key"))
        await self.run(service, "keys", "create", "--name", "local", "--scopes", "all", "--key-file", key_file)

    async def _create(self, name: str, template: str) -> None:
        base = self.url("customers").rpartition("/")[0]
        connection = await asyncpg.connect(f"{base}/postgres")
        try:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", template
            )
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        finally:
            await connection.close()

    async def is_ready(self, service: str) -> None:
        client = getattr(self.cascada, service)

        async def answers() -> bool:
            try:
                return bool((await client.get("/status")).status_code == 200)
            except httpx.HTTPError:
                return False

        await eventually(answers, within=30)

    @asynccontextmanager
    async def nothing_is_told(self) -> AsyncIterator[None]:
        """What is written while the block runs is never told: its events are lost."""
        connection = await asyncpg.connect(self.url("customers"))
        try:
            await connection.execute(f"SELECT pg_advisory_lock({_RELAY})")
            yield
            await connection.execute("DELETE FROM outbox")
        finally:
            await connection.close()

    async def empty_topic(self, topic: str) -> None:
        """The topic is deleted and created anew."""
        bootstrap = self.stack.env["KAFKA_BOOTSTRAP_SERVERS"]
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        await admin.start()
        try:
            await admin.delete_topics([topic])

            async def is_gone() -> bool:
                return topic not in await admin.list_topics()

            await eventually(is_gone)
        finally:
            await admin.close()
        await create_topics(bootstrap)
