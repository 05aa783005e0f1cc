"""Bearer tokens: JWTs of one issuer for one audience, signed with an algorithm that is fixed here, never by the token.

Decoding proves who signed; validating the claims is a call of its own, and both must pass.
"""

import binascii
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from shared.basics.access import SCOPES, Caller
from shared.basics.errors import Unauthenticated
from shared.basics.text import is_storable
from shared.http.jwks import Jwks

_LONGEST = 8192


@dataclass(frozen=True)
class Tokens:
    """``algorithms`` are asymmetric ones. A token must have ``exp`` and ``sub``, and name ``audience`` in ``aud``."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...]
    jwks: Jwks

    async def read(self, token: str) -> Caller:
        """Whom a token speaks for: its ``sub``, with the scopes of its ``scope`` that we know.

        Raises
        ------
        Unauthenticated
            Signature, algorithm, issuer, audience or time does not fit.
        Unavailable
            The issuer's keys cannot be had.
        """
        try:
            key = await self.jwks.key(self._key_id(token))
            if key is None:
                raise _refused("nobody we know has signed this token")
            claims = self._claims(token, key)
        except (JoseError, ValueError, binascii.Error, RecursionError) as error:
            raise _refused("the token is not valid here, or not any more") from error
        asked = claims.get("scope")
        scopes = asked.split() if isinstance(asked, str) else []
        return Caller(claims["sub"], f"token:{claims['sub']}", frozenset(scopes).intersection(SCOPES))

    def _key_id(self, token: str) -> str | None:
        """The key that a token names. The rest of its unproved header counts for nothing but a quick refusal."""
        if len(token) > _LONGEST:
            raise _refused("the token is too long")
        header = jws.extract_compact(token.encode()).headers()
        if header.get("alg") not in self.algorithms:
            raise _refused("the token is signed with an algorithm that is not accepted")
        key_id = header.get("kid")
        return None if key_id is None else str(key_id)

    def _claims(self, token: str, key: Key) -> dict[str, Any]:
        signed = JWSRegistry(algorithms=self.algorithms, strict_check_header=False)
        claims: dict[str, Any] = jwt.decode(token, key, registry=signed).claims
        expected = JWTClaimsRegistry(
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        expected.validate({name: value for name, value in claims.items() if name != "iat"})
        if not is_storable(claims["sub"]):
            raise _refused("the token's subject is no text that can be noted beside what it changes")
        return claims


def _refused(detail: str) -> Unauthenticated:
    return Unauthenticated("unauthenticated", detail)
