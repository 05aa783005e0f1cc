"""Addresses that bounced: what statements tells of them counts, the latest word, in whatever order it comes."""

from datetime import date

import pytest

from tests.oracle.accounts import account
from tests.services.segmenter.listener import Listener, a_segment
from tests.services.segmenter.sender import Books, contact
from tests.services.segmenter.verdicts import values

TODAY = date(2026, 3, 9)
UNREACHABLE = a_segment("sin-contacto", variable="contactability_problem", operator="eq", value=True)


async def ana(segmenter: Listener, *emails: str) -> Books:
    books = Books(account(customer_id="ana", email=" Ana@Correo.co ", emails=emails))
    await segmenter.hears(books.registered())
    return books


async def has_problem(segmenter: Listener) -> bool:
    return bool((await values(segmenter, "ana"))["contactability_problem"])


@pytest.mark.parametrize("kind", ["bounced", "complained"])
async def test_a_bounce_moves_the_customer_at_once_and_a_restore_moves_it_back(segmenter: Listener, kind: str) -> None:
    await segmenter.refreshes(UNREACHABLE)
    await ana(segmenter)
    await segmenter.hears(contact("ana", kind, "ana@correo.co", 1))
    assert await segmenter.segment_of("ana") == "sin-contacto"
    await segmenter.hears(contact("ana", "restored", "ana@correo.co", 2))
    assert await segmenter.segment_of("ana") == "default"


async def test_another_address_is_enough(segmenter: Listener) -> None:
    books = await ana(segmenter, "eva@correo.co")
    await segmenter.hears(contact("ana", "bounced", "ana@correo.co", 1))
    assert not await has_problem(segmenter)
    await segmenter.hears(contact("ana", "bounced", "eva@correo.co", 2))
    assert await has_problem(segmenter)
    await segmenter.hears(books.updated(email="nueva@correo.co"))
    assert not await has_problem(segmenter)


async def test_of_an_address_the_latest_word_counts_whenever_it_is_heard(segmenter: Listener) -> None:
    await ana(segmenter)
    bounced, restored = (contact("ana", kind, "ana@correo.co", n) for n, kind in ((1, "bounced"), (2, "restored")))
    await segmenter.hears(restored)
    await segmenter.hears(bounced)
    assert not await has_problem(segmenter)


async def test_in_one_batch_the_latest_word_counts_as_well(segmenter: Listener) -> None:
    await ana(segmenter)
    await segmenter.hears(
        contact("ana", "restored", "ana@correo.co", 2),
        contact("ana", "bounced", "ana@correo.co", 3),
        contact("ana", "bounced", "ana@correo.co", 1),
    )
    assert await has_problem(segmenter)


async def test_a_bounce_may_be_heard_before_its_customer(segmenter: Listener) -> None:
    await segmenter.hears(contact("ana", "bounced", "ana@correo.co", 1))
    await ana(segmenter)
    assert await has_problem(segmenter)
