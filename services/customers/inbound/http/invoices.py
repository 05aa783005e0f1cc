"""Invoices of a customer over HTTP."""

from fastapi import APIRouter, Response

from services.customers.inbound.http.doors import Doors
from services.customers.inbound.http.invoice_body import InvoiceAnswer, InvoiceBody, VoidBody
from services.customers.inbound.http.preconditions import Conditions, version_of
from services.customers.inbound.http.writing import created, tell_recorded
from services.customers.usecases.record_facts import Order
from shared.http.fields import PathId
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(tags=["invoices"], prefix="/customers/{customer_id}/invoices")


@router.put("/{invoice_id}", responses=created(InvoiceAnswer))
async def put_invoice(
    customer_id: PathId,
    invoice_id: PathId,
    body: InvoiceBody,
    conditions: Conditions,
    doors: Doors,
    response: Response,
) -> InvoiceAnswer:
    """Issue an invoice, or change what may change of one; waiting credit pays a new one at once."""
    recorded = await doors.record_facts.one(Order(body.asked(customer_id, invoice_id), conditions.check_stored))
    kept = recorded.account.kept_invoice(invoice_id)
    tell_recorded(response, recorded, kept.invoice)
    return InvoiceAnswer.of(kept)


@router.post("/{invoice_id}/void")
async def void_invoice(
    customer_id: PathId,
    invoice_id: PathId,
    conditions: Conditions,
    doors: Doors,
    response: Response,
    body: VoidBody | None = None,
) -> InvoiceAnswer:
    """Take an invoice out of the books: what paid it waits again, or pays other open invoices.

    Refused (409 `invoice_has_credit_notes`) once a credit note names it; another date or reason than before is a 409
    `conflict`.
    """
    asked = (body or VoidBody()).asked(customer_id, invoice_id)
    recorded = await doors.record_facts.one(Order(asked, conditions.check_stored))
    kept = recorded.account.kept_invoice(invoice_id)
    tell_recorded(response, recorded, kept.invoice)
    return InvoiceAnswer.of(kept)


@router.get("/{invoice_id}")
async def get_invoice(customer_id: PathId, invoice_id: PathId, doors: Doors, response: Response) -> InvoiceAnswer:
    """An invoice with its balance."""
    kept = await doors.read_invoices.one(customer_id, invoice_id)
    response.headers["ETag"] = version_of(kept.invoice)
    return InvoiceAnswer.of(kept)


@router.get("")
async def list_invoices(customer_id: PathId, doors: Doors, after: After, limit: Limit = 50) -> Page[InvoiceAnswer]:
    """A customer's invoices in order of id."""
    found = await doors.read_invoices.page(customer_id, after, limit)
    return page_of(found, limit, lambda one: (one.invoice.invoice_id,), InvoiceAnswer.of)
