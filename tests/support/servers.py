"""A real PostgreSQL and a real Kafka for tests that need no whole stack: one of each per test session."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.folder import LocalFolder
from deploy.local.kafka import KafkaServer
from deploy.local.kafka_jars import kafka_class_path
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from deploy.local.program import Child, Program

# Data of a test session need not survive a power cut; it does survive killed processes.
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_READY_SECONDS = 60.0


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """The URL of a server: the one that ``DATABASE_URL`` names, else our own for as long as the block runs."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    local = LocalFolder(folder)
    server = PostgresServer(local.postgres, free_port(), local.secret("postgres-password"), _FAST)
    server.prepare()
    with running(server.program(), local, server.is_ready):
        yield server.url


@contextmanager
def running_kafka(folder: Path) -> Iterator[str]:
    """The bootstrap servers of a broker with Cascada's topics, for as long as the block runs."""
    local = LocalFolder(folder)
    server = kafka_server(local, free_port())
    server.prepare()
    with running(server.program(), local, server.is_ready):
        yield server.bootstrap_servers


def kafka_server(local: LocalFolder, port: int) -> KafkaServer:
    """A broker with its data in a folder, once its jars are here."""
    return KafkaServer(local.kafka, port, kafka_class_path(print))


class MortalKafka:
    """A broker of a test's own, which the test may kill and start again."""

    def __init__(self, folder: Path) -> None:
        self._local = LocalFolder(folder)
        self._server = kafka_server(self._local, free_port())
        self._server.prepare()
        self.start()

    @property
    def bootstrap_servers(self) -> str:
        return self._server.bootstrap_servers

    def start(self) -> None:
        self._child = Child(self._server.program(), self._local)
        self._child.wait_until(self._server.is_ready, within=_READY_SECONDS)

    def kill(self) -> None:
        """Kill -9."""
        os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait_until_stopped()


@contextmanager
def running(program: Program, folder: LocalFolder, is_ready: Callable[[], bool]) -> Iterator[Child]:
    """A program, started and ready, for as long as the block runs."""
    child = Child(program, folder)
    try:
        child.wait_until(is_ready, within=_READY_SECONDS)
        yield child
    finally:
        child.ask_to_stop()
        child.wait_until_stopped()
