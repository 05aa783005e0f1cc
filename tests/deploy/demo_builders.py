"""Results of a demo in which all went well, and ways to spoil them."""

from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import sentinel

from deploy.demo.arranging import Refreshed
from deploy.demo.hearing import Heard, Move, Sent
from deploy.demo.living import Occurrence
from deploy.demo.results import Health, Mail, Results, RuleResult, SegmentResult
from deploy.demo.story import Line, Story

FIRST_DAY = date(2026, 3, 2)


def a_move(customer_id: str, origin: str | None, target: str, cause: str, on: date = FIRST_DAY) -> Move:
    """A customer's move, told on Kafka."""
    return Move(customer_id, on, origin, an_id(target), target, cause, flow=None)


def an_id(segment: str) -> str:
    """The id of a segment, from its name."""
    return segment.lower().replace(" ", "-")


def a_segment(name: str, customers: int, balance: int = 0) -> SegmentResult:
    """A segment of the published cascade."""
    return SegmentResult(an_id(name), name, "Agradecimiento", customers, balance)


def heard(moves: list[Move], sent: list[Sent] | None = None) -> Heard:
    """What Kafka told, without a Kafka."""
    return Heard(sentinel.no_kafka, moves, sent or [])


def a_sent_statement(customer_id: str = "CLI-1", period: str = "2026-W10-thu") -> Sent:
    """A statement of the weekly rule."""
    return Sent(customer_id, "vencidas-lun-jue", period, date(2026, 3, 5), ("120000.00",))


def a_story(customer_id: str = "CLI-1") -> Story:
    """A customer who paid."""
    return Story(customer_id, "a@correo.demo", "Ana (persona)", (Line(FIRST_DAY, 1, "Pagó."),), ("Hoy al día.",))


def good_results(**changed: Any) -> Results:
    """Three customers, each cause once, one statement in the mail; ``changed`` replaces parts of it."""
    moves = [a_move(customer_id, None, "Default", "event") for customer_id in ("CLI-1", "CLI-2", "EMP-3")]
    moves += [
        a_move("CLI-1", "Default", "Buen pagador", "refresh"),
        a_move("CLI-1", "Buen pagador", "Pagos fallidos", "event"),
        a_move("EMP-3", "Default", "Buen pagador", "refresh"),
        a_move("EMP-3", "Buen pagador", "Default", "day_turn"),
    ]
    parts: dict[str, Any] = {
        "first_day": FIRST_DAY,
        "last_day": date(2026, 3, 31),
        "customers": 3,
        "refreshed": Refreshed(foretold=2, changed=2, revision=2),
        "expected": (Occurrence(datetime(2026, 3, 5, 14, tzinfo=UTC), "vencidas-lun-jue", "2026-W10-thu"),),
        "cascade": (
            a_segment("Pagos fallidos", 1, 120_000),
            a_segment("Buen pagador", 0),
            a_segment("Default", 2, 45_300_200),
        ),
        "heard": heard(moves, [a_sent_statement()]),
        "rules": (a_rule(),),
        "mails_in_catcher": 1,
        "health": (Health("segmenter", 0, 0), Health("statements", 0, 0)),
        "stories": (a_story(), a_story("EMP-3")),
        "mail": Mail("a@correo.demo", "Facturas vencidas", "Hola, Ana:\n\n" + "palabra " * 40),
    }
    return Results(**(parts | changed))


def a_rule(**counts: int) -> RuleResult:
    """The weekly rule after one run over three customers."""
    counted = {"audience": 3, "delivered": 1, "skipped": 2} | counts
    return RuleResult("vencidas-lun-jue", "Facturas vencidas", ("2026-W10-thu",), counted, {"nothing_to_state": 2})
