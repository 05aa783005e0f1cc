"""Where everyone stands, asked of the segmenter page by page: what its topic has forgotten, or never told again."""

from dataclasses import dataclass

import msgspec

from services.statements.domain.cascade import Cascade
from services.statements.outbound.cascade import cascade_of
from shared.basics.errors import Unavailable
from shared.contracts.envelope import Undecodable, decode_data
from shared.contracts.segments_v1 import CascadePublished
from shared.http.client import ServiceClient


class Standing(msgspec.Struct, frozen=True):
    """One customer's segment, and the position of the last event told of it."""

    customer_id: str
    segment_id: str
    epoch: int
    sequence: int


@dataclass(frozen=True)
class StandingsPage:
    """The cascade in force, and customers in order of id; fewer than asked for at the end."""

    cascade: Cascade
    standings: list[Standing]


class Standings:
    """Reads the stream of ``GET /v1/standings``."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def page(self, after: str, limit: int) -> StandingsPage:
        """At most ``limit`` customers after an id; the rest of the stream is left unread.

        Raises
        ------
        Unavailable
            The segmenter is away or goes away, or its answer is no stream of standings.
        """
        cascade: CascadePublished | None = None
        found: list[Standing] = []
        try:
            async with self._client.lines("/v1/standings", **({"after": after} if after else {})) as lines:
                async for line in lines:
                    if cascade is None:
                        cascade = decode_data(line, CascadePublished)
                        continue
                    found.append(decode_data(line, Standing))
                    if len(found) == limit:
                        break
        except Undecodable as error:
            raise Unavailable("standings_unavailable", str(error)) from error
        if cascade is None:
            raise Unavailable("standings_unavailable", "the stream of standings is empty")
        return StandingsPage(cascade_of(cascade), found)
