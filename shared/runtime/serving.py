"""Serve an HTTP app until the process is told to stop."""

from typing import Any

import uvicorn

from shared.runtime.memory import keep_what_started


def serve(app: Any, *, host: str, port: int) -> None:
    """Serve an ASGI app; requests under way are finished after SIGTERM (15 s at most)."""
    keep_what_started()
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # nothing here asks where a caller sits or how it came
        timeout_graceful_shutdown=15,
    )
