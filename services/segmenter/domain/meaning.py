"""How a variable is spoken of to people, in two languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """The same in Spanish and in English."""

    es: str
    en: str


@dataclass(frozen=True)
class Meaning:
    """A title, and sentences that say what a variable is worth."""

    title: Said
    description: Said


def meaning(es: str, en: str, says_es: str, says_en: str) -> Meaning:
    """A title and a description, each in Spanish and in English."""
    return Meaning(Said(es, en), Said(says_es, says_en))
