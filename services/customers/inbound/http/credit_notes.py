"""Credit notes of a customer over HTTP."""

from fastapi import APIRouter, Response

from services.customers.inbound.http.credit_note_body import CreditNoteAnswer, CreditNoteBody
from services.customers.inbound.http.doors import Doors
from services.customers.inbound.http.preconditions import Conditions, version_of
from services.customers.inbound.http.writing import created, tell_recorded
from services.customers.usecases.record_facts import Order
from shared.http.fields import PathId
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(tags=["credit notes"], prefix="/customers/{customer_id}/credit-notes")


@router.put("/{credit_note_id}", responses=created(CreditNoteAnswer))
async def put_credit_note(
    customer_id: PathId,
    credit_note_id: PathId,
    body: CreditNoteBody,
    conditions: Conditions,
    doors: Doors,
    response: Response,
) -> CreditNoteAnswer:
    """Issue a credit note: its invoice first, then what is left pays the oldest due invoices.

    A write-off gives up debt of its invoice, at most what is open of it (422 `exceeds_balance`).
    """
    recorded = await doors.record_facts.one(Order(body.asked(customer_id, credit_note_id), conditions.check_stored))
    note = recorded.account.credit_notes[credit_note_id]
    tell_recorded(response, recorded, note)
    return CreditNoteAnswer.of(note, recorded.account.book.credits[note.credit().key].left)


@router.get("/{credit_note_id}")
async def get_credit_note(
    customer_id: PathId, credit_note_id: PathId, doors: Doors, response: Response
) -> CreditNoteAnswer:
    """A credit note with what is left of it."""
    kept = await doors.read_credit_notes.one(customer_id, credit_note_id)
    response.headers["ETag"] = version_of(kept.note)
    return CreditNoteAnswer.of(kept.note, kept.credit.left)


@router.get("")
async def list_credit_notes(
    customer_id: PathId, doors: Doors, after: After, limit: Limit = 50
) -> Page[CreditNoteAnswer]:
    """A customer's credit notes in order of id."""
    found = await doors.read_credit_notes.page(customer_id, after, limit)
    return page_of(
        found, limit, lambda one: (one.note.credit_note_id,), lambda one: CreditNoteAnswer.of(one.note, one.credit.left)
    )
