"""Each event type has an example file; code and published schema both read it, and nothing of it is lost."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from deploy.contracts import FOLDER
from shared.contracts import customers_v1, segments_v1, statements_v1
from shared.contracts.asyncapi import asyncapi
from shared.contracts.envelope import decode_data, decode_envelope, encode_data, encode_headers

TYPES: dict[str, tuple[str, type[msgspec.Struct]]] = {
    kind: (topic.TOPIC, struct)
    for topic in (customers_v1, segments_v1, statements_v1)
    for kind, struct in topic.EVENTS.items()
}
EXAMPLES = {path.stem: path for path in (FOLDER / "events").glob("*.json")}


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_every_type_has_an_example_and_every_example_a_type() -> None:
    assert sorted(EXAMPLES) == sorted(TYPES)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_the_code_reads_and_writes_the_example_without_loss(kind: str) -> None:
    topic, struct = TYPES[kind]
    example = read(EXAMPLES[kind])
    headers = [(name, value.encode()) for name, value in example["headers"].items()]
    value = json.dumps(example["value"]).encode()

    envelope = decode_envelope(example["key"].encode(), headers, value)
    payload = decode_data(envelope.data, struct)

    assert (example["topic"], envelope.type) == (topic, kind)
    assert json.loads(encode_data(payload)) == example["value"]
    assert dict(encode_headers(envelope)) == dict(headers)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_the_published_schema_accepts_the_example(kind: str) -> None:
    document = asyncapi("1")
    _, struct = TYPES[kind]
    schema = {**document["components"]["schemas"][struct.__name__], "components": document["components"]}
    Draft202012Validator(schema).validate(read(EXAMPLES[kind])["value"])
    headers = {**document["components"]["schemas"]["Headers"]}
    Draft202012Validator(headers).validate(read(EXAMPLES[kind])["headers"])
