"""Tokens of one issuer, checked against its public keys as they stand at a URL: everything else stays outside."""

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from deploy.local.ports import free_port
from shared.basics.errors import Unauthenticated, Unavailable
from shared.http.client import ServiceClient
from shared.http.jwks import Jwks
from shared.http.tokens import Tokens
from tests.shared.test_callers import Watch
from tests.support.serving_app import serving

ISSUER, AUDIENCE = "https://entrada.example/", "cascada"
OURS = RSAKey.generate_key(2048, {"kid": "uno", "use": "sig"})
NEXT = RSAKey.generate_key(2048, {"kid": "dos"})
STRANGER = RSAKey.generate_key(2048, {"kid": "uno"})
CURVE = ECKey.generate_key("P-256", {"kid": "curva"})


class Entrance:
    """The issuer's page of keys; counts who asks."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = [OURS.as_dict(private=False)]
        self.answer: Response | None = None
        self.asked = 0
        self.headers: list[str] = []
        self.app = FastAPI()
        self.app.add_api_route("/keys.json", self._tell)

    async def _tell(self, request: Request) -> Response:
        self.asked += 1
        self.headers = list(request.headers)
        return self.answer or JSONResponse({"keys": self.keys})


@pytest.fixture
async def entrance() -> AsyncIterator[tuple[Entrance, str]]:
    entrance, port = Entrance(), free_port()
    async with serving(entrance.app, port):
        yield entrance, f"http://127.0.0.1:{port}/keys.json"


class House:
    """What reads tokens, over a real HTTP client, in a time that the test sets."""

    def __init__(self, entrance: Entrance, url: str, http: ServiceClient, *algorithms: str) -> None:
        self.entrance, self.watch = entrance, Watch()
        self.tokens = Tokens(ISSUER, AUDIENCE, algorithms or ("RS256",), Jwks(http, url, self.watch))

    async def refuses(self, token: str) -> None:
        with pytest.raises(Unauthenticated):
            await self.tokens.read(token)


@pytest.fixture
async def house(entrance: tuple[Entrance, str]) -> AsyncIterator[House]:
    async with ServiceClient() as http:
        yield House(*entrance, http)


def claims(**changed: Any) -> dict[str, Any]:
    known = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ana", "exp": int(time.time()) + 60, "scope": "admin"}
    return {name: value for name, value in {**known, **changed}.items() if value is not ...}


def signed(key: Any = OURS, header: dict[str, Any] | None = None, **changed: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "uno", **(header or {})}, claims(**changed), key)


async def test_a_right_token_speaks_for_its_subject(house: House) -> None:
    caller = await house.tokens.read(signed(scope="customers:read customers:write openid"))
    assert (caller.name, caller.identity) == ("ana", "token:ana")
    assert caller.scopes == {"customers:read", "customers:write"}


async def test_the_audience_may_be_one_of_several(house: House) -> None:
    assert (await house.tokens.read(signed(aud=["otra", AUDIENCE]))).name == "ana"


async def test_a_token_without_scopes_may_do_nothing(house: House) -> None:
    assert (await house.tokens.read(signed(scope=...))).scopes == frozenset()


async def test_a_clock_ahead_of_ours_does_not_shut_its_tokens_out(house: House) -> None:
    assert (await house.tokens.read(signed(iat=int(time.time()) + 30))).name == "ana"


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": int(time.time()) - 1},
        {"exp": ...},
        {"exp": "mañana"},
        {"nbf": int(time.time()) + 86_400},
        {"iss": "https://otra.example/"},
        {"iss": ...},
        {"aud": "otra"},
        {"aud": ["otra"]},
        {"aud": ...},
        {"sub": ...},
        {"sub": 7},
        {"sub": "ana\x00"},
    ],
)
async def test_wrong_claims_are_refused(house: House, changed: dict[str, Any]) -> None:
    await house.refuses(signed(**changed))


async def test_a_subject_that_no_text_holds_is_refused(house: House) -> None:
    said = json.dumps(claims(sub="ana\ud800")).encode()
    await house.refuses(jws.serialize_compact({"alg": "RS256", "kid": "uno"}, said, OURS))


async def test_another_s_signature_is_refused(house: House) -> None:
    await house.refuses(signed(STRANGER))


async def test_a_changed_token_is_refused(house: House) -> None:
    head, _, signature = signed().split(".")
    await house.refuses(f"{head}.{base64url(claims(sub='eva'))}.{signature}")


async def test_an_unsigned_token_is_refused_before_any_key_is_looked_for(house: House) -> None:
    await house.refuses(f"{base64url({'alg': 'none', 'kid': 'uno'})}.{base64url(claims())}.")
    assert house.entrance.asked == 0


async def test_the_public_key_is_no_shared_secret(house: House) -> None:
    """HS256 with the published key's own text: whoever let the token choose the algorithm would take it."""
    unsigned = f"{base64url({'alg': 'HS256', 'kid': 'uno'})}.{base64url(claims())}"
    for secret in (OURS.as_pem(private=False), json.dumps(house.entrance.keys[0]).encode()):
        code = hmac.digest(secret, unsigned.encode(), "sha256")
        await house.refuses(f"{unsigned}.{base64.urlsafe_b64encode(code).decode().rstrip('=')}")


async def test_a_shared_secret_among_the_keys_opens_nothing(house: House) -> None:
    secret = OctKey.generate_key(256, {"kid": "secreto"})
    house.entrance.keys.append(secret.as_dict(private=True))
    await house.refuses(jwt.encode({"alg": "HS256", "kid": "secreto"}, claims(), secret))


async def test_only_the_algorithms_of_the_setting_count(entrance: tuple[Entrance, str]) -> None:
    entrance[0].keys.append(CURVE.as_dict(private=False))
    token = jwt.encode({"alg": "ES256", "kid": "curva"}, claims(), CURVE)
    async with ServiceClient() as http:
        await House(*entrance, http).refuses(token)
        assert (await House(*entrance, http, "ES256").tokens.read(token)).name == "ana"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é", "..", "e30..", "W10.e30.", "a" * 9000])
async def test_what_is_no_token_is_refused(house: House, token: str) -> None:
    await house.refuses(token)


async def test_keys_are_fetched_once(house: House) -> None:
    for _ in range(3):
        await house.tokens.read(signed())
    assert house.entrance.asked == 1


async def test_an_unknown_key_is_looked_for_but_not_at_every_request(house: House) -> None:
    await house.tokens.read(signed())
    house.watch.seconds = 9.0
    await house.refuses(signed(NEXT, {"kid": "dos"}))
    assert house.entrance.asked == 1
    house.watch.seconds = 10.0
    for _ in range(3):
        await house.refuses(signed(NEXT, {"kid": "dos"}))
    assert house.entrance.asked == 2


async def test_a_new_key_of_the_issuer_is_taken_up(house: House) -> None:
    await house.tokens.read(signed())
    house.entrance.keys = [NEXT.as_dict(private=False)]
    house.watch.seconds = 10.0
    assert (await house.tokens.read(signed(NEXT, {"kid": "dos"}))).name == "ana"
    await house.refuses(signed())


async def test_a_withdrawn_key_is_forgotten_within_the_hour(house: House) -> None:
    await house.tokens.read(signed())
    house.entrance.keys = [NEXT.as_dict(private=False)]
    house.watch.seconds = 3600.0
    await house.refuses(signed())


async def test_a_token_may_leave_out_the_key_where_there_is_only_one(house: House) -> None:
    token = jwt.encode({"alg": "RS256"}, claims(), OURS)
    assert (await house.tokens.read(token)).name == "ana"
    house.entrance.keys.append(NEXT.as_dict(private=False))
    house.watch.seconds = 3600.0
    await house.refuses(token)


@pytest.mark.parametrize(
    "answer", [Response(status_code=500), Response("{"), JSONResponse([]), JSONResponse({"keys": [{"kty": "RSA"}]})]
)
async def test_while_the_keys_cannot_be_had_nobody_can_tell(house: House, answer: Response) -> None:
    house.entrance.answer = answer
    with pytest.raises(Unavailable):
        await house.tokens.read(signed())
    house.entrance.answer = None
    with pytest.raises(Unavailable):
        await house.tokens.read(signed())
    assert house.entrance.asked == 1
    house.watch.seconds = 10.0
    assert (await house.tokens.read(signed())).name == "ana"


async def test_known_keys_stay_while_the_issuer_is_away(house: House) -> None:
    await house.tokens.read(signed())
    house.entrance.answer = Response(status_code=503)
    house.watch.seconds = 7200.0
    assert (await house.tokens.read(signed())).name == "ana"
    assert house.entrance.asked == 2


async def test_no_key_of_ours_is_told_to_the_issuer(house: House) -> None:
    await house.tokens.read(signed())
    assert not {"x-api-key", "authorization"} & set(house.entrance.headers)


def base64url(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
