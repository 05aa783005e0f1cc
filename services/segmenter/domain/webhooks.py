"""Webhooks: where events may be posted, how long a stream waits after failures, and when it stops for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Literal
from urllib.parse import urlsplit

from shared.basics.errors import mistake

FAILING_AFTER = timedelta(hours=24)
_LONGEST_WAIT_SECONDS = 300.0
_NAT64 = IPv6Network("64:ff9b::/96")

State = Literal["active", "failing"]


@dataclass(frozen=True)
class Webhook:
    """Who is posted which events, and the secret that signs them; ``version`` changes with each edit."""

    webhook_id: str
    url: str
    event_types: tuple[str, ...]
    secret: str
    version: str
    state: State = "active"
    failures: int = 0
    failing_since: datetime | None = None
    next_try_at: datetime | None = None

    def says_the_same(self, other: "Webhook") -> bool:
        """Whether an edit would change nothing."""
        mine = (self.url, self.event_types, self.secret)
        return mine == (other.url, other.event_types, other.secret)


@dataclass(frozen=True)
class Answer:
    """What came of a POST; ``status`` is None where no HTTP answer came. Any 2xx is ``delivered``."""

    outcome: Literal["delivered", "refused", "no_answer", "forbidden_address"]
    status: int | None = None

    @property
    def is_success(self) -> bool:
        return self.outcome == "delivered"


def wait_seconds(failures: int) -> float:
    """How long a stream waits after so many failures in a row: 1, 2, 4 … at most five minutes."""
    return min(_LONGEST_WAIT_SECONDS, 2.0 ** min(failures - 1, 16))


def gives_up(failing_since: datetime, now: datetime) -> bool:
    """Whether a stream stops until it is resumed (machine time)."""
    return now - failing_since >= FAILING_AFTER


def check_url(url: str, *, anywhere: bool) -> str:
    """The host of a URL that events may be posted to; ``anywhere`` lets the local environment use http.

    Raises
    ------
    BadInput
        It is no absolute http(s) URL, names a user, or is not https.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not url.isascii() or not url.isprintable() or " " in url or parts.scheme not in {"http", "https"}:
        raise mistake("/url", "invalid_url", "an absolute URL is wanted, such as https://example.com/hook")
    if parts.username is not None or parts.fragment:
        raise mistake("/url", "invalid_url", "a URL without user, password and fragment is wanted")
    if parts.scheme != "https" and not anywhere:
        raise mistake("/url", "https_required", "events are posted over https only")
    return host


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, also when an IPv6 address wraps it."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.is_site_local:
            return False
        inner = IPv4Address(int(found) & 0xFFFFFFFF) if found in _NAT64 else None
        found = inner or found.ipv4_mapped or found.sixtofour or found
    return found.is_global and not (found.is_multicast or found.is_reserved)
