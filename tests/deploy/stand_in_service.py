"""Stands in for a service where the stack itself is tested: answers ``/readyz`` 200 unless a file holds it back."""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    """Answers every GET."""

    def do_GET(self) -> None:
        held = Path(os.environ["CASCADA_LOCAL_DIR"], "hold").exists()
        self.send_response(503 if held else 200)
        self.end_headers()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ[sys.argv[1]])), Handler).serve_forever()
