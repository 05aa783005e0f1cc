"""Bodies that read as sentences: what a test does not say is customary."""

from typing import Any


def a_person(name: str = "Ana Gómez", **said: Any) -> dict[str, Any]:
    return {"type": "person", "name": name, **said}


def a_company(name: str = "Ferretería El Tornillo", **said: Any) -> dict[str, Any]:
    return {"type": "company", "name": name, **said}


def a_document(number: str, kind: str = "CC") -> dict[str, Any]:
    return {"type": kind, "number": number}


def an_invoice(
    amount: Any = "100.00", due: str = "2026-02-15", issued: str = "2026-02-01", **said: Any
) -> dict[str, Any]:
    return {"amount": amount, "issued_on": issued, "due_on": due, **said}


def a_payment(amount: Any = "100.00", at: str = "2026-03-01T15:00:00Z", **said: Any) -> dict[str, Any]:
    return {"status": "succeeded", "amount": amount, "occurred_at": at, **said}


def a_failure(amount: Any = "100.00", at: str = "2026-03-01T15:00:00Z", **said: Any) -> dict[str, Any]:
    return {"status": "failed", "amount": amount, "occurred_at": at, "failure_reason": "fondos insuficientes", **said}


def a_credit_note(amount: Any = "100.00", issued: str = "2026-03-01", **said: Any) -> dict[str, Any]:
    return {"amount": amount, "issued_on": issued, **said}


def a_write_off(invoice_id: str, amount: Any = "100.00", issued: str = "2026-03-01", **said: Any) -> dict[str, Any]:
    return {"kind": "write_off", "invoice_id": invoice_id, "amount": amount, "issued_on": issued, **said}


def for_invoice(invoice_id: str, amount: Any) -> dict[str, Any]:
    return {"invoice_id": invoice_id, "amount": amount}


def in_dollars(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def pesos(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "COP"}


def a_variable(kind: str, **said: Any) -> dict[str, Any]:
    return {"type": kind, "title": {"es": "Una variable"}, **said}


def a_subscription(product: str = "Internet 300", **said: Any) -> dict[str, Any]:
    return {"product": product, "status": "active", "started_on": "2026-01-15", **said}


def a_dispute(opened: str = "2026-03-01", **said: Any) -> dict[str, Any]:
    return {"opened_on": opened, **said}


def a_promise(amount: Any = "100.00", due: str = "2026-03-20", **said: Any) -> dict[str, Any]:
    return {"amount": amount, "made_on": "2026-03-05", "due_on": due, **said}
