"""A rule read aloud is a sentence a person would say, in Spanish and in English."""

import pytest

from services.segmenter.domain.rules.aloud import read_aloud
from tests.services.segmenter.rules.language import Rule, pesos, read, where

SAID = [
    (
        where("failed_payments", "gt", 1, within_days=90),
        "Los pagos fallidos en los últimos 90 días son más de 1.",
        "The failed payments in the last 90 days are more than 1.",
    ),
    (
        {"all": [where("total_balance", "gt", pesos("10000000")), where("contactability_problem", "eq", False)]},
        "El saldo total es más de 10.000.000 COP y el cliente no tiene un problema de contactabilidad.",
        "The total balance is more than 10,000,000 COP and the customer does not have a contactability problem.",
    ),
    (
        {"not": {"any": [where("name", "contains", "Pérez"), where("customer_type", "eq", "company")]}},
        "No se cumple que (el nombre contiene «Pérez» o el tipo de cliente es empresa).",
        "It is not so that (the name contains «Pérez» or the customer type is company).",
    ),
    (
        where("cupo", "between", [pesos("1500.5"), pesos("2000")]),
        "Cupo aprobado está entre 1.500,50 COP y 2.000 COP.",
        "Approved limit is between 1,500.50 COP and 2,000 COP.",
    ),
    (
        where("last_activity_on", "not_within_last_days", 60),
        "La última actividad no es de los últimos 60 días.",
        "The last activity is not within the last 60 days.",
    ),
    (
        where("registered_on", "between", ["2026-01-01", "2026-02-28"]),
        "La fecha de registro está entre el 1 de enero de 2026 y el 28 de febrero de 2026.",
        "The registration date is between 1 January 2026 and 28 February 2026.",
    ),
    (
        where("last_payment_on", "not_since", "2025-12-31"),
        "El último pago es anterior al 31 de diciembre de 2025 o no existe.",
        "The last payment was before 31 December 2025 or never happened.",
    ),
    (where("products", "is_set"), "Se conocen los productos.", "The products are known."),
    (where("email", "is_not_set"), "No se conoce el correo.", "The e-mail is not known."),
    (
        where("canal", "in", ["correo", "llamada"]),
        "Canal preferido es correo o llamada.",
        "Preferred channel is correo or llamada.",
    ),
]


@pytest.mark.parametrize(("rule", "es", "en"), SAID, ids=[en for _, _, en in SAID])
def test_it_is_said_in_both_languages(rule: Rule, es: str, en: str) -> None:
    assert read_aloud(read(rule)) == {"es": es, "en": en}


def test_default_takes_everybody_else() -> None:
    assert read_aloud(None) == {
        "es": "Quien no está en ningún otro segmento.",
        "en": "Whoever is in no other segment.",
    }


EVERY_OPERATOR: list[Rule] = [
    where("name", "starts_with", "a"),
    where("name", "ne", "a"),
    where("name", "not_in", ["a", "b"]),
    where("estrato", "gte", 1),
    where("estrato", "lt", 1.5),
    where("estrato", "lte", 1),
    where("registered_on", "before", "2026-01-01"),
    where("registered_on", "after", "2026-01-01"),
    where("registered_on", "on", "2026-01-01"),
    where("last_payment_on", "not_since", "2026-01-01"),
    where("last_payment_on", "within_last_days", 30),
    where("products", "contains", "Luz"),
    where("vip", "eq", True),
    where("estrato", "is_set"),
]


@pytest.mark.parametrize("rule", EVERY_OPERATOR, ids=lambda rule: rule["operator"])
def test_every_operator_has_its_words(rule: Rule) -> None:
    said = read_aloud(read(rule))
    assert set(said) == {"es", "en"}
    assert said["es"] != said["en"]
    assert not any("{" in sentence or "_" in sentence for sentence in said.values())
