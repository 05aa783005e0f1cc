"""Why a customer's risk level is what it is: the tests that decided, for people. Source: meaning.md 19.

The level itself is found in SQL (``storage/risk_sql.py``); here the same tests are read from its figures. Of a high
risk the reasons are the high tests that hold, of a low one the low tests, of a medium one what keeps it from low.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.segmenter.domain.reason import Reason
from services.segmenter.domain.settings import Risk


@dataclass(frozen=True)
class Figures:
    """What the tests look at; ``average_days_late`` and ``on_time_ratio`` may be missing."""

    days_past_due: int
    average_days_late: Decimal | None
    broken_promises: int
    on_time_ratio: Decimal | None
    score: Decimal | None

    @classmethod
    def of(cls, values: Mapping[str, Any], risk: Risk) -> "Figures":
        """Out of the values of all variables."""
        return cls(
            days_past_due=values["days_past_due"],
            average_days_late=values["average_days_late"],
            broken_promises=values["broken_promises"],
            on_time_ratio=values["on_time_ratio"],
            score=values.get(risk.score.variable) if risk.score else None,
        )


def reasons_of(level: str, found: Figures, risk: Risk) -> tuple[Reason, ...]:
    """Why a customer with these figures has this level, in the order of the contract."""
    if found.score is not None:
        return (_score(found.score),)
    if level == "unknown":
        return (
            Reason("no_history", "aún no ha vencido ni se ha pagado nada", "nothing has fallen due or been paid yet"),
        )
    holds = _high(found, risk) if level == "high" else _low(found, risk)
    wanted = level != "medium"
    return tuple(_reason(code, found) for code, is_true in holds if is_true is wanted)


def _high(found: Figures, risk: Risk) -> Iterator[tuple[str, bool]]:
    late, ratio = found.average_days_late, found.on_time_ratio
    yield "days_past_due", found.days_past_due > risk.high.days_past_due_over
    yield "average_days_late", late is not None and late > risk.high.average_days_late_over
    yield "broken_promises", found.broken_promises >= risk.high.broken_promises_from
    yield "on_time_ratio", ratio is not None and ratio < risk.high.on_time_ratio_under


def _low(found: Figures, risk: Risk) -> Iterator[tuple[str, bool]]:
    late, ratio = found.average_days_late, found.on_time_ratio
    yield "days_past_due", risk.low.overdue or found.days_past_due == 0
    yield "average_days_late", late is not None and late <= risk.low.average_days_late_up_to
    yield "broken_promises", found.broken_promises <= risk.low.broken_promises
    yield "on_time_ratio", ratio is not None and ratio >= risk.low.on_time_ratio_from


def _score(score: Decimal) -> Reason:
    said = _plain(score)
    return Reason("score", f"su puntaje es {_comma(said)}", f"its score is {said}")


def _reason(code: str, found: Figures) -> Reason:
    match code:
        case "days_past_due":
            days = found.days_past_due
            return Reason(code, f"tiene {_many(days, 'día')} de mora", f"it is {_many(days, 'day')} past due")
        case "average_days_late":
            return _average(found.average_days_late)
        case "broken_promises":
            count = found.broken_promises
            es, en = _many(count, "promesa"), _many(count, "promise")
            return Reason(code, f"incumplió {es} de pago", f"it broke {en} to pay")
        case _:
            return _ratio(found.on_time_ratio)


def _average(days: Decimal | None) -> Reason:
    if days is None:
        es, en = "no ha pagado nada en el último año", "it paid nothing within the last year"
    else:
        said = _plain(abs(days))
        es = f"paga en promedio {_comma(said)} días {'antes' if days < 0 else 'después'} del vencimiento"
        en = f"it pays {said} days {'before' if days < 0 else 'after'} the due date on average"
    return Reason("average_days_late", es, en)


def _ratio(share: Decimal | None) -> Reason:
    if share is None:
        es = "se vencieron menos de tres de sus facturas en el último año"
        en = "fewer than three of its invoices fell due within the last year"
    else:
        percent = _plain(share * 100)
        es, en = f"pagó a tiempo el {_comma(percent)} %", f"it paid {percent}% on time"
    return Reason("on_time_ratio", es, en)


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _comma(number: str) -> str:
    return number.replace(".", ",")
