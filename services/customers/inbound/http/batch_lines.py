"""Lines of a batch: NDJSON or CSV in, what each asks out, checked as the body of the single write would be."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from pydantic import ValidationError

from services.customers.domain.change import Asked
from services.customers.domain.variable import Variable
from services.customers.inbound.http import noun_lines
from services.customers.inbound.http.credit_note_body import NotedBody
from services.customers.inbound.http.csv_rows import rows_of
from services.customers.inbound.http.customer_body import CustomerBody
from services.customers.inbound.http.invoice_body import InvoiceBody
from services.customers.inbound.http.json_lines import json_of
from services.customers.inbound.http.payment_body import PaymentBody
from services.customers.inbound.http.refund_body import RefundBody
from services.customers.inbound.http.variable_body import Key, VariableBody
from services.customers.usecases.load_batch import Line
from shared.basics.errors import KnownError, TooLarge, mistake
from shared.http.fields import Id
from shared.http.problems import bad_input

MOST_LINES = 10_000

One = TypeVar("One")


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


class _RefundLine(RefundBody):
    customer_id: Id
    payment_id: Id
    id: Id


class _CreditNoteLine(NotedBody):
    """Its kind is the line's: ``credit_note``, or ``write_off``."""

    customer_id: Id
    id: Id


def _variable(body: dict[str, Any]) -> Variable:
    line = _VariableLine.model_validate(body)
    return line.asked(line.id)


def _customer(body: dict[str, Any]) -> Asked:
    if noun_lines.merges(body):
        return noun_lines.patch(body)
    line = _CustomerLine.model_validate(body)
    return line.asked(line.customer_id)


def _invoice(body: dict[str, Any]) -> Asked:
    line = _InvoiceLine.model_validate(body)
    return line.asked(line.customer_id, line.id)


def _payment(body: dict[str, Any]) -> Asked:
    line = _PaymentLine.model_validate(body)
    return line.asked(line.customer_id, line.id)


def _refund(body: dict[str, Any]) -> Asked:
    line = _RefundLine.model_validate(body)
    return line.asked(line.customer_id, line.payment_id, line.id)


def _credit_note(body: dict[str, Any]) -> Asked:
    line = _CreditNoteLine.model_validate(body)
    return line.asked_as("credit", line.customer_id, line.id)


def _write_off(body: dict[str, Any]) -> Asked:
    line = _CreditNoteLine.model_validate(body)
    return line.asked_as("write_off", line.customer_id, line.id)


_Reader: TypeAlias = Callable[[dict[str, Any]], Asked | Variable]

_READERS: dict[str, _Reader] = {
    "variable": _variable,
    "customer": _customer,
    "invoice": _invoice,
    "payment": _payment,
    "refund": _refund,
    "credit_note": _credit_note,
    "write_off": _write_off,
    "subscription": noun_lines.subscription,
    "dispute": noun_lines.dispute,
    "promise": noun_lines.promise,
}

KINDS = tuple(_READERS)


def read_json_lines(content: bytes) -> list[Line]:
    """Every line that is not blank, numbered as it stands in the body.

    Raises
    ------
    TooLarge
        There are more than 10,000.
    """
    lines = ((number, raw) for number, raw in enumerate(content.split(b"\n"), start=1) if raw.strip())
    return [Line(number, _read(raw)) for number, raw in _not_too_many(lines)]


def read_csv_lines(content: bytes) -> list[Line]:
    """Every row that is not blank, numbered by the line of the file it begins on.

    Raises
    ------
    TooLarge
        There are more than 10,000.
    Malformed
        The header cannot be read.
    """
    rows = _not_too_many(rows_of(content))
    return [Line(number, body if isinstance(body, KnownError) else asked_by(body)) for number, body in rows]


def _not_too_many(lines: Iterator[One]) -> list[One]:
    found = list(islice(lines, MOST_LINES + 1))
    if len(found) > MOST_LINES:
        raise TooLarge("too_many_lines", f"a batch has at most {MOST_LINES} lines", limit=MOST_LINES)
    return found


def _read(raw: bytes) -> Asked | Variable | KnownError:
    try:
        body = json_of(raw)
    except KnownError as error:
        return error
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
        raise mistake("/kind", "unknown_choice", "the kinds are " + ", ".join(KINDS))
    return _READERS[kind]
