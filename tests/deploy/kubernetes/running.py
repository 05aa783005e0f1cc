"""Containers of staging, run on this machine as their manifests say: same words, same settings, secrets in files.

Only what has an address is another: the database, the broker, the ports.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.local.folder import LocalFolder
from deploy.local.ports import free_port
from deploy.local.program import Child, Program
from tests.deploy.kubernetes.manifests import Manifests, Object, Pods
from tests.support.certificates import Authority
from tests.support.guarded_kafka import GuardedKafka
from tests.support.servers import running

_SECRETS = "/run/secrets/cascada"


@dataclass(frozen=True)
class Place:
    """One service's pods. ``secrets``: by the names of their files."""

    manifests: Manifests
    service: str
    folder: Path
    broker: GuardedKafka
    secrets: Mapping[str, str]
    addresses: Mapping[str, str]

    def mount(self, authority: Authority) -> None:
        """Write what the cluster would mount; every file that the pods ask for, and no other."""
        mounted = {path for pods in self._pods for _, _, path in pods.secrets}
        (self.folder / "secrets").mkdir(parents=True)
        for name in mounted.intersection(self.secrets):
            (self.folder / "secrets" / name).write_text(self.secrets[name])
        authority.write_user(self.folder / "kafka", f"kafka-{self.service}")

    def run(self, kind: str) -> list[str]:
        """The containers of a Job, or those that a Deployment's pods wait for, one after another; what each said."""
        pods = self._of(kind)
        waited = pods.containers if kind == "Job" else pods.containers[:-1]
        return [self._run(f"{kind.lower()}-{number}", container) for number, container in enumerate(waited)]

    @contextmanager
    def serving(self, role: str) -> Iterator[str]:
        """The process of a role's pods, once its readiness probe is answered: its address."""
        port, pods = free_port(), self._of(role)
        asked = pods.main["readinessProbe"]["httpGet"]["path"]
        name = f"{self.service}_port" if role == "api" else "metrics_port"
        program = self._program(role, pods.main, {name.upper(): str(port)})
        url = f"http://127.0.0.1:{port}"
        with running(program, LocalFolder(self.folder), lambda: _answers(url + asked)):
            yield url

    @property
    def _pods(self) -> list[Pods]:
        return [pods for pods in self.manifests.pods if pods.service == self.service]

    def _of(self, kind: str) -> Pods:
        [found] = [pods for pods in self._pods if kind in {pods.role, pods.owner["kind"]}]
        return found

    def _run(self, name: str, container: Object) -> str:
        child = Child(self._program(name, container, {}), LocalFolder(self.folder))
        child.wait_until(lambda: child.exit_status is not None, within=60)
        assert child.exit_status == 0, child.last_words()
        return child.last_words()

    def _program(self, name: str, container: Object, ports: Mapping[str, str]) -> Program:
        words = [word.replace(_SECRETS, str(self.folder / "secrets")) for word in container["args"]]
        here = {
            "HOST": "127.0.0.1",
            "KAFKA_BOOTSTRAP_SERVERS": self.broker.guarded_servers,
            "KAFKA_TLS_FOLDER": str(self.folder / "kafka"),
            "SECRETS_FOLDER": str(self.folder / "secrets"),
        }
        environment = self.manifests.environment(container) | here | dict(self.addresses) | dict(ports)
        return Program(f"{self.service}-{name}", lambda: [sys.executable, "-m", *words], environment)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False
