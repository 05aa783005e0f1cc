"""Events become facts, behaviour and moves: each once, in order, whatever the batches."""

from datetime import date

from tests.oracle.accounts import account, an_invoice, paid
from tests.services.segmenter.listener import Listener
from tests.services.segmenter.sender import Books

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
    before = await segmenter.rows("SELECT * FROM behaviour")
    await segmenter.hears(first, second)
    assert await segmenter.rows("SELECT * FROM behaviour") == before
    assert before[0]["successful_payments"] == 1
    assert len(await segmenter.told()) == 1


async def test_an_overdue_invoice_moves_the_bucket(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana"))
    invoice = an_invoice("100", issued_on=date(2026, 2, 1), due_on=date(2026, 3, 8))
    await segmenter.hears(books.registered(), books.issues(invoice))
    assert [(t.type, t.sequence) for t in await segmenter.told()] == [
        ("segment.assigned", 1),
        ("aging_bucket.changed", 2),
    ]
