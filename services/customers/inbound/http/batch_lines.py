"""Lines of a batch: NDJSON in, what each asks out, checked as the body of the single write would be."""

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec
from pydantic import ValidationError

from services.customers.domain.change import Asked
from services.customers.domain.variable import Variable
from services.customers.inbound.http.customer_body import CustomerBody
from services.customers.inbound.http.invoice_body import InvoiceBody
from services.customers.inbound.http.payment_body import PaymentBody
from services.customers.inbound.http.variable_body import Key, VariableBody
from services.customers.usecases.load_batch import Line
from shared.basics.errors import KnownError, Malformed, TooLarge, mistake
from shared.http.fields import Id
from shared.http.problems import bad_input

MOST_LINES = 10_000


class _VariableLine(VariableBody):
    id: Key


class _CustomerLine(CustomerBody):
    customer_id: Id


class _InvoiceLine(InvoiceBody):
    customer_id: Id
    id: Id


class _PaymentLine(PaymentBody):
    customer_id: Id
    id: Id


def _variable(body: dict[str, Any]) -> Variable:
    line = _VariableLine.model_validate(body)
    return line.asked(line.id)


def _customer(body: dict[str, Any]) -> Asked:
    line = _CustomerLine.model_validate(body)
    return line.asked(line.customer_id)


def _invoice(body: dict[str, Any]) -> Asked:
    line = _InvoiceLine.model_validate(body)
    return line.asked(line.customer_id, line.id)


def _payment(body: dict[str, Any]) -> Asked:
    line = _PaymentLine.model_validate(body)
    return line.asked(line.customer_id, line.id)


_Reader: TypeAlias = Callable[[dict[str, Any]], Asked | Variable]

_READERS: dict[str, _Reader] = {
    "variable": _variable,
    "customer": _customer,
    "invoice": _invoice,
    "payment": _payment,
}


def read_lines(content: bytes) -> list[Line]:
    """Every line that is not blank, numbered as it stands in the body.

    Raises
    ------
    TooLarge
        There are more than 10,000.
    """
    found = [(number, raw) for number, raw in enumerate(content.split(b"\n"), start=1) if raw.strip()]
    if len(found) > MOST_LINES:
        raise TooLarge("too_many_lines", f"a batch has at most {MOST_LINES} lines", limit=MOST_LINES)
    return [Line(number, _read(raw)) for number, raw in found]


def _read(raw: bytes) -> Asked | Variable | KnownError:
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Malformed("malformed_json", "the line is not valid JSON")
    return asked_by(body)


def asked_by(body: Any) -> Asked | Variable | KnownError:
    """What a line (JSON values) asks, or why it cannot be read; its ``kind`` is taken out of it."""
    try:
        return _reader(body)(body)
    except ValidationError as error:
        return bad_input(error)
    except KnownError as error:
        return error


def _reader(body: Any) -> _Reader:
    """Who reads this line; its ``kind`` is taken out of it."""
    if not isinstance(body, dict):
        raise mistake("", "wrong_type", "a line is a JSON object")
    if "kind" not in body:
        raise mistake("/kind", "required", "a line says its kind")
    kind = body.pop("kind")
    if not isinstance(kind, str) or kind not in _READERS:
        raise mistake("/kind", "unknown_choice", "the kinds are " + ", ".join(_READERS))
    return _READERS[kind]
