"""Kafka's jars: fetched once through jgo from a pinned list, each checked against its SHA-256.

They live in the checkout's git-ignored ``.cache/kafka``, so that every local stack and test run shares them. A file
lock lets one process fetch while others wait.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jgo.maven import MavenContext

from deploy.local.problem import LocalProblem

COORDINATES = Path(__file__).parent / "kafka-coordinates.txt"
CACHE = Path(__file__).parents[2] / ".cache" / "kafka"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Jar:
    """One pinned artifact of Kafka's class path."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        return f"{self.artifact}-{self.version}.jar"


def pinned_jars(coordinates: Path = COORDINATES) -> list[Jar]:
    """The committed list: lines of ``group:artifact:version sha256``."""
    lines = [line.split() for line in coordinates.read_text().splitlines() if line.strip()]
    return [_jar(name, sha256) for name, sha256 in lines]


def _jar(name: str, sha256: str) -> Jar:
    group, artifact, version = name.split(":")
    return Jar(group, artifact, version, sha256)


def kafka_class_path(say: Say, cache: Path = CACHE) -> str:
    """Kafka's class path, fetching what is not in the cache yet.

    Raises
    ------
    LocalProblem
        A jar cannot be fetched, or is not the one that was pinned.
    """
    jars = pinned_jars()
    shelf = cache / "jars"
    with _alone(cache):
        missing = [jar for jar in jars if not (shelf / jar.filename).exists()]
        if missing:
            _fetch(missing, shelf, cache / "download", say)
        check_jars(jars, shelf)
    return os.pathsep.join(str(shelf / jar.filename) for jar in jars)


def check_jars(jars: list[Jar], shelf: Path) -> None:
    """Compare every jar with its pinned SHA-256; one that differs is deleted and refused."""
    for jar in jars:
        path = shelf / jar.filename
        if hashlib.sha256(path.read_bytes()).hexdigest() != jar.sha256:
            path.unlink()
            raise LocalProblem(f"{jar.filename} is not the pinned file (SHA-256 differs); deleted it, try again.")


@contextmanager
def _alone(cache: Path) -> Iterator[None]:
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(jars: list[Jar], shelf: Path, download: Path, say: Say) -> None:
    say(f"fetching Apache Kafka, once: {len(jars)} jars, about 44 MB")
    shelf.mkdir(exist_ok=True)
    with ThreadPoolExecutor(max_workers=8) as pool:
        for done, (jar, path) in enumerate(pool.map(lambda jar: (jar, _download(jar, download)), jars), start=1):
            shutil.move(path, shelf / jar.filename)
            if done % 10 == 0 or done == len(jars):
                say(f"fetched {done} of {len(jars)} jars")
    shutil.rmtree(download)


def _download(jar: Jar, download: Path) -> Path:
    artifact = MavenContext(repo_cache=download, timeout=60).project(jar.group, jar.artifact).at_version(jar.version)
    try:
        path: Path = artifact.artifact().resolve()
    except (OSError, RuntimeError) as error:
        raise LocalProblem(f"Kafka's {jar.filename} could not be fetched; is the network there? ({error})") from error
    return path
