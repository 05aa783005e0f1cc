"""Text: what a database can hold, and what people search by, without case, accents or doubled spaces."""

import unicodedata


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold it: no NUL, no half of a surrogate pair (JSON can write both)."""
    return "\x00" not in text and (text.isprintable() or not any(0xD800 <= ord(c) <= 0xDFFF for c in text))


def fold(text: str) -> str:
    """The normalised copy of a text that searches and text operators compare (``José  PÉREZ`` → ``jose perez``)."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())
