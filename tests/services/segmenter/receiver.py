"""A system without Kafka: keeps what it is posted, answers as told, and checks signatures on its own."""

import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """Answers the ``answers`` in turn, then 204."""

    url: str = ""
    posts: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)

    @property
    def batches(self) -> list[list[dict[str, Any]]]:
        return [json.loads(body) for _, body in self.posts]

    @property
    def sequences(self) -> list[int]:
        return [event["sequence"] for batch in self.batches for event in batch]

    def is_signed(self, secret: str) -> bool:
        """Whether every POST carries the signature of contract.md."""
        return all(_code(secret, header, body) == header.split(",v1=")[1] for header, body in self.posts)


def _code(secret: str, header: str, body: bytes) -> str:
    at = header.split(",", maxsplit=1)[0].removeprefix("t=")
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port of 127.0.0.1, over TLS if asked."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.hosts.append(self.headers["Host"])
            receiver.posts.append((self.headers["X-Cascada-Signature"], body))
            status = receiver.answers.pop(0) if receiver.answers else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", receiver.url + "/elsewhere")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    yield receiver
    server.shutdown()
    server.server_close()
