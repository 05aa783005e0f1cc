"""Why a segment has nobody: the first cause that applies, and in words. Source: meaning.md 32."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.segmenter.domain.observed import Observed
from services.segmenter.domain.rules import tree
from services.segmenter.domain.rules.contradiction import is_contradictory
from services.segmenter.domain.rules.hopeless import out_of_range, unloaded

Cause = Literal["none", "not_refreshed", "contradictory", "variable_not_loaded", "out_of_observed_range", "absorbed"]


@dataclass(frozen=True)
class Absorbing:
    """A segment before this one that takes customers who match its rule."""

    segment_id: str
    name: str
    customers: int


@dataclass(frozen=True)
class Case:
    """What a segment is diagnosed by; ``rule`` is None for Default. ``is_refreshed``: published as it is drafted."""

    rule: tree.Node | None
    is_refreshed: bool
    members: int
    matching: int
    absorbed_by: tuple[Absorbing, ...]
    observed: Mapping[str, Observed]
    as_of: date


@dataclass(frozen=True)
class Diagnosis:
    """A cause with its sentences."""

    cause: Cause
    es: str
    en: str


def diagnose(case: Case) -> Diagnosis:
    """The first cause that applies; a rule that somebody matches needs no variable that is not loaded."""
    if case.members:
        es, en = _counted(case.members)
        return Diagnosis("none", f"Tiene {es}.", f"It has {en}.")
    if not case.is_refreshed:
        es, en = _counted(case.matching)
        would = "cumpliría" if case.matching == 1 else "cumplirían"
        return Diagnosis(
            "not_refreshed",
            f"Su borrador aún no se ha publicado: actualice la cascada. Hoy lo {would} {es}.",
            f"Its draft is not published yet: refresh the cascade. {en} would match it today.",
        )
    if case.rule is not None and case.matching == 0:
        return _diagnose_rule(case.rule, case)
    if case.matching:
        return _absorbed(case)
    return _nobody()


def _diagnose_rule(rule: tree.Node, case: Case) -> Diagnosis:
    if is_contradictory(rule, case.as_of):
        return Diagnosis(
            "contradictory",
            "Sus condiciones se contradicen: nadie puede cumplirlas a la vez.",
            "Its conditions contradict each other: nobody can meet them together.",
        )
    if missing := unloaded(rule, case.observed):
        es, en = _names(missing)
        return Diagnosis(
            "variable_not_loaded",
            f"Necesita datos que ningún cliente tiene: {es}.",
            f"It needs data that no customer has: {en}.",
        )
    if beyond := out_of_range(rule, case.observed, case.as_of):
        es, en = _names(beyond)
        return Diagnosis(
            "out_of_observed_range",
            f"Pide valores que no se observan en ningún cliente: {es}.",
            f"It asks for values that are observed of no customer: {en}.",
        )
    return _nobody()


def _absorbed(case: Case) -> Diagnosis:
    takers = ", ".join(f"{one.name} ({one.customers})" for one in case.absorbed_by)
    if case.matching == 1:
        return Diagnosis(
            "absorbed",
            f"El único cliente que lo cumple está en un segmento anterior: {takers}.",
            f"The only customer that matches it is in an earlier segment: {takers}.",
        )
    return Diagnosis(
        "absorbed",
        f"Los {case.matching} clientes que lo cumplen están en segmentos anteriores: {takers}.",
        f"The {case.matching} customers that match it are in earlier segments: {takers}.",
    )


def _counted(customers: int) -> tuple[str, str]:
    if customers == 1:
        return "1 cliente", "1 customer"
    return f"{customers} clientes", f"{customers} customers"


def _nobody() -> Diagnosis:
    return Diagnosis("none", "Hoy ningún cliente lo cumple.", "Nobody matches it today.")


def _names(conditions: Sequence[tree.Condition]) -> tuple[str, str]:
    variables = {one.variable.key: one.variable for one in conditions}.values()
    return ", ".join(one.es for one in variables), ", ".join(one.en for one in variables)
