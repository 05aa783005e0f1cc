"""Who the demo's customers are: the body each is registered with, and the habits that shape what happens to it.

Habits stay in the generator: the system sees only invoices, payments and failures.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from deploy.demo import names, shapes
from deploy.demo.products import Product, bought

_CARDS = ("PSE", "Tarjeta de crédito", "Débito automático")
"""Ways of paying that a bank can refuse."""
_CLIENT_TYPES = (("PyME", 68.0), ("Corporativo", 22.0), ("Gobierno", 10.0))
_CHANNELS = (("correo", 45.0), ("whatsapp", 40.0), ("llamada", 15.0))
_PLACEHOLDERS: tuple[dict[str, Any], ...] = (
    {"email": None},
    {"email": "notiene@correo.demo"},
    {"email": "sincorreo@correo.demo"},
    {"phone": "1111111"},
)
_UNREACHABLE_SHARE = 0.05


@dataclass(frozen=True)
class Habits:
    """How one customer is billed and pays. ``stops_on``: pays nothing from then on, until ``returns_on`` if ever."""

    products: tuple[tuple[Product, float], ...]
    billing_day: int
    days_to_pay: int
    late_share: float
    failing_share: float
    method: str
    in_parts: bool
    pays_twice: bool
    leaves_on: date | None
    stops_on: date | None
    returns_on: date | None


@dataclass(frozen=True)
class Payer:
    """A customer: its id, the body of its ``PUT`` and its habits."""

    customer_id: str
    body: dict[str, Any]
    habits: Habits
    registered_on: date


def make_payer(draw: Random, place: int, today: date, is_company: bool) -> Payer:
    """Customer number ``place`` as of ``today``, from the next numbers of a seeded generator."""
    products = bought(draw, is_company)
    months = shapes.at_share(shapes.MONTHS_AS_CUSTOMER, draw.random())
    registered_on = today - timedelta(days=round(months * 30.4))
    habits = _habits(draw, products, today, is_company)
    describe = _company if is_company else _person
    customer_id, body = describe(draw, place, products)
    body |= _contact_trouble(draw)
    return Payer(customer_id, body | {"registered_on": registered_on.isoformat()}, habits, registered_on)


def with_bouncing_mail(payers: list[Payer]) -> list[Payer]:
    """The same customers; the first person and the first company that owe for good have mail that comes back."""
    owing = [p for p in payers if p.habits.stops_on and not p.habits.returns_on and _is_reachable(p)]
    firsts = [next((p for p in owing if p.body["type"] == kind), None) for kind in ("person", "company")]
    changed = {p.customer_id: _bouncing(p, place) for place, p in enumerate(firsts, start=1) if p}
    return [changed.get(p.customer_id, p) for p in payers]


def _is_reachable(payer: Payer) -> bool:
    return payer.body["email"] not in [trouble["email"] for trouble in _PLACEHOLDERS if "email" in trouble]


def _bouncing(payer: Payer, place: int) -> Payer:
    body = payer.body | {"email": f"rebota.{place}@correo.demo"}
    return Payer(payer.customer_id, body, payer.habits, payer.registered_on)


def _habits(draw: Random, products: tuple[Product, ...], today: date, is_company: bool) -> Habits:
    fails = draw.random() < shapes.PAYERS_WITH_FAILURES
    behind = shapes.months_behind(draw)
    stops_on = today - timedelta(days=30 * behind + draw.randint(-10, 10)) if behind >= 2 else None
    returns = stops_on is not None and draw.random() < 0.3
    leaves = stops_on is None and draw.random() < shapes.LEFT_WITHIN_THE_YEAR
    return Habits(
        products=tuple((product, product.usual_amount(draw)) for product in products),
        billing_day=draw.randint(1, 28),
        days_to_pay=30 if is_company else 20,
        late_share=shapes.at_share(shapes.LATE_SHARE, draw.random()),
        failing_share=draw.uniform(*shapes.FAILING_SHARE) if fails else 0.0,
        method=draw.choice(_CARDS) if fails else shapes.one_of(draw, shapes.METHODS),
        in_parts=draw.random() < shapes.PAYS_IN_PARTS,
        pays_twice=draw.random() < shapes.PAYS_TWICE,
        leaves_on=today - timedelta(days=draw.randint(0, 365)) if leaves else None,
        stops_on=stops_on,
        returns_on=today + timedelta(days=draw.randint(1, 28)) if returns else None,
    )


def _person(draw: Random, place: int, products: tuple[Product, ...]) -> tuple[str, dict[str, Any]]:
    name = names.person_name(draw)
    return f"CLI-{place:06d}", {
        "type": "person",
        "name": name,
        "document": {"type": "CC", "number": names.identity_card(place), "country": "CO"},
        "email": f"{names.mailbox(name)}.{place}@correo.demo",
        "portfolio": products[0].portfolio,
        "risk_score": round(min(950.0, max(150.0, draw.gauss(620, 140)))),
        "variables": {"estrato": draw.choices((1, 2, 3, 4, 5, 6), (12, 30, 32, 14, 8, 4))[0], **_variables(draw)},
        **_contact(draw),
    }


def _company(draw: Random, place: int, products: tuple[Product, ...]) -> tuple[str, dict[str, Any]]:
    client_type = shapes.one_of(draw, _CLIENT_TYPES)
    name = names.company_name(draw, client_type)
    return f"EMP-{place:06d}", {
        "type": "company",
        "name": name,
        "document": {"type": "NIT", "number": names.tax_number(place), "country": "CO"},
        "email": f"pagos.{names.mailbox(name)}.{place}@correo.demo",
        "portfolio": products[0].portfolio,
        "client_type": client_type,
        "variables": {
            "cupo_aprobado": {"amount": f"{draw.randint(10, 400) * 500_000}", "currency": "COP"},
            **_variables(draw),
        },
        **_contact(draw),
    }


def _contact(draw: Random) -> dict[str, Any]:
    phone = f"+57 3{draw.randint(0, 2)}{draw.randint(0, 9)} {draw.randint(100, 999)} {draw.randint(1000, 9999)}"
    return {"phone": phone, "language": "es-CO", "country": "CO", "time_zone": "America/Bogota"}


def _variables(draw: Random) -> dict[str, Any]:
    return {"ciudad": draw.choice(names.CITIES), "canal_preferido": shapes.one_of(draw, _CHANNELS)}


def _contact_trouble(draw: Random) -> dict[str, Any]:
    return draw.choice(_PLACEHOLDERS) if draw.random() < _UNREACHABLE_SHARE else {}
