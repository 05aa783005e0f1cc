"""A customer's thirty days in words: what arrived, where the cascade took the customer, which mail went out.

Told from what the system knows (payments and standing over HTTP, moves and statements from Kafka), in Spanish, as a
collections team would read it aloud.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from deploy.demo.billing import ZONE
from deploy.demo.cascade import STATEMENT_RULES
from deploy.demo.hearing import Heard, Move, Sent
from deploy.demo.words import pesos

_BY_CAUSE = {
    "event": "apenas llegó la novedad",
    "day_turn": "al cambiar el día, sin que llegara nada",
    "refresh": "al actualizar la cascada",
}
_TYPES = {"person": "persona", "company": "empresa"}


@dataclass(frozen=True)
class Line:
    """Something that happened to a customer on a day."""

    on: date
    place: int
    text: str


@dataclass(frozen=True)
class Story:
    """A customer, what happened day by day, and where it stands."""

    customer_id: str
    address: str | None
    title: str
    lines: tuple[Line, ...]
    ending: tuple[str, ...]


def protagonists(heard: Heard, since: date) -> list[str]:
    """Two customers with much to tell: a person moved by events, a company moved by the passing of days."""
    return [
        _richest(heard, since, "CLI-", lambda move: move.cause == "event" and move.target_id == "pagos-fallidos"),
        _richest(heard, since, "EMP-", lambda move: move.cause == "day_turn"),
    ]


def _richest(heard: Heard, since: date, prefix: str, is_wanted: Callable[[Move], bool]) -> str:
    """Who has made such a move, got a mail, and has a story of readable length; the first by id of the best."""
    mailed = {sent.customer_id for sent in heard.sent}
    moves: dict[str, list[Move]] = {}
    for move in heard.moves:
        if move.on >= since and move.cause != "refresh" and move.origin and move.customer_id.startswith(prefix):
            moves.setdefault(move.customer_id, []).append(move)

    def richness(customer_id: str) -> tuple[int, int, int]:
        made = moves[customer_id]
        has_wanted = any(is_wanted(move) for move in made)
        return (customer_id in mailed) + has_wanted, len({move.cause for move in made}), min(len(made), 3)

    return min(sorted(moves), key=lambda customer_id: tuple(-part for part in richness(customer_id)), default="")


def tell(profile: dict[str, Any], standing: dict[str, Any], payments: list[Any], heard: Heard, since: date) -> Story:
    """The story of one customer from ``since`` on."""
    customer_id = profile["customer_id"]
    lines = [
        *_of_payments(payments, since),
        *_of_moves([move for move in heard.moves if move.customer_id == customer_id and move.origin is not None]),
        *_of_mails([sent for sent in heard.sent if sent.customer_id == customer_id]),
    ]
    return Story(
        customer_id=customer_id,
        address=profile.get("email"),
        title=_title(profile),
        lines=tuple(sorted(lines, key=lambda line: (line.on, line.place))),
        ending=_ending(standing),
    )


def _title(profile: dict[str, Any]) -> str:
    document = profile["document"]
    known = [_TYPES[profile["type"]], f"{document['type']} {document['number']}", profile["variables"].get("ciudad")]
    return f"{profile['name']} ({', '.join(part for part in known if part)})"


def _of_payments(payments: list[Any], since: date) -> Iterator[Line]:
    for payment in payments:
        at = datetime.fromisoformat(payment["occurred_at"]).astimezone(ZONE)
        if at.date() < since:
            continue
        amount = f"{pesos(float(payment['amount']['amount']))} {payment['amount']['currency']}"
        if payment["status"] == "succeeded":
            text = f"Pagó {amount} ({payment['method']})."
        else:
            text = f"Falló su pago de {amount} ({payment['method']}): {payment['failure_reason'].lower()}."
        yield Line(at.date(), at.hour, text)


def _of_moves(moves: list[Move]) -> Iterator[Line]:
    for place, move in enumerate(moves, start=30):
        first = 0 if move.cause == "day_turn" else place
        yield Line(move.on, first, f"Pasó de «{move.origin}» a «{move.target}» {_BY_CAUSE[move.cause]}.")


def _of_mails(mails: list[Sent]) -> Iterator[Line]:
    for sent in mails:
        subject = STATEMENT_RULES[sent.rule_id]["name"]
        amount = pesos(sum(float(total) for total in sent.totals))
        yield Line(sent.on, 90, f"Se le envió «{subject}» por {amount} COP.")


def _ending(standing: dict[str, Any]) -> tuple[str, ...]:
    variables = standing["variables"]
    owed, overdue = (float(variables[key]["amount"]) for key in ("total_balance", "overdue_balance"))
    flow = standing["flow"]["name"] if standing["flow"] else "sin flujo"
    debts = f"Debe {pesos(owed)} COP, vencidos {pesos(overdue)}" if owed else "No debe nada"
    bucket = "al día" if standing["aging_bucket"] == "current" else f"tramo de mora {standing['aging_bucket']}"
    return f"Hoy está en «{standing['segment']['name']}», con el flujo «{flow}».", f"{debts}; {bucket}."
