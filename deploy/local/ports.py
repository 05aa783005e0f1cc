"""Ports of 127.0.0.1: is one free, and which one is."""

import random
import socket


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens to, below those that outgoing connections take."""
    while True:
        port = random.randint(20000, 32000)  # noqa: S311 - not a secret
        if is_free(port):
            return port


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1 at ``port`` now."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
