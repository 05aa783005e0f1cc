"""A reason by its code and in words: why a risk level is what it is, why an alert was raised."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """What was found. ``code`` is stable: a test of the risk level, or the variable of a condition."""

    code: str
    es: str
    en: str
