"""The oracle's ledger against expectations written by hand."""

from datetime import date
from decimal import Decimal

from tests.oracle.accounts import an_invoice, credited, paid, refunded, voided, written_off
from tests.oracle.facts import Fact
from tests.oracle.ledger import Application, replay

JAN, FEB, MAR = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)


def test_a_payment_goes_to_the_oldest_due_invoice_and_the_rest_waits() -> None:
    newer = an_invoice("30", invoice_id="newer", issued_on=JAN, due_on=MAR)
    older = an_invoice("50", invoice_id="older", issued_on=JAN, due_on=FEB)
    ledger = replay([newer, older, paid("100", on=FEB, payment_id="p")], MAR)
    assert ledger.balances == {"newer": 0, "older": 0}
    assert [part.invoice_id for part in ledger.applications] == ["older", "newer"]
    assert ledger.unapplied == {"p": Decimal(20)}


def test_what_the_payer_meant_goes_first() -> None:
    first = an_invoice("50", invoice_id="first", issued_on=JAN, due_on=JAN)
    meant = an_invoice("50", invoice_id="meant", issued_on=JAN, due_on=MAR)
    payment = paid("60", on=FEB, payment_id="p", allocations=(("meant", Decimal(30)),))
    ledger = replay([first, meant, payment], MAR)
    assert ledger.balances == {"first": 20, "meant": 20}


def test_waiting_credit_is_taken_up_by_a_new_invoice_and_dated_at_its_issue() -> None:
    payment = paid("40", on=JAN, payment_id="p")
    invoice = an_invoice("40", invoice_id="i", issued_on=FEB, due_on=MAR)
    ledger = replay([payment, invoice], MAR)
    assert ledger.applications == [Application("p", "i", Decimal(40), FEB)]
    assert ledger.settled_on == {"i": FEB}


def test_a_late_fact_counts_from_its_own_date() -> None:
    facts: list[Fact] = [
        an_invoice("40", invoice_id="i", issued_on=JAN, due_on=FEB),
        paid("40", on=FEB, payment_id="p"),
    ]
    assert replay(facts, date(2026, 2, 9)).balances == {"i": 40}
    assert replay(facts, FEB).balances == {"i": 0}


def test_credit_settles_only_its_own_currency() -> None:
    facts: list[Fact] = [
        an_invoice("40", invoice_id="i", issued_on=JAN, currency="USD"),
        paid("40", on=JAN, payment_id="p", currency="COP"),
    ]
    ledger = replay(facts, FEB)
    assert ledger.balances == {"i": 40}
    assert ledger.unapplied == {"p": 40}


def test_a_changed_due_date_moves_no_application_already_made() -> None:
    facts: list[Fact] = [
        an_invoice("50", invoice_id="a", issued_on=JAN, due_on=JAN),
        an_invoice("50", invoice_id="b", issued_on=JAN, due_on=FEB),
        paid("50", on=JAN, payment_id="p1"),
        an_invoice("50", invoice_id="a", issued_on=JAN, due_on=MAR),
        paid("20", on=JAN, payment_id="p2"),
    ]
    ledger = replay(facts, FEB)
    assert ledger.balances == {"a": 0, "b": 30}
    assert ledger.invoices["a"].due_on == MAR


def test_an_invoice_of_nothing_is_settled_at_issue() -> None:
    assert replay([an_invoice("0", invoice_id="i", issued_on=JAN, due_on=FEB)], FEB).settled_on == {"i": JAN}


def test_a_credit_note_pays_its_invoice_first_and_then_the_oldest_due() -> None:
    facts: list[Fact] = [
        an_invoice("50", invoice_id="first", issued_on=JAN, due_on=JAN),
        an_invoice("30", invoice_id="named", issued_on=JAN, due_on=MAR),
        credited("40", on=FEB, credit_note_id="n", invoice_id="named"),
    ]
    ledger = replay(facts, MAR)
    assert ledger.balances == {"first": 40, "named": 0}
    assert ledger.paid_by("credit_note", "n") == {"named": 30, "first": 10}


def test_a_refund_takes_what_waits_and_then_opens_the_latest_due() -> None:
    facts: list[Fact] = [
        an_invoice("50", invoice_id="old", issued_on=JAN, due_on=JAN),
        an_invoice("30", invoice_id="new", issued_on=JAN, due_on=FEB),
        paid("100", on=FEB, payment_id="p"),
        refunded("60", payment_id="p", on=MAR),
    ]
    assert replay(facts, FEB).unapplied == {"p": 20}
    ledger = replay(facts, MAR)
    assert ledger.balances == {"old": 10, "new": 30}
    assert ledger.settled_on == {}


def test_what_a_void_frees_pays_others() -> None:
    facts: list[Fact] = [
        an_invoice("50", invoice_id="wrong", issued_on=JAN, due_on=JAN),
        paid("50", on=JAN, payment_id="p"),
        an_invoice("30", invoice_id="right", issued_on=FEB, due_on=MAR),
        voided("wrong", on=MAR),
    ]
    ledger = replay(facts, MAR)
    assert ledger.balances == {"wrong": 0, "right": 0}
    assert ledger.settled_on == {"right": FEB}
    assert ledger.unapplied == {"p": 20}
    assert replay(facts, FEB).balances == {"wrong": 0, "right": 30}


def test_a_write_off_settles_its_invoice_and_nothing_else() -> None:
    facts: list[Fact] = [
        an_invoice("50", invoice_id="lost", issued_on=JAN, due_on=JAN),
        an_invoice("30", invoice_id="other", issued_on=JAN, due_on=FEB),
        written_off("50", invoice_id="lost", on=MAR),
    ]
    assert replay(facts, MAR).balances == {"lost": 0, "other": 30}
