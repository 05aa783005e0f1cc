"""Text as people search it: without case, accents or doubled spaces."""

import unicodedata


def fold(text: str) -> str:
    """The normalised copy of a text that searches and text operators compare (``José  PÉREZ`` → ``jose perez``)."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())
