"""How traces pass through batches: each event heard is a span of its own trace, and what it causes is told with it.

A batch is many traces at once. It has a span of its own, where its statements are, and each of its events one beside
it, linked to it, in the trace of the request that wrote the fact. What the batch tells of a customer belongs to the
trace of the last event heard of it: that is what ``put`` into the outbox asks here.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from shared.contracts.envelope import Envelope
from shared.messaging.batch import Batch, Event
from shared.runtime import tracing

_MANY = 100
"""Events told at once by one request, from which on each carries the request's span rather than one of its own."""
_LINKS = 128

_causes: ContextVar[Mapping[str, str]] = ContextVar("causes")


@contextmanager
def heard(batch: Batch) -> Iterator[None]:
    """While a batch is applied: its events are spans of their traces. Of a history load requests alone are traced."""
    followed = [e for e in batch.events if e.envelope.traceparent and not e.envelope.history]
    if not followed:
        yield
    elif tracing.is_on():
        with _followed(followed, len(batch.events)):
            yield
    else:
        with _causing({e.envelope.key: e.envelope.traceparent for e in followed if e.envelope.traceparent}):
            yield


@contextmanager
def _followed(events: Sequence[Event], size: int) -> Iterator[None]:
    counted: tracing.Attributes = {"messaging.system": "kafka", "messaging.batch.message_count": size}
    whole = tracing.start("apply batch", "consumer", attributes=counted)
    with ExitStack() as spans:
        begun = [(event.envelope.key, spans.enter_context(tracing.beside(_begin(event, whole)))) for event in events]
        for _, span in begun[:_LINKS]:
            whole.add_link(span.get_span_context())
        spans.enter_context(tracing.at_work(whole))
        with _causing({key: cause for key, span in begun if (cause := tracing.traceparent_of(span))}):
            yield


@contextmanager
def _causing(causes: Mapping[str, str]) -> Iterator[None]:
    token = _causes.set(causes)
    try:
        yield
    finally:
        _causes.reset(token)


def _begin(event: Event, whole: tracing.Span) -> tracing.Span:
    said = event.envelope
    return tracing.start(
        f"process {said.type}",
        "consumer",
        parent=said.traceparent,
        attributes={"messaging.destination.name": event.record.topic, **_named(said)},
        links=[whole],
    )


def _named(said: Envelope) -> dict[str, str]:
    return {"messaging.system": "kafka", "cascada.event_id": said.id, "cascada.key": said.key}


def traceparents(events: Sequence[Envelope]) -> list[str | None]:
    """The trace that each event goes out with, None for most; what is told has a span that says so.

    An event may name the trace of what it tells: it goes before that of whoever has it told. While tracing is off there
    are no spans, and the traces of callers are handed on.
    """
    if not tracing.is_on():
        causes, caller = _causes.get({}), tracing.carried()
        return [event.traceparent or causes.get(event.key, caller) for event in events]
    causes, request = _causes.get({}), None if _causes.get(None) else tracing.current()
    if request and len(events) > _MANY:
        return [event.traceparent or request for event in events]
    return [_told(event, event.traceparent or causes.get(event.key, request)) for event in events]


def _told(event: Envelope, cause: str | None) -> str | None:
    if cause is None or event.history:
        return cause
    return tracing.moment(f"create {event.type}", "producer", parent=cause, attributes=_named(event))
