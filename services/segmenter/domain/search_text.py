"""The normalised copy of a customer's texts, on which text operators compare."""

from services.segmenter.domain.facts import Attributes
from shared.basics.text import fold

_BUILT_IN = (
    "name",
    "email",
    "document_number",
    "document_type",
    "country",
    "portfolio",
    "client_type",
    "language",
)


def folded_texts(attributes: Attributes) -> dict[str, str]:
    """Each text that is not missing, by its variable's key; empty text is missing.

    A custom variable's value may be a date or a choice: its folded copy does no harm, for no operator reads it.
    """
    built_in = {key: getattr(attributes, key) for key in _BUILT_IN}
    texts = {**built_in, **attributes.variables}
    return {key: fold(value) for key, value in texts.items() if isinstance(value, str) and value.strip()}
