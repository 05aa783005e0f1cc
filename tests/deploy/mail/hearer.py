"""Stands in for statements where the catcher is tested: hears its gateway events, and can refuse some first."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Heard:
    """One call as it came."""

    path: str
    signature: str
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass
class Hearer:
    """Answers 503 to the next ``refusals`` calls, else 204."""

    calls: list[Heard] = field(default_factory=list)
    refusals: int = 0

    def events_of(self, delivery_id: str) -> list[dict[str, Any]]:
        return [call.event for call in self.calls if call.event["delivery_id"] == delivery_id]

    def serve(self) -> ThreadingHTTPServer:
        """A server on a free port of 127.0.0.1, running until ``shutdown``."""
        hearer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                hearer.calls.append(Heard(self.path, self.headers["X-Cascada-Signature"], body))
                refused = hearer.refusals > 0
                hearer.refusals -= refused
                self.send_response(503 if refused else 204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server
