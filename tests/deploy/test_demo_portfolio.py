"""The demo's portfolio: the same from the same seed, and shaped as the published figures say."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

import pytest

from deploy.demo.billing import ZONE, Fact
from deploy.demo.cascade import VARIABLES
from deploy.demo.living import evening_of, morning_of
from deploy.demo.names import tax_number
from deploy.demo.portfolio import Portfolio, batches, fact_line, make_portfolio

TODAY = date(2026, 3, 2)
NOW = morning_of(TODAY)


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return make_portfolio(seed=7, customers=2000, today=TODAY, days=30)


def attempts(portfolio: Portfolio) -> list[Fact]:
    return [fact for fact in portfolio.facts if fact.kind == "payment"]


def test_the_same_seed_gives_the_same_portfolio() -> None:
    first, again, other = (make_portfolio(seed, 50, TODAY, days=30) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_two_thousand_persons_and_companies_with_different_ids_and_documents(portfolio: Portfolio) -> None:
    types = Counter(payer.body["type"] for payer in portfolio.payers)
    assert types == {"person": 1500, "company": 500}
    assert len({payer.customer_id for payer in portfolio.payers}) == 2000
    assert len({payer.body["document"]["number"] for payer in portfolio.payers}) == 2000


def test_every_loaded_variable_is_declared(portfolio: Portfolio) -> None:
    loaded = {key for payer in portfolio.payers for key in payer.body["variables"]}
    assert loaded == set(VARIABLES)


def test_facts_cover_a_year_and_thirty_days_and_none_lies_before_registration(portfolio: Portfolio) -> None:
    registered = {payer.customer_id: payer.registered_on for payer in portfolio.payers}
    assert min(fact.at.date() for fact in portfolio.facts) < TODAY - timedelta(days=360)
    assert max(fact.at.date() for fact in portfolio.facts) == TODAY + timedelta(days=29)
    assert all(fact.at.date() >= registered[fact.customer_id] for fact in portfolio.facts)


def test_ids_are_unique_and_a_payment_never_precedes_its_invoice(portfolio: Portfolio) -> None:
    assert len({fact.id for fact in portfolio.facts}) == len(portfolio.facts)
    issued = {fact.id.removeprefix("FE-"): fact.at for fact in portfolio.facts if fact.kind == "invoice"}
    for fact in attempts(portfolio):
        assert issued[fact.id.removeprefix("PAG-").rpartition("-")[0]] <= fact.at


def test_failures_are_as_common_as_in_the_debit_ledger(portfolio: Portfolio) -> None:
    paid = attempts(portfolio)
    failed = [fact for fact in paid if fact.body["status"] == "failed"]
    assert 0.06 < len(failed) / len(paid) < 0.10
    assert 0.18 < len({fact.customer_id for fact in failed}) / 2000 < 0.28


def test_four_of_five_failures_recover_within_a_week(portfolio: Portfolio) -> None:
    by_invoice: dict[str, list[Fact]] = defaultdict(list)
    for fact in attempts(portfolio):
        by_invoice[fact.id.rpartition("-")[0]].append(fact)
    waits = [
        (following.at.date() - fact.at.date()).days if following else None
        for facts in by_invoice.values()
        for fact, following in zip(facts, [*facts[1:], None], strict=True)
        if fact.body["status"] == "failed" and fact.at < NOW - timedelta(days=60)
    ]
    assert 0.70 < sum(wait is not None and wait <= 7 for wait in waits) / len(waits) < 0.85


def test_delays_are_those_of_the_receivables_set(portfolio: Portfolio) -> None:
    invoices = [fact for fact in portfolio.facts if fact.kind == "invoice"]
    due = {fact.id.removeprefix("FE-"): date.fromisoformat(fact.body["due_on"]) for fact in invoices}
    late = [
        (fact.at.date() - due[fact.id.removeprefix("PAG-").removesuffix("-1")]).days
        for fact in attempts(portfolio)
        if fact.id.endswith("-1") and fact.at < NOW
    ]
    assert 0.28 < sum(days > 0 for days in late) / len(late) < 0.42
    assert -7 <= median(late) <= -2


def test_about_a_fifth_of_the_payers_have_stopped_paying_for_two_months(portfolio: Portfolio) -> None:
    stopped = sum(payer.habits.stops_on is not None for payer in portfolio.payers)
    assert 0.15 < stopped / 2000 < 0.23


def test_some_contacts_are_placeholders_and_two_mails_come_back(portfolio: Portfolio) -> None:
    emails = [payer.body["email"] for payer in portfolio.payers]
    assert sum(email is not None and email.startswith("rebota.") for email in emails) == 2
    assert 40 < sum(email in (None, "notiene@correo.demo", "sincorreo@correo.demo") for email in emails) < 110


def test_history_and_days_share_the_facts_without_gap_or_overlap(portfolio: Portfolio) -> None:
    past = [line for lines in portfolio.history(NOW) for line in lines if line["kind"] != "customer"]
    evenings = [NOW, *(evening_of(TODAY + timedelta(days=number)) for number in range(31))]
    coming = [fact for evening, following in pairwise(evenings) for fact in portfolio.between(evening, following)]
    assert len(past) + len(coming) == len(portfolio.facts)
    assert {line["id"] for line in past}.isdisjoint(fact.id for fact in coming)


def test_each_customer_stays_whole_in_one_batch(portfolio: Portfolio) -> None:
    sent = list(batches(portfolio.history(NOW), 8000))
    assert all(len(batch) <= 8000 for batch in sent)
    assert sum(batch[0]["kind"] == "customer" for batch in sent) == len(sent)
    assert sum(line["kind"] == "customer" for batch in sent for line in batch) == 2000


def test_a_fact_becomes_a_line_of_a_batch() -> None:
    fact = Fact(datetime(2026, 3, 1, 9, tzinfo=ZONE), "CLI-1", "payment", "PAG-1", {"amount": "100.00"})
    assert fact_line(fact) == {"kind": "payment", "customer_id": "CLI-1", "id": "PAG-1", "amount": "100.00"}


def test_a_tax_number_ends_in_its_check_digit() -> None:
    numbers = [tax_number(place) for place in range(200)]
    for number in numbers:
        digits, _, check = number.partition("-")
        weighted = sum(int(d) * w for d, w in zip(digits, (41, 37, 29, 23, 19, 17, 13, 7, 3), strict=True)) % 11
        assert int(check) == (weighted if weighted in (0, 1) else 11 - weighted)
