"""Which country a time zone lies in, by the pinned ``tzdata`` package, as are all zones."""

from functools import cache
from importlib.resources import files


@cache
def country_of(zone: str) -> str | None:
    """The country (ISO 3166 alpha-2) of an IANA zone (``America/Bogota`` → ``CO``); None for ``UTC`` and the like."""
    return _countries().get(zone)


@cache
def _countries() -> dict[str, str]:
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {zone: country for country, _, zone, *_ in rows}
