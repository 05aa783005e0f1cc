"""Mistakes to plant, as ``mistakes.yaml`` lists them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.kubernetes.manifests import Manifests

_WORDS = {"POD": "spec template spec", "MAIN": "spec template spec containers 0"}


@dataclass(frozen=True)
class Planted:
    """``where``: steps to the value, numbers for places in a list; none for the object itself."""

    kind: str
    object: str
    where: list[str]
    instead: Any
    said: str

    def plant(self, manifests: Manifests) -> Manifests:
        """The same objects, with the mistake; an object itself is gone, or there that many times more."""
        one = manifests.one(self.kind, self.object)
        if not self.where:
            others = [other for other in manifests.objects if other is not one]
            return Manifests([*others, *([one] * (self.instead + 1 if self.instead else 0))])
        *steps, last = self.where
        _put(_walk(one, steps), last, self.instead)
        return manifests


def _walk(one: Any, steps: list[str]) -> Any:
    for step in steps:
        one = one[int(step) if isinstance(one, list) else step]
    return one


def _put(holder: Any, last: str, instead: Any) -> None:
    if isinstance(holder, list):
        holder[int(last) : int(last) + 1] = [] if instead is None else [instead]
    elif instead is None:
        del holder[last]
    else:
        holder[last] = instead


def mistakes() -> dict[str, Planted]:
    """The table, by name."""
    table = yaml.safe_load((Path(__file__).parent / "mistakes.yaml").read_text())
    return {name: _read(row) for name, row in table.items()}


def _read(row: dict[str, Any]) -> Planted:
    kind, _, named = row["in"].partition(" ")
    words = [_WORDS.get(word, word) for word in row.get("at", "").split()]
    return Planted(kind, named, " ".join(words).split(), row["instead"], row["said"])
