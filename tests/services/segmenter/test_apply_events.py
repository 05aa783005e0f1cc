"""Events become facts, behaviour and moves: each once, in order, whatever the batches."""

from datetime import date

from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.services.segmenter.listener import Listener, a_segment
from tests.services.segmenter.sender import Books, declared

TODAY = date(2026, 3, 9)


async def test_a_new_customer_is_told_to_be_in_default(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana"))
    await segmenter.hears(books.registered())
    assert await segmenter.moves_told() == [("ana", None, "default", "event")]
    assert await segmenter.segment_of("ana") == "default"


async def test_a_repeated_event_changes_and_tells_nothing(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana"))
    first, second = books.registered(), books.attempts(paid(on=TODAY))
    await segmenter.hears(first, second, second)
    before, told = await segmenter.rows("SELECT * FROM behaviour"), await segmenter.told()
    await segmenter.hears(first, second)
    assert await segmenter.rows("SELECT * FROM behaviour") == before
    assert before[0]["successful_payments"] == 1
    assert await segmenter.told() == told


async def test_an_overdue_invoice_moves_bucket_and_risk(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana"))
    invoice = an_invoice("100", issued_on=date(2026, 2, 1), due_on=date(2026, 3, 8))
    await segmenter.hears(books.registered(), books.issues(invoice))
    assert [(t.type, t.sequence) for t in await segmenter.told()] == [
        ("segment.assigned", 1),
        ("aging_bucket.changed", 2),
        ("risk_level.changed", 3),
    ]
    *_, risk = await segmenter.told()
    assert risk.data == {"customer_id": "ana", "from": "unknown", "to": "medium", "score": None, "as_of": "2026-03-09"}


async def test_attributes_are_kept_as_rules_compare_them(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana", name="José  PÉREZ", email=" Ana@Correo.co ", phone="1", portfolio=" "))
    await segmenter.hears(books.registered())
    query = "SELECT addresses, phone_is_placeholder, portfolio, folded FROM customers"
    assert await segmenter.rows(query) == [
        {
            "addresses": ["ana@correo.co"],
            "phone_is_placeholder": True,
            "portfolio": None,
            "folded": {"name": "jose perez", "email": "ana@correo.co"},
        }
    ]


async def test_custom_values_are_kept_as_told_and_their_text_folded(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana"))
    await segmenter.hears(books.registered(), books.updated(variables={"zona": "Ñuñoa", "cupo": 12.5}))
    assert await segmenter.rows("SELECT variables, folded->>'zona' AS zona FROM customers") == [
        {"variables": {"zona": "Ñuñoa", "cupo": 12.5}, "zona": "nunoa"}
    ]


async def test_of_a_variable_the_latest_declaration_wins(segmenter: Listener) -> None:
    await segmenter.hears(declared("zona", 2, es="Zona"), declared("zona", 1, es="Área"))
    await segmenter.hears(declared("zona", 1, es="Área"))
    assert await segmenter.rows("SELECT key, title->>'es' AS es FROM declared_variables") == [
        {"key": "zona", "es": "Zona"}
    ]


async def test_a_type_nobody_knows_here_only_moves_the_sequence_on(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana"))
    await segmenter.hears(books.registered(), books.says_something_new(), books.attempts(paid(on=TODAY)))
    assert await segmenter.rows("SELECT c.seq, b.successful_payments AS paid FROM customers c, behaviour b") == [
        {"seq": 3, "paid": 1}
    ]


async def test_a_move_says_where_from_where_to_and_by_what(segmenter: Listener) -> None:
    await segmenter.refreshes(a_segment("fallidos", variable="failed_payments", operator="gt", value=0))
    books = Books(account(customer_id="ana"))
    await segmenter.hears(books.registered(), books.attempts(paid(on=TODAY)))
    await segmenter.hears(books.attempts(failed(on=TODAY)))
    *_, move = await segmenter.told()
    assert (move.key, move.sequence, move.data) == (
        "ana",
        3,
        {
            "customer_id": "ana",
            "from": {"id": "default", "name": "Default"},
            "to": {"id": "fallidos", "name": "Fallidos"},
            "flow": None,
            "revision": 2,
            "as_of": "2026-03-09",
            "cause": "event",
        },
    )
    assert await segmenter.rows("SELECT sequence, from_segment, to_segment, cause FROM moves ORDER BY sequence") == [
        {"sequence": 1, "from_segment": None, "to_segment": "default", "cause": "event"},
        {"sequence": 3, "from_segment": "default", "to_segment": "fallidos", "cause": "event"},
    ]
