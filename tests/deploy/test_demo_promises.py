"""The demo fails, and says why, when anything it promises did not happen."""

from dataclasses import replace
from typing import Any

import pytest

from deploy.demo.arranging import Refreshed
from deploy.demo.hearing import Move
from deploy.demo.promises import broken_promises
from deploy.demo.results import Health
from tests.deploy.demo_builders import a_move, a_rule, a_segment, a_sent_statement, a_story, good_results, heard

GOOD = good_results()


def without(cause: str) -> list[Move]:
    """The good moves less those of one cause."""
    return [move for move in GOOD.heard.moves if move.cause != cause or move.origin is None]


def test_good_results_break_no_promise() -> None:
    assert broken_promises(GOOD) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"customers": 4}, "4 customers, but 3 in the segments"),
        ({"cascade": (*GOOD.cascade[:2], a_segment("Default", 1))}, "but 2 in the segments"),
        ({"refreshed": Refreshed(foretold=3, changed=2, revision=2)}, "foretold 3 moves, the refresh made 2"),
        ({"refreshed": Refreshed(foretold=3, changed=3, revision=2)}, "but 2 such moves were told"),
        ({"heard": heard(without("day_turn"), GOOD.heard.sent)}, "no customer moved by day_turn"),
        ({"heard": heard(without("event"), GOOD.heard.sent)}, "no customer moved by event"),
        ({"heard": heard(without("day_turn"), GOOD.heard.sent)}, "Kafka tells 1 customers in 'Default', the cascade 2"),
        (
            {"heard": heard([*GOOD.heard.moves, a_move("CLI-2", None, "Default", "event")], GOOD.heard.sent)},
            "4 entries into the cascade of 3",
        ),
        ({"mails_in_catcher": 2}, "1 statements accepted, but 2 mails in the catcher"),
        ({"mails_in_catcher": 0, "rules": (a_rule(delivered=0),)}, "no statement was sent"),
        ({"heard": heard(GOOD.heard.moves, [])}, "1 statements accepted, but 0 told"),
        ({"heard": heard(GOOD.heard.moves, [a_sent_statement()] * 2)}, "1 statements were sent more than once"),
        ({"expected": ()}, "was due for [], but ran for ['2026-W10-thu']"),
        ({"rules": (replace(a_rule(), periods=()),)}, "was due for ['2026-W10-thu'], but ran for []"),
        ({"rules": (a_rule(unknown=2),)}, "2 statements of vencidas-lun-jue were neither sent nor skipped"),
        ({"health": (Health("segmenter", 1, 0),)}, "segmenter: 1 customers behind"),
        ({"health": (Health("statements", 0, 3),)}, "3 events in quarantine"),
        ({"stories": (a_story(),)}, "no two customers"),
        ({"mail": None}, "no two customers with a story and a mail"),
    ],
)  # fmt: skip
def test_what_did_not_happen_is_said(changed: dict[str, Any], said: str) -> None:
    assert any(said in line for line in broken_promises(good_results(**changed)))
