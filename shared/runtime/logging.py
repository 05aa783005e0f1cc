"""One JSON line per event on standard output, for people's ``grep`` and for log collectors alike.

A line has ids (trace, customer, event) where they are known, and nobody's personal data: values that people gave come
into a line through the words of errors alone, so of those only harmless ones are told (``shared/runtime/failures.py``).
"""

import logging
import sys
from types import TracebackType
from typing import Any

import structlog
from structlog.processors import ExceptionRenderer

from shared.runtime.failures import told_failure
from shared.runtime.known import known_now
from shared.runtime.seldom import SeldomRepeated

_QUOTING = ("aiokafka", "aiosmtplib", "alembic", "apscheduler", "asyncio", "httpcore", "httpx", "kafka", "sqlalchemy")
"""Libraries that tell whole addresses, records, rows or results once anybody asks them for more than warnings."""
_NEEDLESS = ("opentelemetry", "tzlocal", "uvicorn.access")

_REPEATING = "aiokafka"
"""Tells each of many tries a second while a broker is away."""

log = structlog.get_logger(__name__)


def configure_logging(service: str, role: str, level: int = logging.INFO) -> None:
    """Send structlog's and the libraries' records through one JSON renderer, each naming service and role."""
    shared = [
        structlog.contextvars.merge_contextvars,
        _add_known,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],  # type: ignore[list-item]
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service, role=role)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _first_line],  # type: ignore[list-item]
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                ExceptionRenderer(told_failure),
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    handler.addFilter(SeldomRepeated(_REPEATING))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in (*_QUOTING, *_NEEDLESS):
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _tell_end


def _add_known(_logger: Any, _method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {**known_now(), **line}


def _first_line(_logger: Any, _method: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """What libraries say in further lines quotes the objects at hand (asyncio: a task with its error)."""
    return {**line, "event": str(line["event"]).partition("\n")[0]}


def _tell_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A process that ends with an error says so like everything else."""
    log.critical("process_failed", exc_info=(kind, error, trace))
