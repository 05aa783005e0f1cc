"""Preconditions of writes, both optional: ``If-Match`` (the version the caller saw) and ``If-None-Match: *``."""

from dataclasses import dataclass
from typing import Annotated

import msgspec
from fastapi import Depends, Header

from services.customers.domain.change import Fact
from services.customers.domain.variable import Variable
from services.customers.usecases.record_facts import Condition
from shared.basics.errors import Stale
from shared.http.etags import check_match, create_only, etag


def version_of(fact: Fact | Variable) -> str:
    """The ETag of a fact: another one whenever its content differs."""
    return etag(msgspec.json.encode(fact, order="sorted").decode())


@dataclass(frozen=True)
class Preconditions:
    """What the caller says must hold of what is stored."""

    if_match: str | None = None
    if_none_match: str | None = None

    @property
    def condition(self) -> Condition | None:
        """``check``, if the caller says anything."""
        return None if self.if_match is None and self.if_none_match is None else self.check

    def check(self, stored: Fact | Variable | None) -> None:
        """Refuse (412) when it does not hold."""
        create_only(self.if_none_match, exists=stored is not None)
        if stored is not None:
            check_match(self.if_match, version_of(stored))
        elif self.if_match is not None:
            raise Stale("stale", "there is nothing yet that If-Match could match")


async def _preconditions(
    if_match: Annotated[str | None, Header()] = None, if_none_match: Annotated[str | None, Header()] = None
) -> Preconditions:
    return Preconditions(if_match, if_none_match)


Conditions = Annotated[Preconditions, Depends(_preconditions)]
