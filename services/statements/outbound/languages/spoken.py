"""Which language a locale is written in."""

from services.statements.outbound.languages.en import ENGLISH
from services.statements.outbound.languages.es import SPANISH
from services.statements.outbound.languages.phrases import Phrases
from services.statements.outbound.languages.pt import PORTUGUESE

_LANGUAGES = {"es": SPANISH, "pt": PORTUGUESE, "en": ENGLISH}


def phrases_of(locale: str) -> Phrases:
    """The words of a locale such as ``es-CO``."""
    return _LANGUAGES[locale[:2]]
