"""Preconditions of writes, both optional: ``If-Match`` (the version the caller saw) and ``If-None-Match: *``."""

from typing import Annotated

import msgspec
from fastapi import Depends, Header

from services.customers.domain.change import Fact
from services.customers.domain.variable import Variable
from services.customers.usecases.record_facts import Condition
from shared.http import preconditions
from shared.http.etags import etag


def version_of(fact: Fact | Variable) -> str:
    """The ETag of a fact: another one whenever its content differs."""
    return etag(msgspec.json.encode(fact, order="sorted").decode())


class Preconditions(preconditions.Preconditions):
    """What the caller says must hold of what is stored."""

    @property
    def condition(self) -> Condition | None:
        """``check_stored``, if the caller says anything."""
        return None if self.if_match is None and self.if_none_match is None else self.check_stored

    def check_stored(self, stored: Fact | Variable | None) -> None:
        """Refuse (412) when it does not hold of the stored fact or variable."""
        self.check(None if stored is None else version_of(stored))


async def _preconditions(
    if_match: Annotated[str | None, Header()] = None, if_none_match: Annotated[str | None, Header()] = None
) -> Preconditions:
    return Preconditions(if_match, if_none_match)


Conditions = Annotated[Preconditions, Depends(_preconditions)]
