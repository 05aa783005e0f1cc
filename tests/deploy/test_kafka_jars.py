"""Kafka's jars are the pinned ones, or nothing runs."""

import hashlib
from pathlib import Path

import pytest

from deploy.local.kafka_jars import Jar, check_jars, pinned_jars
from deploy.local.problem import LocalProblem

CONTENT = b"the jar that was pinned"
JAR = Jar("org.example", "cascade", "1.0", hashlib.sha256(CONTENT).hexdigest())


def test_a_jar_that_differs_is_refused_and_deleted(tmp_path: Path) -> None:
    path = tmp_path / JAR.filename
    path.write_bytes(CONTENT + b" and something else")
    with pytest.raises(LocalProblem, match=r"cascade-1\.0\.jar is not the pinned file"):
        check_jars([JAR], tmp_path)
    assert not path.exists()


def test_the_pinned_jar_passes(tmp_path: Path) -> None:
    (tmp_path / JAR.filename).write_bytes(CONTENT)
    check_jars([JAR], tmp_path)


def test_the_list_pins_every_jar_by_version_and_digest() -> None:
    jars = pinned_jars()
    assert [jar.version for jar in jars if jar.artifact == "kafka_2.13"] == ["4.3.1"]
    assert len({jar.filename for jar in jars}) == len(jars) == 46
    assert all(len(jar.sha256) == 64 for jar in jars)
