"""What each answer of the HTTP gateway, and each way of having none, says of a mail."""

import httpx
import pytest

from services.statements.domain.sending import Answer
from services.statements.outbound.gateway import HttpGateway


async def answer(response: httpx.Response | Exception) -> Answer:
    def handle(request: httpx.Request) -> httpx.Response:
        if isinstance(response, Exception):
            raise response
        return response

    async with HttpGateway("http://gateway") as gateway:
        client = httpx.AsyncClient(transport=httpx.MockTransport(handle))
        gateway._idle.put_nowait(client)  # last in, first out
        return await gateway.send("d.1", b"{}")


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (httpx.Response(202), Answer("accepted", 202)),
        (httpx.Response(200), Answer("accepted", 200)),
        (httpx.Response(201), Answer("accepted", 201)),
        (httpx.Response(102), Answer("not_sent", 102)),
        (httpx.Response(302, headers={"Location": "http://elsewhere"}), Answer("not_sent", 302)),
        (httpx.Response(308), Answer("not_sent", 308)),
        (httpx.Response(429, headers={"Retry-After": "7"}), Answer("not_sent", 429, retry_after=7)),
        (httpx.Response(429), Answer("not_sent", 429)),
        (httpx.Response(409), Answer("rejected", 409)),
        (httpx.Response(422), Answer("rejected", 422)),
        (httpx.Response(500), Answer("doubt", 500, "server_error")),
        (httpx.Response(503), Answer("doubt", 503, "server_error")),
        (httpx.ConnectError("refused"), Answer("not_sent")),
        (httpx.ConnectTimeout("nobody"), Answer("not_sent")),
        (httpx.ReadTimeout("silence"), Answer("doubt", reason="timeout")),
        (httpx.WriteError("cut"), Answer("doubt", reason="timeout")),
        (httpx.RemoteProtocolError("hung up"), Answer("doubt", reason="timeout")),
    ],
)
async def test_an_answer_is_one_of_four_kinds(response: httpx.Response | Exception, expected: Answer) -> None:
    assert await answer(response) == expected
