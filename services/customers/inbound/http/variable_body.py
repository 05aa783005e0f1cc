"""Declarations in HTTP words."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.customers.domain.variable import Title, Variable, VariableType
from services.customers.inbound.http.text_fields import OptionalProse, OptionalText
from shared.http.fields import Body, ShortText

_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)


def _key(value: str) -> str:
    if not _KEY.fullmatch(value):
        raise PydanticCustomError("invalid_id", "a key is a-z, then up to 62 of a-z 0-9 _")
    return value


Key = Annotated[str, AfterValidator(_key), WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$"})]
"""The name that rules and bodies use for a variable."""


class TitleBody(Body):
    """What a variable is called, for people."""

    es: ShortText
    en: OptionalText = None


class VariableBody(Body):
    """A declaration as a write gives it."""

    type: VariableType
    title: TitleBody
    description: OptionalProse = None
    choices: Annotated[list[ShortText], Field(max_length=500)] | None = None

    def asked(self, key: str) -> Variable:
        """As decisions take it."""
        return Variable(
            key=key,
            type=self.type,
            title=Title(self.title.es, self.title.en),
            description=self.description,
            choices=None if self.choices is None else tuple(self.choices),
        )


class TitleAnswer(BaseModel):
    """What a variable is called, for people."""

    es: str
    en: str | None


class VariableAnswer(BaseModel):
    """A declaration as it is."""

    key: str
    type: VariableType
    title: TitleAnswer
    description: str | None
    choices: list[str] | None

    @classmethod
    def of(cls, variable: Variable) -> "VariableAnswer":
        """A declaration as it is answered."""
        return cls(
            key=variable.key,
            type=variable.type,
            title=TitleAnswer(es=variable.title.es, en=variable.title.en),
            description=variable.description,
            choices=None if variable.choices is None else list(variable.choices),
        )
