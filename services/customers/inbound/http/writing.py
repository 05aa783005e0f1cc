"""What the answers of all writes have in common: 201 the first time, 200 after, and the version as ETag."""

from typing import Any

from fastapi import Response
from pydantic import BaseModel

from services.customers.domain.change import Fact
from services.customers.inbound.http.preconditions import version_of
from services.customers.usecases.record_facts import Recorded


def created(answer: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """For a route's ``responses``: beside 200 it answers 201."""
    return {201: {"description": "It is new", "model": answer}}


def tell_recorded(response: Response, recorded: Recorded, fact: Fact) -> None:
    """Set the status and the ETag of a write's answer."""
    response.status_code = 201 if recorded.change is not None and recorded.change.is_new else 200
    response.headers["ETag"] = version_of(fact)
