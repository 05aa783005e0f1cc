"""A broker that lets in only whom it knows by certificate, and each only to what its rules name.

Tests speak to it as its owner through the plain door, which is what an operator does in a cluster.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest

from deploy.local.folder import LocalFolder
from deploy.local.kafka import KafkaServer
from deploy.local.kafka_jars import kafka_class_path
from deploy.local.ports import free_port
from tests.support.certificates import Authority
from tests.support.servers import running

_GUARDED = """\
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/authority.pem
ssl.client.auth=required
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"""
_RESOURCES = {"topic": 2, "group": 3, "cluster": 4}
_OPERATIONS = {"Read": 3, "Write": 4, "Describe": 8, "IdempotentWrite": 12}
_LITERAL, _ALLOW = 3, 3


@dataclass(frozen=True)
class GuardedKafka(KafkaServer):
    """``tls_port`` asks for certificates; ``port`` is its owner's."""

    tls_port: int

    @property
    def guarded_servers(self) -> str:
        return f"127.0.0.1:{self.tls_port}"

    def _write_settings(self) -> None:
        super()._write_settings()
        door = f"TLS://{self.guarded_servers},PLAINTEXT://"
        text = self._settings_file.read_text().replace("=PLAINTEXT://", f"={door}")
        text = text.replace("protocol.map=", "protocol.map=TLS:SSL,")
        self._settings_file.write_text(text + _GUARDED.format(folder=self.folder))


@contextmanager
def guarded_kafka(folder: Path, authority: Authority) -> Iterator[GuardedKafka]:
    """Runs for as long as the block does, with Cascada's topics."""
    local = LocalFolder(folder)
    server = GuardedKafka(local.kafka, free_port(), kafka_class_path(print), free_port())
    server.prepare()
    (server.folder / "broker.pem").write_text("".join(reversed(authority.sign("broker"))))
    (server.folder / "authority.pem").write_text(authority.certificate)
    with running(server.program(), local, server.is_ready):
        yield server


async def allow(server: GuardedKafka, user: str, rules: Iterable[Mapping[str, Any]]) -> None:
    """Let ``CN=user`` do what rules say, in the words of a ``KafkaUser``."""
    admin = AIOKafkaAdminClient(bootstrap_servers=server.bootstrap_servers)
    await admin.start()
    for rule in rules:
        kind, name = rule["resource"]["type"], rule["resource"].get("name", "kafka-cluster")
        for operation in rule["operations"]:
            entry = CreateAclsRequest(
                _RESOURCES[kind], name, _LITERAL, f"User:CN={user}", "*", _OPERATIONS[operation], _ALLOW
            )
            answer = await admin._send_request(entry)
            assert [code for code, _ in answer.creation_responses] == [0]
    await admin.close()
