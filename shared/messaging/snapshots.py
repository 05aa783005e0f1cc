"""What the customers service answers to hearers over HTTP: where repair, bootstrap and audit get their facts."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar
from urllib.parse import quote

import msgspec

from shared.basics.errors import Unavailable
from shared.contracts.customers_snapshots import Head, Snapshot, SnapshotVariable
from shared.contracts.customers_v1 import VariableDeclared
from shared.contracts.envelope import Undecodable, decode_data
from shared.http.client import ServiceClient

Wanted = TypeVar("Wanted", bound=msgspec.Struct)


class _HeadsPage(msgspec.Struct):
    items: list[Head]


class _Probe(msgspec.Struct):
    """Tells a declaration from a customer: only the former has this field."""

    variable: VariableDeclared | None = None


class Snapshots:
    """Reads snapshots and heads."""

    def __init__(self, customers: ServiceClient) -> None:
        self._customers = customers

    async def fetch(self, customer_id: str) -> Snapshot | None:
        """A customer's snapshot; None where the service answers 404.

        Raises
        ------
        Unavailable
            The service is away, or its answer is no snapshot.
        """
        answer = await self._customers.get(f"/v1/customers/{quote(customer_id, safe='')}/snapshot")
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            raise Unavailable("snapshot_unavailable", f"the snapshot call answered {answer.status_code}")
        return _decode(answer.content, Snapshot)

    async def heads(self, after: str, limit: int) -> list[Head]:
        """How far the events of each customer go, in order of id, at most ``limit`` after an id.

        Raises
        ------
        Unavailable
            The service is away, or its answer is no page of heads.
        """
        answer = await self._customers.get("/v1/heads", limit=limit, **_after(after))
        if answer.status_code != 200:
            raise Unavailable("heads_unavailable", f"the heads call answered {answer.status_code}")
        return _decode(answer.content, _HeadsPage).items

    async def variables(self) -> list[SnapshotVariable]:
        """Every declared variable.

        Raises
        ------
        Unavailable
            The service is away, or its answer is no stream of snapshots.
        """
        found: list[SnapshotVariable] = []
        async with aclosing(self.read("")) as told:
            async for one in told:
                if not isinstance(one, SnapshotVariable):
                    break
                found.append(one)
        return found

    async def read(self, after: str) -> AsyncGenerator[SnapshotVariable | Snapshot, None]:
        """Every customer after an id, in order; before the first of all come the declared variables.

        Raises
        ------
        Unavailable
            The service is away or goes away, or its answer is no stream of snapshots.
        """
        async with self._customers.lines("/v1/snapshots", **_after(after)) as lines:
            async for line in lines:
                is_variable = _decode(line, _Probe).variable is not None
                yield _decode(line, SnapshotVariable) if is_variable else _decode(line, Snapshot)


def _after(after: str) -> dict[str, str]:
    return {"after": after} if after else {}


def _decode(data: bytes, wanted: type[Wanted]) -> Wanted:
    try:
        return decode_data(data, wanted)
    except Undecodable as error:
        raise Unavailable("snapshot_unavailable", str(error)) from error
