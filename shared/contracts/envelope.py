"""CloudEvents 1.0 in Kafka's binary mode: what stands in the headers, and what stands in the value.

Decoding never guesses: bytes that do not follow the contract raise ``Undecodable`` and end in quarantine.
"""

import re
from datetime import datetime
from typing import TypeVar

import msgspec

Headers = list[tuple[str, bytes]]
Payload = TypeVar("Payload", bound=msgspec.Struct)

_QUOTED = re.compile(r"'[^']*'")


class Undecodable(ValueError):
    """A record that does not follow the contract; the reason in words."""


class Envelope(msgspec.Struct, frozen=True):
    """One event with its headers read and its payload still in bytes (JSON)."""

    type: str
    id: str
    source: str
    time: datetime
    sequence: int
    epoch: int
    key: str
    data: bytes
    history: bool = False
    traceparent: str | None = None


def encode_headers(event: Envelope) -> Headers:
    """The Kafka headers of an event; the same event gives the same bytes."""
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event.id.encode()),
        ("ce_source", event.source.encode()),
        ("ce_type", event.type.encode()),
        ("ce_time", event.time.isoformat().replace("+00:00", "Z").encode()),
        ("ce_sequence", str(event.sequence).encode()),
        ("ce_epoch", str(event.epoch).encode()),
        ("content-type", b"application/json"),
    ]
    if event.history:
        headers.append(("ce_history", b"true"))
    if event.traceparent:
        headers.append(("traceparent", event.traceparent.encode()))
    return headers


def decode_envelope(key: bytes | None, headers: Headers, value: bytes | None) -> Envelope:
    """Read a record's envelope.

    Raises
    ------
    Undecodable
        A header is missing or unreadable, or there is no key or value.
    """
    if key is None or value is None:
        raise Undecodable("the record has no key or no value")
    try:
        found = dict(headers)
        traceparent = found.get("traceparent")
        return Envelope(
            type=found["ce_type"].decode(),
            id=found["ce_id"].decode(),
            source=found["ce_source"].decode(),
            time=_instant(found["ce_time"].decode()),
            sequence=int(found["ce_sequence"]),
            epoch=int(found["ce_epoch"]),
            key=key.decode(),
            data=value,
            history=found.get("ce_history") == b"true",
            traceparent=traceparent.decode() if traceparent else None,
        )
    except KeyError as error:
        raise Undecodable(f"header {error.args[0]} is missing") from error
    except ValueError as error:
        raise Undecodable(f"unreadable header or key: {_without_values(error)}") from error


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("ce_time has no offset")
    return instant


def encode_data(payload: msgspec.Struct) -> bytes:
    """A payload as JSON bytes; Decimals become strings, dates ISO."""
    return msgspec.json.encode(payload)


def decode_data(data: bytes, wanted: type[Payload]) -> Payload:
    """Read a payload; fields it does not know are ignored.

    Raises
    ------
    Undecodable
        The bytes are no JSON of that shape.
    """
    try:
        return msgspec.json.decode(data, type=wanted)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Undecodable(f"payload: {_without_values(error)}") from error


def _without_values(error: Exception) -> str:
    """Its words without what they quote: somebody may have written a name where a kind belongs."""
    return _QUOTED.sub("'…'", str(error))
