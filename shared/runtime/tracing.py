"""Traces: the walk of one fact from the request that wrote it, through Kafka, to the mail that it causes.

Off unless ``OTEL_EXPORTER_OTLP_ENDPOINT`` is set; until then every function here is one look at ``_now``, and the
``traceparent`` of a caller is handed on as it came. Spans are joined by W3C's ``traceparent``: in headers of HTTP and
of Kafka's records, in the outbox, beside what is to be sent. They hold ids and no personal data, and a failure is told
by its type alone. Why they are our own: ADR 0053.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, TypeAlias

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import Link, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from shared.runtime.traced_calls import leave_calls_alone, trace_calls

Attributes = Mapping[str, AttributeValue]
Span: TypeAlias = trace.Span
Kind = Literal["server", "client", "producer", "consumer", "internal"]

_HEADER = "traceparent"
_SHAPE = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
_carried: ContextVar[str | None] = ContextVar("carried", default=None)
_W3C = TraceContextTextMapPropagator()


@dataclass
class _Now:
    provider: TracerProvider | None = None
    tracer: Tracer | None = None


_now = _Now()


def start_tracing(service: str, role: str, endpoint: object, share: float) -> None:
    """Send this process's spans to a collector (OTLP over HTTP); without an ``endpoint`` tracing stays off.

    ``share`` (0 to 1) of the traces that begin here are kept; those of callers are kept if the callers do.
    """
    if endpoint is None:
        return
    exporter = OTLPSpanExporter(endpoint=f"{str(endpoint).rstrip('/')}/v1/traces")
    trace_to(BatchSpanProcessor(exporter), service, role, share)


def trace_to(processor: SpanProcessor, service: str, role: str, share: float = 1.0) -> None:
    """Hand spans to a processor from now on."""
    named = {"service.name": service, "service.namespace": "cascada", "cascada.role": role}
    sampler = ParentBased(_BeginsWithWork(TraceIdRatioBased(share)))
    provider = TracerProvider(sampler=sampler, resource=Resource.create(named))
    provider.add_span_processor(processor)
    _now.provider, _now.tracer = provider, provider.get_tracer("cascada")
    trace_calls(provider)


def stop_tracing() -> None:
    """Hand over what is left, and be off."""
    if _now.provider:
        leave_calls_alone()
        _now.provider.shutdown()
    _now.provider, _now.tracer = None, None


class _BeginsWithWork(Sampler):
    """A trace begins with a request, an event or a run: a call or a statement outside of them is polling."""

    def __init__(self, share: Sampler) -> None:
        self._share = share

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes | None = None,
        links: Sequence[Link] | None = None,
        trace_state: trace.TraceState | None = None,
    ) -> SamplingResult:
        if kind is SpanKind.CLIENT:
            return SamplingResult(Decision.DROP)
        return self._share.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        return f"BeginsWithWork({self._share.get_description()})"


def is_on() -> bool:
    """Whether this process traces."""
    return _now.tracer is not None


def current() -> str | None:
    """The ``traceparent`` of the span at work; None outside of a kept trace."""
    return None if _now.tracer is None else traceparent_of(trace.get_current_span())


def carry(traceparent: str | None) -> None:
    """While tracing is off: what this request writes goes on with its caller's trace, if that is one."""
    _carried.set(traceparent if traceparent and _SHAPE.fullmatch(traceparent) else None)


def carried() -> str | None:
    """The caller's ``traceparent`` that is handed on; None if it sent none, or tracing is on."""
    return _carried.get()


def trace_id_of(traceparent: str | None) -> str | None:
    """The trace that a ``traceparent`` names; None if it names none."""
    context = trace.get_current_span(_parent(traceparent)).get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


def traceparent_of(span: Span) -> str | None:
    """A kept span in W3C's words."""
    context = span.get_span_context()
    if not (context.is_valid and context.trace_flags.sampled):
        return None
    return f"00-{trace.format_trace_id(context.trace_id)}-{trace.format_span_id(context.span_id)}-01"


def start(
    name: str,
    kind: Kind,
    *,
    parent: str | None = None,
    attributes: Attributes | None = None,
    links: Sequence[Span] = (),
) -> Span:
    """A span that the caller ends: below ``parent``, else below the one at work. Only while tracing is on."""
    if _now.tracer is None:
        return trace.INVALID_SPAN
    linked = [Link(span.get_span_context()) for span in links]
    return _now.tracer.start_span(name, _parent(parent), SpanKind[kind.upper()], attributes, linked)


@contextmanager
def at_work(span: Span) -> Iterator[Span]:
    """A span is the one at work for as long as the block runs, and ends with it."""
    with beside(span), trace.use_span(span, record_exception=False, set_status_on_exception=False):
        yield span


@contextmanager
def beside(span: Span) -> Iterator[Span]:
    """A span ends with the block, and fails with it; another one is at work."""
    try:
        yield span
    except BaseException as error:
        fail(span, type(error).__name__)
        raise
    finally:
        span.end()


def moment(name: str, kind: Kind, *, parent: str | None = None, attributes: Attributes | None = None) -> str | None:
    """Note that something happened, in no time; its ``traceparent``. None while tracing is off."""
    if _now.tracer is None:
        return None
    span = start(name, kind, parent=parent, attributes=attributes)
    span.end()
    return traceparent_of(span)


def fail(span: Span, kind: str) -> None:
    """Mark a span as failed by an error of this type; its words may hold people's data."""
    span.set_status(StatusCode.ERROR)
    span.set_attribute("error.type", kind)


def _parent(traceparent: str | None) -> Context | None:
    return _W3C.extract({_HEADER: traceparent}) if traceparent else None
