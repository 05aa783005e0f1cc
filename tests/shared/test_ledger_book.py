"""The book of one customer by example: refunds, voids, write-offs, and how a past day is replayed."""

from datetime import date
from decimal import Decimal

from shared.basics.ledger.book import Book
from shared.basics.ledger.replay import Credited, DueChanged, Entry, Issued, Refunded, Voided, replay
from shared.basics.ledger.values import Application, Credit, CreditKind, Debt, new_debt


def on(number: int) -> date:
    return date(2026, 3, number)


def owed(name: str, amount: str, due: int = 10, issued: int = 1, currency: str = "COP") -> Debt:
    return new_debt(name, currency, on(issued), on(due), Decimal(amount))


def credit(name: str, amount: str, dated: int = 5, kind: CreditKind = "payment", currency: str = "COP") -> Credit:
    return Credit(kind, name, currency, on(dated), Decimal(amount))


def said(parts: tuple[Application, ...]) -> list[tuple[str, str, str]]:
    return [(one.credit_id, one.invoice_id, str(one.amount)) for one in parts]


def balances(book: Book) -> dict[str, str]:
    return {name: str(debt.balance) for name, debt in book.debts.items()}


def left(book: Book) -> dict[str, str]:
    return {name: str(one.left) for (_, name), one in book.credits.items()}


def a_book(*facts: Debt | Credit) -> Book:
    book = Book()
    for fact in facts:
        if isinstance(fact, Debt):
            book.issue(fact)
        else:
            book.enter(fact)
    return book


def test_a_refund_takes_what_waits_first() -> None:
    book = a_book(owed("f1", "10"), credit("p1", "15"))
    effect = book.refund(("payment", "p1"), Decimal(4))
    assert (effect.reversals, effect.applications, effect.debts) == ((), (), ())
    assert (left(book), balances(book)) == ({"p1": "1"}, {"f1": "0"})


def test_a_refund_then_takes_back_what_paid_the_latest_due() -> None:
    book = a_book(
        owed("f1", "10", due=10),
        owed("f3", "10", due=20, issued=2),
        owed("f2", "10", due=20, issued=2),
        owed("f4", "10", due=20, issued=1),
        credit("p1", "42"),
    )
    effect = book.refund(("payment", "p1"), Decimal(25))
    assert said(effect.reversals) == [("p1", "f3", "10"), ("p1", "f2", "10"), ("p1", "f4", "3")]
    assert (left(book), balances(book)) == ({"p1": "0"}, {"f1": "0", "f3": "10", "f2": "10", "f4": "3"})
    assert {debt.settled_on for debt in effect.debts} == {None}
    assert book.refundable(("payment", "p1")) == 17


def test_waiting_credit_pays_what_a_refund_opened_again() -> None:
    book = a_book(owed("f1", "10"), credit("p1", "10", dated=3), credit("n1", "6", dated=7, kind="credit_note"))
    effect = book.refund(("payment", "p1"), Decimal(8))
    assert (said(effect.reversals), said(effect.applications)) == ([("p1", "f1", "8")], [("n1", "f1", "6")])
    assert (balances(book), left(book)) == ({"f1": "2"}, {"p1": "0", "n1": "0"})
    assert effect.applications[0].applied_on == on(7)


def test_a_refund_touches_no_other_payment() -> None:
    book = a_book(owed("f1", "10"), credit("p1", "4"), credit("p2", "4"))
    assert said(book.refund(("payment", "p1"), Decimal(4)).reversals) == [("p1", "f1", "4")]
    assert balances(book) == {"f1": "6"}


def test_what_paid_a_voided_invoice_pays_others() -> None:
    book = a_book(owed("f1", "10"), owed("f2", "7", due=20, issued=8), credit("p2", "6", dated=6), credit("p1", "6"))
    effect = book.void("f1", on(9))
    assert said(effect.reversals) == [("p1", "f1", "4"), ("p2", "f1", "6")]
    assert said(effect.applications) == [("p1", "f2", "4"), ("p2", "f2", "1")]
    assert [(debt.invoice_id, str(debt.balance)) for debt in effect.debts] == [("f1", "0"), ("f2", "0")]
    assert (book.debts["f1"].settled_on, book.debts["f1"].voided_on) == (None, on(9))
    assert (book.debts["f2"].settled_on, left(book)) == (on(8), {"p2": "5", "p1": "0"})


def test_what_paid_a_voided_invoice_waits_for_the_next() -> None:
    book = a_book(owed("f1", "10"), credit("n1", "10", kind="credit_note"))
    assert (said(book.void("f1", on(9)).applications), left(book)) == ([], {"n1": "10"})
    assert said(book.issue(owed("f2", "4")).applications) == [("n1", "f2", "4")]


def test_nothing_pays_a_voided_invoice() -> None:
    book = a_book(owed("f1", "10"))
    book.void("f1", on(9))
    assert said(book.enter(credit("p1", "5")).applications) == []


def test_a_credit_note_pays_its_invoice_first_and_then_the_oldest_due() -> None:
    book = a_book(owed("f1", "10", due=10), owed("f2", "10", due=20))
    effect = book.enter(credit("n1", "15", kind="credit_note"), [("f2", Decimal(15))])
    assert said(effect.applications) == [("n1", "f2", "10"), ("n1", "f1", "5")]


def test_a_write_off_is_for_its_invoice_alone() -> None:
    book = a_book(owed("f1", "10"), owed("f2", "10", due=2))
    effect = book.enter(credit("n1", "6", kind="write_off"), [("f1", Decimal(6))])
    assert said(effect.applications) == [("n1", "f1", "6")]
    assert (balances(book), left(book)) == ({"f1": "4", "f2": "10"}, {"n1": "0"})


def test_of_one_day_payments_go_before_credit_notes() -> None:
    book = a_book(credit("a1", "5", kind="credit_note"), credit("p1", "5"), credit("z0", "5", dated=4))
    assert said(book.issue(owed("f1", "12")).applications) == [("z0", "f1", "5"), ("p1", "f1", "5"), ("a1", "f1", "2")]


def test_currencies_never_meet() -> None:
    book = a_book(owed("f1", "10", currency="USD"), credit("p1", "10"))
    assert (balances(book), left(book)) == ({"f1": "10"}, {"p1": "10"})


def _past(entries: list[Entry], day: int) -> tuple[dict[str, str], dict[str, str]]:
    book = replay(entries, on(day))
    return balances(book), left(book)


def test_late_facts_count_from_their_own_day() -> None:
    entries: list[Entry] = [Issued(owed("f1", "10", issued=4)), Credited(credit("p1", "6", dated=2))]
    assert _past(entries, 1) == ({}, {})
    assert _past(entries, 2) == ({}, {"p1": "6"})
    assert _past(entries, 4) == ({"f1": "4"}, {"p1": "0"})


def test_a_changed_due_date_counts_from_its_place_in_the_order() -> None:
    entries: list[Entry] = [
        Issued(owed("f1", "10", due=10)),
        Issued(owed("f2", "10", due=11)),
        Credited(credit("p1", "4", dated=2)),
        DueChanged("f1", on(12)),
        Credited(credit("p2", "4", dated=2)),
        DueChanged("f9", on(12)),
    ]
    assert _past(entries, 2)[0] == {"f1": "6", "f2": "6"}


def test_a_refund_or_void_before_its_payment_or_invoice_waits_for_it() -> None:
    entries: list[Entry] = [
        Issued(owed("f1", "10", issued=6)),
        Credited(credit("p1", "10", dated=6)),
        Refunded(("payment", "p1"), Decimal(3), on(2)),
        Voided("f1", on(3)),
    ]
    assert _past(entries, 5) == ({}, {})
    assert _past(entries, 6) == ({"f1": "0"}, {"p1": "7"})


def test_a_later_refund_and_void_are_not_there_yet() -> None:
    entries: list[Entry] = [
        Issued(owed("f1", "10")),
        Credited(credit("p1", "10", dated=2)),
        Refunded(("payment", "p1"), Decimal(3), on(8)),
        Voided("f1", on(9)),
    ]
    assert _past(entries, 7) == ({"f1": "0"}, {"p1": "0"})
    assert _past(entries, 8) == ({"f1": "3"}, {"p1": "0"})
    assert _past(entries, 9) == ({"f1": "0"}, {"p1": "7"})


def test_what_was_meant_for_a_later_invoice_pays_what_is_there() -> None:
    entries: list[Entry] = [
        Issued(owed("f1", "10", due=10)),
        Issued(owed("f2", "10", due=20, issued=8)),
        Credited(credit("p1", "10", dated=3), (("f2", Decimal(10)),)),
        Credited(credit("n1", "4", dated=3, kind="write_off"), (("f2", Decimal(4)),)),
    ]
    assert _past(entries, 7) == ({"f1": "0"}, {"p1": "0", "n1": "0"})
    assert _past(entries, 8)[0] == {"f1": "10", "f2": "0"}


def test_no_more_is_given_back_than_was_there() -> None:
    entries: list[Entry] = [
        Credited(credit("p1", "10", dated=2)),
        Refunded(("payment", "p1"), Decimal(6), on(3)),
        Refunded(("payment", "p1"), Decimal(6), on(3)),
    ]
    assert _past(entries, 3)[1] == {"p1": "0"}
