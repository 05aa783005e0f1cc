"""Snapshots over HTTP from the customers service: where repair gets its facts."""

from urllib.parse import quote

from shared.basics.errors import Unavailable
from shared.contracts.customers_v1 import Snapshot
from shared.contracts.envelope import Undecodable, decode_data
from shared.http.client import ServiceClient


class Snapshots:
    """Reads ``GET /v1/customers/{id}/snapshot``."""

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
        try:
            return decode_data(answer.content, Snapshot)
        except Undecodable as error:
            raise Unavailable("snapshot_unavailable", str(error)) from error
