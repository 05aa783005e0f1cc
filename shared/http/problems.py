"""Errors as RFC 9457 problems: one table turns kinds of errors into statuses. No stack traces, ever."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from shared.basics import errors
from shared.basics.pointer import pointer
from shared.http.methods import methods_of

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

_STATUSES: Mapping[type[errors.KnownError], HTTPStatus] = {
    errors.Malformed: HTTPStatus.BAD_REQUEST,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.RateLimited: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Missing: HTTPStatus.NOT_FOUND,
    errors.Gone: HTTPStatus.GONE,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Stale: HTTPStatus.PRECONDITION_FAILED,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.BadInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.VersionRequired: HTTPStatus.PRECONDITION_REQUIRED,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "literal_error": "unknown_choice",
    "enum": "unknown_choice",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_long",
    "too_short": "empty_list",
    "string_pattern_mismatch": "invalid_format",
    "finite_number": "out_of_range",
}
"""pydantic's error types in our stable words; codes of our own (``PydanticCustomError``) pass as they are."""
OUR_CODES = {
    "wrong_type",
    "invalid_id",
    "unknown_currency",
    "out_of_range",
    "range_reversed",
    "required",
    "not_allowed",
    "unknown_choice",
    "unknown_time_zone",
    "not_supported",
    "one_of",
    "empty_list",
    "invalid_email",
}
"""Codes that our own field types raise as ``PydanticCustomError(code, …)``."""


def status_of(error: errors.KnownError) -> int:
    """The HTTP status of an error's kind."""
    return int(_STATUSES[type(error)])


def problem(error: errors.KnownError) -> dict[str, Any]:
    """The body of the answer: RFC 9457 members, ``code``, and for bad input ``errors``."""
    status = HTTPStatus(status_of(error))
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": error.detail,
        "code": error.code,
        **error.facts,
    }
    if isinstance(error, errors.BadInput):
        body["errors"] = [{"pointer": m.pointer, "code": m.code, "detail": m.detail} for m in error.mistakes]
    return body


def bad_input(error: ValidationError | RequestValidationError, *, root: str = "") -> errors.KnownError:
    """A pydantic refusal as ours: every mistake with its pointer from the body's root."""
    found = error.errors()
    if found[0]["type"] == "json_invalid":
        return _not_json()
    return errors.BadInput(*(_mistake(one, root) for one in found))


def _not_json() -> errors.Malformed:
    return errors.Malformed("malformed_json", "the body is not valid JSON")


def _mistake(one: Mapping[str, Any], root: str) -> errors.Mistake:
    steps = one["loc"]
    where = pointer(*(steps[1:] if steps and steps[0] == "body" else steps))
    kind = str(one["type"])
    custom = one.get("ctx", {}).get("code") if kind == "value_error" else None
    code = custom or _CODES.get(kind) or (kind if kind in OUR_CODES else "wrong_type")
    return errors.Mistake(root + where, code, one["msg"])


def respond(error: errors.KnownError) -> JSONResponse:
    """The answer to an error that has a kind."""
    return JSONResponse(problem(error), status_code=status_of(error), headers=_headers(error), media_type=MEDIA_TYPE)


def _headers(error: errors.KnownError) -> dict[str, str]:
    match error:
        case errors.Unauthenticated():
            return {"WWW-Authenticate": "Bearer"}
        case errors.RateLimited():
            return {"Retry-After": str(error.facts["retry_after_seconds"])}
    return {}


def _plain(
    status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None, *, code: str | None = None
) -> JSONResponse:
    """The answer to an error without a kind; its code is its status in words unless ``code`` is given."""
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "code": code or status.name.lower(),
    }
    return JSONResponse(body, status_code=status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every error of an app as a problem."""

    @app.exception_handler(errors.KnownError)
    async def known(request: Request, error: errors.KnownError) -> JSONResponse:
        return respond(error)

    @app.exception_handler(RequestValidationError)
    async def refused(request: Request, error: RequestValidationError) -> JSONResponse:
        if isinstance(error.body, bytes):  # what the framework did not read: the content type is not JSON
            return _plain(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body is to be application/json")
        return respond(bad_input(error))

    @app.exception_handler(HTTPException)
    async def routed(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == HTTPStatus.BAD_REQUEST and error.__cause__ is not None:
            return respond(_not_json())  # bytes that are no UTF-8, or nested beyond reading
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED, str(error.detail), {"Allow": methods_of(request)})
        return _plain(HTTPStatus(error.status_code), str(error.detail), error.headers)

    @app.exception_handler(Exception)
    async def ours(request: Request, error: Exception) -> JSONResponse:
        log.error("request_failed", method=request.method, exc_info=error)
        detail = "something failed on our side; the request may be repeated"
        return _plain(HTTPStatus.INTERNAL_SERVER_ERROR, detail, code="internal")
