"""Spans that a test looks at."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.runtime import tracing


class Traces:
    """The spans that have ended so far."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()

    @property
    def spans(self) -> list[ReadableSpan]:
        return list(self.exporter.get_finished_spans())

    def of(self, trace_id: str) -> list[ReadableSpan]:
        """The spans of one trace."""
        return [span for span in self.spans if f"{span.context.trace_id:032x}" == trace_id]

    def named(self, name: str, trace_id: str | None = None) -> ReadableSpan:
        """The one span of this name."""
        [found] = [span for span in (self.of(trace_id) if trace_id else self.spans) if span.name == name]
        return found

    def ancestors(self, span: ReadableSpan) -> list[str]:
        """Names from a span's parent up, as far as they are here; then the id of a parent that is not."""
        by_id = {one.context.span_id: one for one in self.spans}
        names: list[str] = []
        parent = span.parent
        while parent is not None:
            above = by_id.get(parent.span_id)
            names.append(above.name if above else f"{parent.span_id:016x}")
            parent = above.parent if above else None
        return names


@contextmanager
def tracing_to_memory(share: float = 1.0) -> Iterator[Traces]:
    """Tracing is on for the block: databases opened in it are watched."""
    traces = Traces()
    tracing.trace_to(SimpleSpanProcessor(traces.exporter), "tests", "tests", share)
    try:
        yield traces
    finally:
        tracing.stop_tracing()
