"""What every reader of Kafka tells its client and gets from it: how the broker is reached, and records as ours."""

from ssl import SSLContext
from typing import Any

from aiokafka.structs import ConsumerRecord

from shared.messaging.batch import Record


def reaching(bootstrap_servers: str, tls: SSLContext | None) -> dict[str, Any]:
    """The client's arguments for reaching the broker, in plain text without ``tls``."""
    return {
        "bootstrap_servers": bootstrap_servers,
        "security_protocol": "SSL" if tls else "PLAINTEXT",
        "ssl_context": tls,
    }


def record_of(raw: ConsumerRecord) -> Record:
    """A record of the client as the rest of the house knows it."""
    return Record(raw.topic, raw.partition, raw.offset, raw.key, list(raw.headers), raw.value)
