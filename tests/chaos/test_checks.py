"""What the checks of the fault run say of small histories: nothing when all is well, else what is wrong."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.chaos import checks_of_mails
from tests.chaos import checks_of_the_stream as stream
from tests.chaos.checks_of_mails import AddressSeen, MailSeen
from tests.chaos.history import History, Outcome
from tests.journeys.listening import Heard
from tests.oracle.accounts import a_customer, paid

DAY = date(2026, 3, 9)
REGISTERED = ("customer.registered", {"customer_id": "ana"})


def payment(number: int, amount: str = "100") -> tuple[str, dict[str, Any]]:
    return "payment.succeeded", {"payment_id": f"p{number}", "amount": {"amount": amount, "currency": "COP"}}


def told(*said: tuple[str, dict[str, Any]], first: int = 1) -> list[Heard]:
    """Events of Ana, one sequence number after another."""
    return [
        Heard("ana", kind, first + number, data, (("ce_id", f"e{first + number}".encode()),), repr(data).encode())
        for number, (kind, data) in enumerate(said)
    ]


def asked(*outcomes: Outcome) -> History:
    """Ana is registered, and payments of 100 are asked for, answered so."""
    history = History()
    history.registered(a_customer(customer_id="ana"))
    for number, outcome in enumerate(outcomes):
        history.asks("ana", paid("100", on=DAY, payment_id=f"p{number}")).outcome = outcome
    return history


def findings(history: History, events: list[Heard]) -> dict[str, int]:
    """How much each check has to say, if anything."""
    by_customer, differently = stream.by_sequence(events)
    said = {
        "differently": differently,
        "gaps": stream.gaps(by_customer),
        "lost": stream.lost(history, by_customer),
        "doubled": stream.doubled(by_customer),
        "unasked": stream.unasked(history, by_customer),
        "out of order": stream.out_of_order(history, by_customer),
    }
    return {name: len(found) for name, found in said.items() if found}


BOTH = asked("accepted", "accepted")
CASES = [
    ("all is well", BOTH, told(REGISTERED, payment(0), payment(1)), {}),
    ("a repeat is none", BOTH, told(REGISTERED, payment(0), payment(1)) * 2, {}),
    ("an unknown one is there", asked("accepted", "unknown"), told(REGISTERED, payment(0), payment(1)), {}),
    ("an unknown one is not there", asked("accepted", "unknown"), told(REGISTERED, payment(0)), {}),
    ("an accepted one is not there", BOTH, told(REGISTERED, payment(0)), {"lost": 1}),
    ("a refused one is there", asked("refused"), told(REGISTERED, payment(0)), {"unasked": 1}),
    ("it is there with less", asked("accepted"), told(REGISTERED, payment(0, "99")), {"unasked": 1}),
    ("twice", asked("accepted"), told(REGISTERED, payment(0), payment(0)), {"doubled": 1}),
    ("the later one first", BOTH, told(REGISTERED, payment(1), payment(0)), {"out of order": 1}),
    ("a number is missing", asked("accepted"), told(REGISTERED) + told(payment(0), first=3), {"gaps": 1}),
    (
        "one number, two meanings",
        asked("accepted", "unknown"),
        told(REGISTERED, payment(0)) + told(payment(1), first=2),
        {"differently": 1},
    ),
]


@pytest.mark.parametrize(("history", "events", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_the_stream(history: History, events: list[Heard], expected: dict[str, int]) -> None:
    assert findings(history, events) == expected


def test_a_mail_is_known_to_the_ledger_and_there_once() -> None:
    mail = MailSeen("d1", "r", "2026-03", "ana@correo.demo")
    row = AddressSeen("d1", "r", "2026-03", "ana@correo.demo", "accepted")
    assert checks_of_mails.mailed_twice([mail]) == checks_of_mails.ledger_and_box([row], [mail]) == []
    assert len(checks_of_mails.mailed_twice([mail, replace(mail, delivery_id="d2")])) == 1
    assert len(checks_of_mails.ledger_and_box([row], [])) == 1
    assert len(checks_of_mails.ledger_and_box([replace(row, state="failed")], [mail])) == 1
    assert len(checks_of_mails.ledger_and_box([], [mail])) == 1


def test_doubt_is_listed_whatever_the_box_says() -> None:
    row = AddressSeen("d1", "r", "2026-03", "ana@correo.demo", "unknown")
    mail = MailSeen("d1", "r", "2026-03", "ana@correo.demo")
    assert checks_of_mails.listed_doubt([row], [mail]) == {"in the box": 1, "not in the box": 0}
    assert checks_of_mails.listed_doubt([row], []) == {"in the box": 0, "not in the box": 1}
    assert checks_of_mails.ledger_and_box([row], [mail]) == checks_of_mails.ledger_and_box([row], []) == []
