"""What the services stand on: PostgreSQL, Kafka and the mail catcher, started before them and stopped after."""

import asyncio
import sys
from collections.abc import Callable

from deploy.local.answering import answers
from deploy.local.kafka import KafkaServer
from deploy.local.postgres import PostgresServer, create_databases, is_answering
from deploy.local.problem import LocalProblem
from deploy.local.program import Child, Program
from deploy.local.services import SERVICES, shared_addresses
from deploy.local.settings import LocalSettings
from deploy.local.supervisor import Say, Supervisor

_READY_SECONDS = 60.0

GoOn = Callable[[], bool]
"""Asked while waiting: true, or it raises because a stop was asked for."""


class Ground:
    """The servers below the services of one stack.

    Parameters
    ----------
    class_path
        Kafka's, from :func:`deploy.local.kafka_jars.kafka_class_path`.
    """

    def __init__(self, settings: LocalSettings, class_path: str) -> None:
        self._settings = settings
        self._postgres = None if settings.database_url else _own_postgres(settings)
        self._kafka = KafkaServer(settings.folder.kafka, settings.ports["KAFKA_PORT"], class_path)
        self._others: list[Child] = []

    @property
    def database_url(self) -> str:
        """The server to use: the given one, else our own."""
        return self._postgres.url if self._postgres else str(self._settings.database_url)

    @property
    def size(self) -> int:
        """How many processes it has."""
        return 3 if self._postgres else 2

    def start(self, supervisor: Supervisor, say: Say, go_on: GoOn) -> None:
        """Start all, wait until PostgreSQL works, and create the services' databases.

        Raises
        ------
        LocalProblem
            One of them does not start, or PostgreSQL does not get ready.
        """
        self._start_postgres(supervisor, say, go_on)
        self._kafka.prepare()
        self._others = [
            supervisor.start(self._kafka.program()),
            supervisor.start(_mail_catcher(self._settings, self.database_url)),
        ]

    def wait(self, say: Say, go_on: GoOn) -> None:
        """Wait until the others work as well; what needs a database alone need not.

        Raises
        ------
        LocalProblem
            One of them does not get ready.
        """
        kafka, mail = self._others
        kafka.wait_until(lambda: go_on() and self._kafka.is_ready(), within=_READY_SECONDS)
        say("kafka", f"ready on {self._kafka.bootstrap_servers}")
        page = self._settings.url("MAIL_PORT")
        mail.wait_until(lambda: go_on() and answers(f"{page}/stats"), within=_READY_SECONDS)
        say("mail", f"ready on {page}")

    def _start_postgres(self, supervisor: Supervisor, say: Say, go_on: GoOn) -> None:
        own = self._postgres
        if own:
            own.prepare()
            child = supervisor.start(own.program())
            child.wait_until(lambda: go_on() and own.is_ready(), within=_READY_SECONDS)
            say("postgres", f"ready on 127.0.0.1:{own.port}")
        elif not asyncio.run(is_answering(self.database_url)):
            raise LocalProblem("No PostgreSQL takes connections at DATABASE_URL.")
        asyncio.run(create_databases(self.database_url, SERVICES))


def _own_postgres(settings: LocalSettings) -> PostgresServer:
    password = settings.folder.secret("postgres-password")
    return PostgresServer(settings.folder.postgres, settings.ports["POSTGRES_PORT"], password)


def _mail_catcher(settings: LocalSettings, database_url: str) -> Program:
    ports = {name: str(settings.ports[name]) for name in ("MAIL_PORT", "SMTP_PORT")}
    environment = {**ports, **shared_addresses(settings, database_url), "PYTHONUNBUFFERED": "1"}
    return Program("mail", lambda: [sys.executable, "-m", "deploy.local.mail"], environment)
