"""Customers by name: the words of a folded name, each found by its beginning."""

import re

from shared.basics.text import fold

_WORD = re.compile(r"\w+")
_LONGEST = 500
"""PostgreSQL takes words of 2,046 bytes: 511 characters, and folding makes several of one."""


def name_words(name: str) -> str:
    """The searchable copy of a name (``José Pérez S.A.`` → ``jose perez s a``)."""
    return " ".join(word[:_LONGEST] for word in _WORD.findall(fold(name)))


def name_query(asked: str) -> str:
    """A tsquery for names with a word beginning with each of the asked words; without words it is empty."""
    return " & ".join(f"'{word}':*" for word in name_words(asked).split())
