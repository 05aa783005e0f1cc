"""Whether something answers at an address."""

import urllib.error
import urllib.request


def answers(url: str) -> bool:
    """Whether a GET there is answered with 200 now."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own http addresses
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
