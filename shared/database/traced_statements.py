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


def begin(statement: str) -> tracing.Span | None:
    """A span of a statement that is about to be executed; None outside of a trace."""
    if tracing.current() is None:
        return None
    words = statement.split(None, 1)
    attributes = {"db.system.name": "postgresql", "db.query.text": statement[:_LONGEST]}
    return tracing.start(words[0].upper() if words else "SQL", "client", attributes=attributes)


def end(span: tracing.Span | None, error: BaseException | None = None) -> None:
    """The statement was executed, or failed: then its SQLSTATE is told, and none of the server's words."""
    if span is None:
        return
    if error is not None:
        tracing.fail(span, getattr(error, "sqlstate", None) or type(error).__name__)
    span.end()


def _begin(_connection: Any, _cursor: Any, statement: str, _given: Any, context: Any, _many: bool) -> None:
    context.cascada_span = begin(statement)


def _end(_connection: Any, _cursor: Any, _statement: str, _given: Any, context: Any, _many: bool) -> None:
    end(getattr(context, "cascada_span", None))


def _fail(error: ExceptionContext) -> None:
    end(getattr(error.execution_context, "cascada_span", None), error.original_exception)
