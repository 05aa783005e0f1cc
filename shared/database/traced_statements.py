"""Statements as spans of the trace that asks for them. Our own, because SQLAlchemy's instrumentation puts the server's
words on failures into them, which quote people's data; what is bound is never told.
"""

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
    if tracing.current() is None:
        return
    words = statement.split(None, 1)
    attributes = {"db.system.name": "postgresql", "db.query.text": statement[:_LONGEST]}
    context.cascada_span = tracing.start(words[0].upper() if words else "SQL", "client", attributes=attributes)


def _end(_connection: Any, _cursor: Any, _statement: str, _given: Any, context: Any, _many: bool) -> None:
    if span := getattr(context, "cascada_span", None):
        span.end()


def _fail(error: ExceptionContext) -> None:
    if span := getattr(error.execution_context, "cascada_span", None):
        found = error.original_exception
        tracing.fail(span, getattr(found, "sqlstate", None) or type(found).__name__)
        span.end()
