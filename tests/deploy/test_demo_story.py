"""Stories: the right protagonists, and their days in order and in words."""

from datetime import date
from typing import Any

from deploy.demo.hearing import Move
from deploy.demo.story import protagonists, tell
from tests.deploy.demo_builders import FIRST_DAY, a_move, a_sent_statement, heard

PROFILE: dict[str, Any] = {
    "customer_id": "CLI-1",
    "type": "person",
    "name": "Ana Lucía Rojas Peña",
    "email": "ana@correo.demo",
    "document": {"type": "CC", "number": "1010123456"},
    "variables": {"ciudad": "Cali"},
}
STANDING: dict[str, Any] = {
    "segment": {"segment_id": "pagos-fallidos", "name": "Pagos fallidos"},
    "flow": {"flow_id": "reintento-de-cobro", "name": "Reintento de cobro"},
    "aging_bucket": "1-30",
    "variables": {
        "total_balance": {"amount": "1250000.00", "currency": "COP"},
        "overdue_balance": {"amount": "400000.00", "currency": "COP"},
    },
}


def a_payment(status: str, at: str, **more: str) -> dict[str, Any]:
    amount = {"amount": "94900.00", "currency": "COP"}
    return {"status": status, "amount": amount, "occurred_at": at, "method": "PSE", **more}


def test_a_story_tells_payments_moves_and_mails_in_their_order() -> None:
    moves = [
        a_move("CLI-1", None, "Default", "event"),
        a_move("CLI-1", "Default", "Buen pagador", "refresh"),
        a_move("CLI-1", "Buen pagador", "Pagos fallidos", "event", on=date(2026, 3, 4)),
        a_move("CLI-1", "Pagos fallidos", "Buen pagador", "day_turn", on=date(2026, 3, 9)),
        a_move("CLI-2", "Default", "Inactivo", "day_turn", on=date(2026, 3, 9)),
    ]
    payments = [
        a_payment("succeeded", "2026-02-20T12:00:00Z"),
        a_payment("failed", "2026-03-05T02:30:00Z", failure_reason="Fondos insuficientes"),
    ]
    story = tell(PROFILE, STANDING, payments, heard(moves, [a_sent_statement()]), FIRST_DAY)
    assert story.title == "Ana Lucía Rojas Peña (persona, CC 1010123456, Cali)"
    assert [(line.on.day, line.text) for line in story.lines] == [
        (2, "Pasó de «Default» a «Buen pagador» al actualizar la cascada."),
        (4, "Falló su pago de 94.900 COP (PSE): fondos insuficientes."),
        (4, "Pasó de «Buen pagador» a «Pagos fallidos» apenas llegó la novedad."),
        (5, "Se le envió «Facturas vencidas de empresas, lunes y jueves» por 120.000 COP."),
        (9, "Pasó de «Pagos fallidos» a «Buen pagador» al cambiar el día, sin que llegara nada."),
    ]
    assert story.ending == (
        "Hoy está en «Pagos fallidos», con el flujo «Reintento de cobro».",
        "Debe 1.250.000 COP, vencidos 400.000; tramo de mora 1-30.",
    )


def test_who_owes_nothing_is_told_so() -> None:
    nothing = {"amount": "0", "currency": "COP"}
    standing = STANDING | {
        "aging_bucket": "current",
        "flow": None,
        "variables": {"total_balance": nothing, "overdue_balance": nothing},
    }
    ending = tell(PROFILE, standing, [], heard([]), FIRST_DAY).ending
    assert ending == ("Hoy está en «Pagos fallidos», con el flujo «sin flujo».", "No debe nada; al día.")


def test_protagonists_are_a_person_whose_payments_failed_and_a_company_moved_by_days() -> None:
    def moves(customer_id: str, *causes: str, target: str = "B") -> list[Move]:
        return [a_move(customer_id, "A", target, cause) for cause in causes]

    told = heard(
        [
            *moves("CLI-1", "day_turn"),
            *moves("CLI-2", "event", "day_turn"),
            *moves("CLI-3", "event", "day_turn", "event", target="Pagos fallidos"),
            *moves("CLI-4", "event", "day_turn", "event"),
            *moves("EMP-1", "event"),
            *moves("EMP-2", "day_turn"),
            *moves("EMP-3", "day_turn"),
        ],
        [a_sent_statement(customer_id) for customer_id in ("CLI-3", "CLI-4", "EMP-3")],
    )
    assert protagonists(told, FIRST_DAY) == ["CLI-3", "EMP-3"]


def test_without_moves_there_is_no_protagonist() -> None:
    assert protagonists(heard([]), FIRST_DAY) == ["", ""]
