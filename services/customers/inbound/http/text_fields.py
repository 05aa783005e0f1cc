"""Texts in bodies. An empty text says nothing: it is taken as left out."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from services.customers.domain.customer import plain
from shared.http.fields import ShortText, Text


def _nothing_if_blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _email(value: str) -> str:
    local, at, domain = value.partition("@")
    if not at or not local or not domain or "@" in domain or any(c.isspace() or not c.isprintable() for c in value):
        raise PydanticCustomError("invalid_email", "an e-mail address such as 'ana@correo.co' is wanted")
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("required", "a text that is not blank is wanted")
    return value


def _more_than_separators(value: str) -> str:
    if not plain(value):
        raise PydanticCustomError("required", "letters or digits are wanted, for separators do not count")
    return value


Email = Annotated[ShortText, AfterValidator(_email)]
Name = Annotated[ShortText, AfterValidator(_not_blank)]
"""A text that is there."""
DocumentWord = Annotated[Name, AfterValidator(_more_than_separators)]
"""A type or number of a document: what is left of it without separators tells it from others."""
OptionalEmail = Annotated[Email | None, BeforeValidator(_nothing_if_blank)]
OptionalText = Annotated[ShortText | None, BeforeValidator(_nothing_if_blank)]
OptionalProse = Annotated[Text | None, BeforeValidator(_nothing_if_blank)]
