"""The glossary: every variable that may be named now, what it means, and what is observed of it."""

from dataclasses import dataclass

from services.segmenter.domain.meaning import Meaning, Said
from services.segmenter.domain.meanings import MEANINGS
from services.segmenter.domain.observed import Observations
from services.segmenter.domain.variables import Variable
from services.segmenter.storage.catalogue import load_catalogue
from services.segmenter.storage.declared import load_declared
from services.segmenter.storage.present_day import present_day
from services.segmenter.storage.revisions import load_settings
from services.segmenter.usecases.observe_variables import observe_variables
from shared.database.engine import Database
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class Glossary:
    """Variables in the order of the catalogue, custom ones last, each with its meaning; and what is observed."""

    entries: tuple[tuple[Variable, Meaning], ...]
    observations: Observations


@dataclass(frozen=True)
class ReadGlossary:
    """Reads the glossary by the published settings."""

    database: Database
    clock: Clock

    async def __call__(self) -> Glossary:
        """Every variable; of many customers what the worker counted last, and a newer count is asked for."""
        async with self.database.transaction() as connection:
            settings = await load_settings(connection)
            variables = await load_catalogue(connection, settings)
            declared = await load_declared(connection)
            as_of, now = await present_day(connection, self.clock.today()), self.clock.now()
            observations = await observe_variables(connection, [*variables.values()], settings, as_of, now)
        said = {key: one.description for key, one in declared.items()}
        return Glossary(tuple((one, _meaning(one, said.get(one.key))) for one in variables.values()), observations)


def _meaning(variable: Variable, description: str | None) -> Meaning:
    """Custom variables bring a title in one or two languages, and a description in one."""
    if not variable.is_custom:
        return MEANINGS[variable.key]
    said = description or ""
    return Meaning(Said(variable.es, variable.en), Said(said, said))
