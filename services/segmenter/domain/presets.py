"""Usual segmentations of persons and of companies, as collections teams use them, to begin a draft with.

They name variables alone, so they hold in any deployment; what differs from company to company (names of portfolios
and products, the amount that is much) is to be changed in the draft.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.segmenter.domain.meaning import Said

_MUCH = {"COP": "10000000", "CLP": "2000000", "PYG": "20000000", "ARS": "2000000"}
_MUCH_ELSEWHERE = "2500"

Rule = Mapping[str, Any]


@dataclass(frozen=True)
class PresetSegment:
    """A segment as it is put into the draft."""

    segment_id: str
    name: str
    rule: Rule


@dataclass(frozen=True)
class Preset:
    """Segments in the order in which they are to stand; ``audience``: whom they speak of."""

    preset_id: str
    audience: Literal["person", "company", "all"]
    name: Said
    description: Said
    segments: tuple[PresetSegment, ...]


def presets(currency: str) -> tuple[Preset, ...]:
    """Every preset; amounts are in the deployment's default currency."""
    return (*_PERSONS, *_companies({"amount": _MUCH.get(currency, _MUCH_ELSEWHERE), "currency": currency}), *_ALL)


def _is(variable: str, value: Any, operator: str = "eq", **window: int) -> Rule:
    return {"variable": variable, "operator": operator, "value": value, **window}


_PERSON = _is("customer_type", "person")
_COMPANY = _is("customer_type", "company")


def _every(*parts: Rule) -> Rule:
    return {"all": list(parts)}


def _person(segment_id: str, name: str, *parts: Rule) -> PresetSegment:
    return PresetSegment(f"personas-{segment_id}", name, _every(_PERSON, *parts))


def _company(segment_id: str, name: str, *parts: Rule) -> PresetSegment:
    return PresetSegment(f"empresas-{segment_id}", name, _every(_COMPANY, *parts))


_CHANGE_ES = " Cambie los nombres por los de su empresa."
_CHANGE_EN = " Change the names to your company's own."

_PERSONS = (
    Preset(
        "persons-by-risk",
        "person",
        Said("Personas por nivel de riesgo", "Persons by risk level"),
        Said(
            "Separa a las personas según su nivel de riesgo, del más alto al más bajo.",
            "Sets persons apart by their risk level, the highest first.",
        ),
        (
            _person("riesgo-alto", "Personas de riesgo alto", _is("risk_level", "high")),
            _person("riesgo-medio", "Personas de riesgo medio", _is("risk_level", "medium")),
            _person("riesgo-bajo", "Personas de riesgo bajo", _is("risk_level", "low")),
            _person("sin-historial", "Personas sin historial de pago", _is("risk_level", "unknown")),
        ),
    ),
    Preset(
        "persons-by-portfolio",
        "person",
        Said("Personas por cartera", "Persons by portfolio"),
        Said(
            "Separa a las personas según la cartera asignada, de la castigada a la preventiva." + _CHANGE_ES,
            "Sets persons apart by the portfolio they are in, from written-off to preventive." + _CHANGE_EN,
        ),
        (
            _person("cartera-castigada", "Personas en cartera castigada", _is("portfolio", "castigada", "contains")),
            _person(
                "cartera-prejuridica", "Personas en cartera prejurídica", _is("portfolio", "prejurídica", "contains")
            ),
            _person("cartera-juridica", "Personas en cartera jurídica", _is("portfolio", "jurídica", "contains")),
            _person(
                "cartera-administrativa",
                "Personas en cartera administrativa",
                _is("portfolio", "administrativa", "contains"),
            ),
            _person("cartera-preventiva", "Personas en cartera preventiva", _is("portfolio", "preventiva", "contains")),
        ),
    ),
    Preset(
        "persons-by-product",
        "person",
        Said("Personas por producto", "Persons by product"),
        Said(
            "Separa a las personas según el producto que deben o al que están suscritas." + _CHANGE_ES,
            "Sets persons apart by the product that they owe for or subscribe to." + _CHANGE_EN,
        ),
        (
            _person(
                "hipotecario", "Personas con crédito hipotecario", _is("products", "Crédito hipotecario", "contains")
            ),
            _person("libranza", "Personas con libranza", _is("products", "Libranza", "contains")),
            _person("tarjeta", "Personas con tarjeta de crédito", _is("products", "Tarjeta de crédito", "contains")),
            _person("consumo", "Personas con crédito de consumo", _is("products", "Crédito de consumo", "contains")),
        ),
    ),
)


def _companies(much: Mapping[str, str]) -> tuple[Preset, ...]:
    reachable = _is("contactability_problem", False)
    return (
        Preset(
            "companies-by-client-type",
            "company",
            Said("Empresas por clase de cliente", "Companies by client type"),
            Said(
                "Separa a las empresas según su clasificación comercial." + _CHANGE_ES,
                "Sets companies apart by their commercial classification." + _CHANGE_EN,
            ),
            (
                _company("corporativo", "Empresas corporativas", _is("client_type", ["corporativo", "grande"], "in")),
                _company("pyme", "Pymes", _is("client_type", ["pyme", "mediana", "pequeña"], "in")),
                _company("gobierno", "Entidades públicas", _is("client_type", ["gobierno", "sector público"], "in")),
                _company("otras", "Empresas sin clase asignada", {"variable": "client_type", "operator": "is_not_set"}),
            ),
        ),
        Preset(
            "companies-by-product",
            "company",
            Said("Empresas por producto", "Companies by product"),
            Said(
                "Separa a las empresas según el producto que deben o al que están suscritas." + _CHANGE_ES,
                "Sets companies apart by the product that they owe for or subscribe to." + _CHANGE_EN,
            ),
            (
                _company("factoring", "Empresas con factoring", _is("products", "Factoring", "contains")),
                _company("leasing", "Empresas con leasing", _is("products", "Leasing", "contains")),
                _company(
                    "capital-de-trabajo",
                    "Empresas con capital de trabajo",
                    _is("products", "Capital de trabajo", "contains"),
                ),
            ),
        ),
        Preset(
            "companies-large-balance",
            "company",
            Said("Empresas con saldo alto y contactables", "Reachable companies with a large balance"),
            Said(
                "Pone primero a las empresas que deben más del monto fijado y a las que sí se puede contactar; aparte"
                " quedan las de saldo alto por ubicar.",
                "Puts first the companies that owe more than the amount set and can be reached; those that owe as much"
                " and must be traced stand apart.",
            ),
            (
                _company(
                    "saldo-alto", "Empresas con saldo alto y contactables", _is("total_balance", much, "gt"), reachable
                ),
                _company("por-ubicar", "Empresas con saldo alto por ubicar", _is("total_balance", much, "gt")),
            ),
        ),
    )


_ALL = (
    Preset(
        "all-early-signs",
        "all",
        Said("Gestión temprana", "Early signs"),
        Said(
            "Reúne a quienes dan señales antes de caer en mora: promesas incumplidas, pagos rechazados o datos de"
            " contacto por corregir.",
            "Brings together whoever gives signs before falling behind: broken promises, refused payments, or contact"
            " details to mend.",
        ),
        (
            PresetSegment("promesas-incumplidas", "Promesas incumplidas", _is("broken_promises", 0, "gt")),
            PresetSegment("pagos-rechazados", "Pagos rechazados", _is("failed_payments", 2, "gte", within_days=90)),
            PresetSegment("por-ubicar", "Datos de contacto por corregir", _is("contactability_problem", True)),
        ),
    ),
)
