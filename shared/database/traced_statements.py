"""Statements as spans of the trace that asks for them. Our own, because SQLAlchemy's instrumentation puts the server's
words on failures into them, which quote people's data; what is bound is never told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from shared.runtime import tracing

_LONGEST = 2000


def trace_statements(engine: Engine) -> None:
    """Make a span of every statement that is executed within a trace."""
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)
    event.listen(engine, "handle_error", _fail)


def _begin(_connection: Any, _cursor: Any, statement: str, _given: Any, context: Any, _many: bool) -> None:
    if tracing.current() is not None:
        context.cascada_span = _started(statement)


def _end(_connection: Any, _cursor: Any, _statement: str, _given: Any, context: Any, _many: bool) -> None:
    if span := getattr(context, "cascada_span", None):
        span.end()


def _fail(error: ExceptionContext) -> None:
    if span := getattr(error.execution_context, "cascada_span", None):
        _failed(span, error.original_exception)
        span.end()


@contextmanager
def traced(statement: str) -> Iterator[None]:
    """Make a span of a statement that is executed without SQLAlchemy."""
    if tracing.current() is None:
        yield
        return
    span = _started(statement)
    try:
        yield
    except Exception as error:
        _failed(span, error)
        raise
    finally:
        span.end()


def _started(statement: str) -> tracing.Span:
    words = statement.split(None, 1)
    attributes = {"db.system.name": "postgresql", "db.query.text": statement[:_LONGEST]}
    return tracing.start(words[0].upper() if words else "SQL", "client", attributes=attributes)


def _failed(span: tracing.Span, error: BaseException) -> None:
    tracing.fail(span, getattr(error, "sqlstate", None) or type(error).__name__)
