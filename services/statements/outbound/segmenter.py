"""The segmenter, asked over HTTP: whether a ``where`` can be understood, and for whom it is true.

Its refusals (422) come back as ours, with their places inside the audience; anything else but an answer means that it
is away.
"""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import msgspec

from shared.basics.errors import BadInput, Mistake, Unavailable
from shared.http.client import ServiceClient

_PAGE = 1000
_NDJSON = {"Accept": "application/x-ndjson"}


class _Named(msgspec.Struct):
    customer_id: str


class _Refused(msgspec.Struct):
    pointer: str
    code: str
    detail: str


class _Problem(msgspec.Struct):
    errors: list[_Refused]


class Segmenter:
    """One client of the segmenter."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def check(self, where: dict[str, Any]) -> None:
        """Let a ``where`` pass that the segmenter understands.

        Raises
        ------
        BadInput
            It does not; each mistake with its pointer (``/audience/where…``).
        Unavailable
            It could not be asked.
        """
        try:
            response = await self._client.post("/v1/customers/search", {"where": where, "limit": 1})
        except Unavailable as error:
            raise _away(error.detail) from error
        _check_answer(response.status_code, response.content)

    async def ids(self, where: dict[str, Any], as_of: date | None = None) -> AsyncIterator[list[str]]:
        """The customers for whom a rule is true (as of a coming day), in pages, as the segmenter's export sends them.

        Raises
        ------
        BadInput, Unavailable
            As above; also in the middle, when the export breaks off.
        """
        page: list[str] = []
        try:
            async with self._client.stream("/v1/customers/export", _question(where, as_of), _NDJSON) as response:
                if response.status_code != httpx.codes.OK:
                    _check_answer(response.status_code, await response.aread())
                async for line in response.aiter_lines():
                    page.append(msgspec.json.decode(line, type=_Named).customer_id)
                    if len(page) == _PAGE:
                        yield page
                        page = []
        except (Unavailable, httpx.HTTPError, msgspec.MsgspecError) as error:
            raise _away(str(error) or type(error).__name__) from error
        if page:
            yield page


def _question(where: dict[str, Any], as_of: date | None) -> dict[str, Any]:
    return {"where": where, **({"as_of": as_of.isoformat()} if as_of else {})}


def _check_answer(status: int, body: bytes) -> None:
    if status == httpx.codes.UNPROCESSABLE_ENTITY:
        refused = msgspec.json.decode(body, type=_Problem).errors
        raise BadInput(*(Mistake("/audience" + one.pointer, one.code, one.detail) for one in refused))
    if status != httpx.codes.OK:
        raise _away(f"it answered {status}")


def _away(detail: str) -> Unavailable:
    return Unavailable("segmenter_unavailable", f"the segmenter cannot be asked now: {detail}")
