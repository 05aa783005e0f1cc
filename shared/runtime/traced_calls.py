"""Calls of other services and of the mail gateway as spans: httpx's instrumentation, told to leave queries out.

It patches httpx for the whole process and puts ``traceparent`` into each call's headers. A query may hold what a person
searched for, or a stranger's token, so spans have the address without it.
"""

from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor, RequestInfo
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span


def trace_calls(provider: TracerProvider) -> None:
    """Make a span of each call that belongs to a trace."""
    HTTPXClientInstrumentor().instrument(tracer_provider=provider, async_request_hook=_leave_query_out)


def leave_calls_alone() -> None:
    """Undo it."""
    HTTPXClientInstrumentor().uninstrument()


async def _leave_query_out(span: Span, request: RequestInfo) -> None:
    span.set_attribute("http.url", str(request.url).partition("?")[0])
