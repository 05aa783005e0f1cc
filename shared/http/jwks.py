"""The public keys of whoever issues tokens: fetched from a configured URL, kept, and fetched anew for an unknown one.

A floor between fetches keeps made-up key ids from becoming a flood of calls; a longest age lets withdrawn keys go.
"""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import structlog
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from shared.basics.errors import Unavailable
from shared.http.client import ServiceClient

log = structlog.get_logger(__name__)

_ASYMMETRIC = ("RSA", "EC", "OKP")
_FLOOR_SECONDS = 10.0
_OLDEST_SECONDS = 3600.0


class Jwks:
    """The keys at ``url``. Symmetric ones are left out: what verifies must not be able to sign."""

    def __init__(self, http: ServiceClient, url: str, now: Callable[[], float] = time.monotonic) -> None:
        self._http = http
        self._url = url
        self._now = now
        self._keys: dict[str | None, Key] = {}
        self._fetched = -_OLDEST_SECONDS
        self._tried = -_FLOOR_SECONDS
        self._is_away = False
        self._fetching = asyncio.Lock()

    async def key(self, key_id: str | None) -> Key | None:
        """The key of this id, or without an id the only one; None where there is none.

        Raises
        ------
        Unavailable
            It is not known, and the keys cannot be fetched.
        """
        if self._is_wanting(key_id):
            async with self._fetching:
                if self._is_wanting(key_id) and self._now() - self._tried >= _FLOOR_SECONDS:
                    await self._fetch()
        found = self._find(key_id)
        if found is None and self._is_away:
            raise Unavailable("token_keys_unavailable", "the keys of tokens cannot be fetched now")
        return found

    def _is_wanting(self, key_id: str | None) -> bool:
        return self._find(key_id) is None or self._now() - self._fetched >= _OLDEST_SECONDS

    def _find(self, key_id: str | None) -> Key | None:
        if key_id is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(key_id)

    async def _fetch(self) -> None:
        """Keys that were known stay so while the issuer is away."""
        self._tried = self._now()
        try:
            answer = await self._http.get(self._url)
            self._keys = _read(answer.status_code, answer.content)
            self._fetched, self._is_away = self._now(), False
        except Unavailable as error:
            self._is_away = True
            log.warning("token_keys_not_fetched", error=error.detail)


def _read(status: int, content: bytes) -> dict[str | None, Key]:
    if status != 200:
        raise Unavailable("token_keys_unavailable", f"the address of the keys answered {status}")
    try:
        keys = json.loads(content)["keys"]
        return {key.get("kid"): JWKRegistry.import_key(key) for key in keys if _verifies(key)}
    except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unavailable("token_keys_unavailable", "what stands at the address of the keys is no JWKS") from error


def _verifies(key: dict[str, Any]) -> bool:
    return key.get("kty") in _ASYMMETRIC and key.get("use", "sig") == "sig"
