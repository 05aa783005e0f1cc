"""What the environment says about a local stack: where it keeps its state and which ports it takes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.folder import LocalFolder
from deploy.local.problem import LocalProblem

ROOT = Path(__file__).parents[2]

PORTS = {
    "CUSTOMERS_PORT": 8001,
    "SEGMENTER_PORT": 8002,
    "STATEMENTS_PORT": 8003,
    "KAFKA_PORT": 9092,
    "POSTGRES_PORT": 5433,
    "MAIL_PORT": 8025,
    "SMTP_PORT": 1025,
}
"""Every port of a stack with its usual number."""


@dataclass(frozen=True)
class LocalSettings:
    """One stack. ``database_url`` is set when a server that exists is used in place of our own."""

    folder: LocalFolder
    ports: Mapping[str, int]
    workers: Mapping[str, int]
    database_url: str | None = None

    def url(self, port_name: str) -> str:
        """The address of what listens at a port, such as ``CUSTOMERS_PORT``."""
        return f"http://127.0.0.1:{self.ports[port_name]}"


def read_settings(environment: Mapping[str, str] = os.environ) -> LocalSettings:
    """Read the environment.

    Raises
    ------
    LocalProblem
        A port or a number of workers is not a number that can be one.
    """
    folder = Path(environment.get("CASCADA_LOCAL_DIR") or ROOT / ".local")
    database_url = environment.get("DATABASE_URL") or None
    ports = {name: _number(environment, name, usual, highest=65535) for name, usual in PORTS.items()}
    if database_url:
        del ports["POSTGRES_PORT"]
    return LocalSettings(
        folder=LocalFolder(folder.absolute()),
        ports=ports,
        workers={
            "segmenter": _number(environment, "SEGMENTER_WORKERS", 1, highest=16),
            "statements": _number(environment, "STATEMENTS_WORKERS", 1, highest=16),
        },
        database_url=database_url,
    )


def _number(environment: Mapping[str, str], name: str, usual: int, *, highest: int) -> int:
    text = environment.get(name) or str(usual)
    if not text.isdecimal() or not 1 <= int(text) <= highest:
        raise LocalProblem(f"{name} is {text!r}; it must be a number from 1 to {highest}.")
    return int(text)
