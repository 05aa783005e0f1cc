"""Single services in processes of their own, on a real PostgreSQL and a real Kafka, without the rest of the stack."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path

from deploy.local.answering import answers
from deploy.local.folder import LocalFolder
from deploy.local.postgres import PostgresServer
from deploy.local.program import Child, Program
from deploy.local.services import service_plan
from deploy.local.settings import LocalSettings, read_settings
from deploy.local.stack_process import free_ports
from tests.support.databases import Databases
from tests.support.servers import kafka_server, running


@dataclass(frozen=True)
class Ground:
    """Servers, and a folder for what runs on them."""

    settings: LocalSettings
    database_url: str

    @cached_property
    def databases(self) -> Databases:
        """Where fresh databases come from."""
        return Databases(self.database_url)

    @property
    def kafka(self) -> str:
        """The broker's ``host:port``."""
        return f"127.0.0.1:{self.settings.ports['KAFKA_PORT']}"

    @property
    def key(self) -> str:
        """The key that opens every service."""
        return self.settings.folder.secret("api-key")

    def url(self, service: str) -> str:
        """Where a service's API listens."""
        return self.settings.url(f"{service.upper()}_PORT")

    @contextmanager
    def running_api(self, service: str, environment: Mapping[str, str]) -> Iterator[Child]:
        """A service's API as the local stack starts it, with its key entered, ready."""
        self._run_to_its_end(f"{service}-keys", environment)
        program = self._program(f"{service}-api", environment)
        with running(program, self.settings.folder, lambda: answers(f"{self.url(service)}/readyz")) as child:
            yield child

    @contextmanager
    def running_worker(self, service: str, environment: Mapping[str, str]) -> Iterator[Child]:
        """A service's first worker; whether it hears yet is for the caller to see."""
        with running(self._program(f"{service}-worker-1", environment), self.settings.folder, lambda: True) as child:
            yield child

    def _run_to_its_end(self, name: str, environment: Mapping[str, str]) -> None:
        child = Child(self._program(name, environment), self.settings.folder)
        child.wait_until_stopped()
        if child.exit_status:
            raise RuntimeError(child.last_words())

    def _program(self, name: str, environment: Mapping[str, str]) -> Program:
        plan = service_plan(self.settings, self.database_url)
        program = next(one for one in chain(*plan.preparations, plan.services) if one.name == name)
        return replace(program, environment={**program.environment, **environment})


@contextmanager
def running_ground(folder: Path) -> Iterator[Ground]:
    """PostgreSQL and Kafka for as long as the block runs."""
    settings = read_settings({**free_ports(), "CASCADA_LOCAL_DIR": str(folder)})
    local = LocalFolder(folder)
    postgres = PostgresServer(local.postgres, settings.ports["POSTGRES_PORT"], local.secret("postgres-password"))
    postgres.prepare()
    kafka = kafka_server(local, settings.ports["KAFKA_PORT"])
    kafka.prepare()
    with running(postgres.program(), local, postgres.is_ready), running(kafka.program(), local, kafka.is_ready):
        yield Ground(settings, postgres.url)
