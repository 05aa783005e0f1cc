"""Field types of request bodies: strict, so that nothing is guessed, and each refusal has a stable code.

Amounts are decimal strings (a JSON number is refused), dates ISO, instants RFC 3339 with an offset.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shared.basics import days, money
from shared.basics.text import is_storable

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
ID_PATTERN = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)


class Body(BaseModel):
    """A request body: exact types, unknown fields refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class DefaultingBody(Body):
    """A body whose fields have defaults: a null is as if the field were left out."""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {name: value for name, value in given.items() if value is not None or name not in optional}


def _wrong(wanted: str) -> PydanticCustomError:
    return PydanticCustomError("wrong_type", "{wanted} is wanted", {"wanted": wanted})


def _amount(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not money.AMOUNT_PATTERN.fullmatch(value):
        raise _wrong("a decimal string with at most 4 decimals, such as '1250000.50',")
    return money.parse_amount(value)


def _date(value: Any) -> Any:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            found = date.fromisoformat(value)
        except ValueError as error:
            raise _wrong("an existing date") from error
        if found in (date.min, date.max):  # to PostgreSQL these are infinite, and no days can be counted from them
            raise PydanticCustomError("out_of_range", "a date after 0001-01-01 and before 9999-12-31 is wanted")
        return found
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _wrong("a date such as '2026-04-30'")


def _instant(value: Any) -> Any:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise _wrong("an existing instant") from error
    if isinstance(value, datetime):
        return value
    raise _wrong("an instant with an offset, such as '2026-04-30T09:00:00Z',")


def _id(value: str) -> str:
    if not ID_PATTERN.fullmatch(value):
        raise PydanticCustomError("invalid_id", "an id is 1 to 64 of A-Z a-z 0-9 . _ : -")
    return value


def _zone(value: str) -> str:
    try:
        days.zone(value)
    except ValueError as error:
        raise PydanticCustomError("unknown_time_zone", "no such IANA time zone") from error
    return value


def _storable(value: str) -> str:
    if not is_storable(value):
        raise _wrong("text without NUL or lone surrogates")
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("required", "a text that is not blank is wanted")
    return value


def _time(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise _wrong("a time such as '09:00'")
    return value


Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,20}(\.\d{1,4})?$", "examples": ["1250000.50"]}),
]
"""An exact amount, as a decimal string on the wire."""
IsoDate = Annotated[date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
Instant = Annotated[datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
"""An instant, turned to UTC; of a second's fraction six digits count."""
WallTime = Annotated[str, AfterValidator(_time), WithJsonSchema({"type": "string", "examples": ["09:00"]})]
Id = Annotated[str, AfterValidator(_id), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,64}$"})]
"""An id of the caller's own, compared bytewise."""
PathId = Annotated[Id, Path()]
ZoneName = Annotated[str, AfterValidator(_zone)]
Text = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_storable)]
"""Free text, if PostgreSQL can hold it."""
ShortText = Annotated[
    str,
    StringConstraints(max_length=200),
    AfterValidator(_storable),
    AfterValidator(_not_blank),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200}),
]
"""A short text that says something: neither empty nor blank."""
