"""Serve an HTTP app until the process is told to stop."""

from typing import Any

import uvicorn


def serve(app: Any, *, host: str, port: int) -> None:
    """Serve an ASGI app; requests under way are finished after SIGTERM (15 s at most)."""
    uvicorn.run(app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=15)
