"""Read a rule aloud, in Spanish and in English, as a person would say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.segmenter.domain.rules import tree
from services.segmenter.domain.rules.written import number_json
from services.segmenter.domain.variables import Type
from shared.basics.money import Money, amount_text

_ES = {
    "eq": "{x} es {v}",
    "ne": "{x} no es {v}",
    "in": "{x} es {v}",
    "not_in": "{x} no es {v}",
    "contains": "{x} contiene {v}",
    "starts_with": "{x} empieza por {v}",
    "gt": "{x} es más de {v}",
    "gte": "{x} es {v} o más",
    "lt": "{x} es menos de {v}",
    "lte": "{x} es {v} o menos",
    "between": "{x} está entre {v}",
    "before": "{x} es antes del {v}",
    "after": "{x} es después del {v}",
    "on": "{x} es el {v}",
    "not_since": "{x} es anterior al {v} o no existe",
    "within_last_days": "{x} es de los últimos {v} días",
    "not_within_last_days": "{x} no es de los últimos {v} días",
    "is_set": "se conoce {x}",
    "is_not_set": "no se conoce {x}",
}
_ES_MANY = {"es": "son", "está": "están", "contiene": "contienen", "empieza": "empiezan", "conoce": "conocen"}
_EN = {
    "eq": "{x} is {v}",
    "ne": "{x} is not {v}",
    "in": "{x} is {v}",
    "not_in": "{x} is not {v}",
    "contains": "{x} contains {v}",
    "starts_with": "{x} starts with {v}",
    "gt": "{x} is more than {v}",
    "gte": "{x} is {v} or more",
    "lt": "{x} is less than {v}",
    "lte": "{x} is {v} or less",
    "between": "{x} is between {v}",
    "before": "{x} is before {v}",
    "after": "{x} is after {v}",
    "on": "{x} is on {v}",
    "not_since": "{x} was before {v} or never happened",
    "within_last_days": "{x} is within the last {v} days",
    "not_within_last_days": "{x} is not within the last {v} days",
    "is_set": "{x} is known",
    "is_not_set": "{x} is not known",
}
_EN_MANY = {"is": "are", "contains": "contain", "has": "have"}
_PLURAL_EN = (
    "payments", "days", "products", "invoices issued", "since registration", "past due", "per month", "days late",
    "subscriptions", "disputes", "promises",
)  # fmt: skip
_MONTHS_ES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_CHOICES_ES = {"person": "persona", "company": "empresa", "current": "al día"}
_CHOICES_ES |= {"low": "bajo", "medium": "medio", "high": "alto", "unknown": "desconocido"}
_CHOICES_EN = {"current": "current"}


@dataclass(frozen=True)
class _Voice:
    """One language: its sentences, its words, and how it says yes and no of a yes/no variable."""

    sentences: Mapping[str, str]
    many: Mapping[str, str]
    and_: str
    or_: str
    not_: str
    has: str
    has_not: str
    window: str
    choices: Mapping[str, str]
    is_spanish: bool


_SPANISH = _Voice(
    _ES,
    _ES_MANY,
    "y",
    "o",
    "no se cumple que",
    "el cliente tiene",
    "el cliente no tiene",
    "en los últimos {n} días",
    _CHOICES_ES,
    True,
)
_ENGLISH = _Voice(
    _EN,
    _EN_MANY,
    "and",
    "or",
    "it is not so that",
    "the customer has",
    "the customer does not have",
    "in the last {n} days",
    _CHOICES_EN,
    False,
)


def read_aloud(rule: tree.Node | None) -> dict[str, str]:
    """``{"es": …, "en": …}``; no rule is Default's."""
    if rule is None:
        return {"es": "Quien no está en ningún otro segmento.", "en": "Whoever is in no other segment."}
    return {"es": _sentence(_say(rule, _SPANISH)), "en": _sentence(_say(rule, _ENGLISH))}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _say(node: tree.Node, voice: _Voice, *, inner: bool = False) -> str:
    match node:
        case tree.All(parts):
            return _joined(parts, voice.and_, voice, inner)
        case tree.Any(parts):
            return _joined(parts, voice.or_, voice, inner)
        case tree.Not(part):
            return f"{voice.not_} {_say(part, voice, inner=True)}"
        case tree.Condition():
            return _condition(node, voice)


def _joined(parts: tuple[tree.Node, ...], word: str, voice: _Voice, inner: bool) -> str:
    said = [_say(part, voice, inner=len(parts) > 1) for part in parts]
    if len(said) == 1:
        return said[0]
    text = f"{', '.join(said[:-1])} {word} {said[-1]}"
    return f"({text})" if inner else text


def _condition(condition: tree.Condition, voice: _Voice) -> str:
    variable = condition.variable
    name = variable.es if voice.is_spanish else variable.en
    if variable.type is Type.BOOLEAN and not variable.is_custom and condition.operator in ("eq", "ne"):
        return f"{voice.has if condition.value == (condition.operator == 'eq') else voice.has_not} {name}"
    if condition.within_days is not None:
        name = f"{name} {voice.window.format(n=condition.within_days)}"
    sentence = voice.sentences[condition.operator]
    if name.startswith(("los ", "las ")) or (not voice.is_spanish and _is_plural(name)):
        sentence = " ".join(voice.many.get(word, word) for word in sentence.split(" "))
    return sentence.format(x=name, v=_value(condition, voice))


def _is_plural(name: str) -> bool:
    return name.partition(" in the last ")[0].endswith(_PLURAL_EN)


def _value(condition: tree.Condition, voice: _Voice) -> str:
    given = condition.value
    if isinstance(given, tuple):
        word = voice.and_ if condition.operator == "between" else voice.or_
        said = [_one(value, condition, voice) for value in given]
        return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {word} {said[-1]}"
    return _one(given, condition, voice)


def _one(value: tree.Value, condition: tree.Condition, voice: _Voice) -> str:
    match value:
        case bool():
            return {(True, True): "sí", (False, True): "no", (True, False): "yes", (False, False): "no"}[
                (value, voice.is_spanish)
            ]
        case Money(amount, currency):
            return f"{_grouped(amount_text(amount), voice)} {currency}"
        case Decimal():
            return str(number_json(value))
        case date():
            return _day(value, condition, voice)
        case str():
            known = voice.choices.get(value, value) if condition.variable.type is Type.CHOICE else value
            return f"«{known}»" if condition.variable.type in (Type.TEXT, Type.LIST) else known
        case _:
            return str(value)


def _day(day: date, condition: tree.Condition, voice: _Voice) -> str:
    if not voice.is_spanish:
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    article = "el " if condition.operator == "between" else ""
    return f"{article}{day.day} de {_MONTHS_ES[day.month - 1]} de {day.year}"


def _grouped(text: str, voice: _Voice) -> str:
    whole, _, decimals = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}"
    shown = "" if not decimals.strip("0") else decimals
    if voice.is_spanish:
        return sign + grouped.replace(",", ".") + (f",{shown}" if shown else "")
    return sign + grouped + (f".{shown}" if shown else "")
