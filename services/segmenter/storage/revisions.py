"""Published revisions: immutable, numbered from 1; one row, ``published``, says which is in force."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.cascade import Cascade, Segment
from services.segmenter.domain.rules.parse import parse_rule, stored_language
from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Catalogue
from services.segmenter.storage.catalogue import load_catalogue
from services.segmenter.storage.flows import load_flows
from services.segmenter.storage.settings_json import settings_of

_IN_FORCE = text("SELECT revision FROM published")
_HELD = text("SELECT revision FROM published FOR SHARE")
_SETTINGS = text("SELECT settings FROM revisions JOIN published USING (revision)")
_LOAD = text("SELECT revision, published_at, published_by, settings, segments, effect FROM revisions")
_ONE = text(f"{_LOAD.text} WHERE revision = :revision")
_PAGE = text(f"{_LOAD.text} WHERE revision < :before ORDER BY revision DESC LIMIT :limit")


@dataclass(frozen=True)
class Revision:
    """A revision as it is stored; ``segments`` and ``effect`` are JSON."""

    revision: int
    published_at: datetime
    published_by: str | None
    settings: dict[str, Any]
    segments: list[dict[str, Any]]
    effect: dict[str, Any]


async def load_published(connection: AsyncConnection) -> Cascade:
    """The cascade in force; after ``hold_published`` it stays so until the transaction ends."""
    number = (await connection.execute(_IN_FORCE)).scalar_one()
    stored = await load_revision(connection, number)
    if stored is None:
        raise LookupError(f"revision {number} is in force and missing")
    return await read_cascade(connection, stored.revision, stored.segments, settings_of(stored.settings))


async def hold_published(connection: AsyncConnection) -> None:
    """From here to the end of the transaction nothing else is published."""
    await connection.execute(_HELD)


async def load_settings(connection: AsyncConnection) -> Settings:
    """The settings in force."""
    return settings_of((await connection.execute(_SETTINGS)).scalar_one())


async def load_revision(connection: AsyncConnection, number: int) -> Revision | None:
    """One revision."""
    row = (await connection.execute(_ONE, {"revision": number})).one_or_none()
    return Revision(*row) if row else None


async def page_revisions(connection: AsyncConnection, before: int, limit: int) -> list[Revision]:
    """Revisions before a number, the newest first."""
    rows = await connection.execute(_PAGE, {"before": before, "limit": limit})
    return [Revision(*row) for row in rows]


async def read_cascade(
    connection: AsyncConnection, number: int, segments: list[dict[str, Any]], settings: Settings
) -> Cascade:
    """A cascade from its stored segments, with every rule read."""
    variables = await load_catalogue(connection, settings)
    return Cascade(
        revision=number,
        segments=tuple(_segment(stored, variables) for stored in segments),
        settings=settings,
        flows=await load_flows(connection),
    )


def _segment(stored: dict[str, Any], variables: Catalogue) -> Segment:
    rule = stored["rule"]
    return Segment(
        segment_id=stored["segment_id"],
        name=stored["name"],
        flow_id=stored["flow_id"],
        rule_json=rule,
        rule=parse_rule(rule, stored_language(variables), "/rule") if rule is not None else None,
    )
