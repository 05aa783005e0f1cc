"""The AsyncAPI document of the three topics, made from the payload structs that the code itself uses."""

from typing import Any

import msgspec

from shared.contracts import customers_v1, segments_v1, statements_v1

_TOPICS = (customers_v1, segments_v1, statements_v1)
_TEXT = {"type": "string"}
_HEADERS = {
    "type": "object",
    "description": "CloudEvents 1.0 in binary mode.",
    "required": [
        "ce_specversion",
        "ce_id",
        "ce_source",
        "ce_type",
        "ce_time",
        "ce_sequence",
        "ce_epoch",
        "content-type",
    ],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": _TEXT,
        "ce_source": _TEXT,
        "ce_type": _TEXT,
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_sequence": {"type": "string", "pattern": "^[0-9]+$"},
        "ce_epoch": {"type": "string", "pattern": "^[0-9]+$"},
        "content-type": {"const": "application/json"},
        "ce_history": {"const": "true", "description": "Only on facts of a history load."},
        "traceparent": {"type": "string", "description": "W3C trace context, of facts whose request was traced."},
    },
}


def asyncapi(version: str) -> dict[str, Any]:
    """The document (AsyncAPI 3.0) as JSON values."""
    structs = {struct for topic in _TOPICS for struct in topic.EVENTS.values()}
    _, schemas = msgspec.json.schema_components(
        sorted(structs, key=lambda struct: struct.__name__), ref_template="#/components/schemas/{name}"
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Cascada events",
            "version": version,
            "description": "What the three services tell on Kafka. Additive changes only within v1.",
        },
        "channels": {_name(topic): _channel(topic) for topic in _TOPICS},
        "operations": {f"tell_{_name(topic)}": _operation(topic) for topic in _TOPICS},
        "components": {
            "messages": {kind: _message(kind, struct) for topic in _TOPICS for kind, struct in topic.EVENTS.items()},
            "schemas": {**schemas, "Headers": _HEADERS},
        },
    }


def _name(topic: Any) -> str:
    return str(topic.TOPIC).partition(".")[0]


def _channel(topic: Any) -> dict[str, Any]:
    return {
        "address": topic.TOPIC,
        "description": topic.__doc__.strip(),
        "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in topic.EVENTS},
    }


def _operation(topic: Any) -> dict[str, Any]:
    return {"action": "send", "channel": {"$ref": f"#/channels/{_name(topic)}"}}


def _message(kind: str, struct: type[msgspec.Struct]) -> dict[str, Any]:
    return {
        "name": kind,
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/Headers"},
        "payload": {"$ref": f"#/components/schemas/{struct.__name__}"},
    }
