"""The catalogue of variables as of now: the built-in ones and those that were declared."""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.facts import Declaration
from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Catalogue, Type, Variable, catalogue
from services.segmenter.storage.declared import load_declared


async def load_catalogue(connection: AsyncConnection, settings: Settings) -> Catalogue:
    """Every variable that may be named; ``settings`` say which aging buckets there are."""
    declared = await load_declared(connection)
    return catalogue([_variable(one) for one in declared.values()], settings.buckets)


def _variable(declared: Declaration) -> Variable:
    es = declared.title["es"] or declared.key
    return Variable(
        key=declared.key,
        type=Type(declared.type),
        es=es,
        en=declared.title.get("en") or es,
        choices=tuple(declared.choices or ()),
        is_custom=True,
    )
