"""Suppressed addresses, asked of statements page by page: its topic forgets after 14 days."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from services.segmenter.domain.facts import Suppressed
from shared.basics.errors import Unavailable
from shared.http.client import ServiceClient

_PAGE = 500


class _Suppression(msgspec.Struct):
    address_sha256: str
    customer_ids: list[str]
    since: datetime


class _Answer(msgspec.Struct):
    items: list[_Suppression]
    next_cursor: str | None


@dataclass(frozen=True)
class SuppressionsPage:
    """``then``: where the next page begins; None at the end."""

    suppressed: list[Suppressed]
    then: str | None


class Suppressions:
    """Reads ``GET /v1/suppressions``."""

    def __init__(self, statements: ServiceClient) -> None:
        self._statements = statements

    async def page(self, cursor: str) -> SuppressionsPage:
        """The addresses of a page, once for each customer that has one; the first page's cursor is empty.

        Raises
        ------
        Unavailable
            statements is away, or its answer is no page of suppressions.
        """
        answer = await self._statements.get("/v1/suppressions", limit=_PAGE, **({"cursor": cursor} if cursor else {}))
        if answer.status_code != 200:
            raise Unavailable("suppressions_unavailable", f"the suppressions call answered {answer.status_code}")
        try:
            page = msgspec.json.decode(answer.content, type=_Answer)
        except msgspec.MsgspecError as error:
            raise Unavailable("suppressions_unavailable", str(error)) from error
        found = [Suppressed(who, one.address_sha256, one.since) for one in page.items for who in one.customer_ids]
        return SuppressionsPage(found, page.next_cursor)
