"""How a metric is declared: once, with its meaning, its unit and the services that tell it.

``shared/runtime/metrics.py`` is the list. ``/metrics``, ``docs/telemetry.md`` and the dashboard are made from it, so
none of them can know a metric that another does not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.metrics_core import Metric as Family

Kind = Literal["counter", "gauge", "histogram"]
EVERY_SERVICE = ("customers", "segmenter", "statements")
HEARERS = ("segmenter", "statements")
_OF_THE_PROCESS = ("process_", "python_")
"""What the library tells of each process: processor, memory, open files."""


disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each: when it began


@dataclass(frozen=True)
class Metric:
    """``topic`` is the row of the dashboard; ``unit`` is of one sample, of what is timed for a histogram."""

    name: str
    kind: Kind
    topic: str
    meaning: str
    unit: str
    services: tuple[str, ...]
    labels: tuple[str, ...] = ()


class Catalogue:
    """The metrics declared so far, in their order."""

    def __init__(self) -> None:
        self._metrics: list[Metric] = []

    def __iter__(self) -> Iterator[Metric]:
        return iter(self._metrics)

    def counter(
        self, name: str, meaning: str, *, topic: str, unit: str, services: tuple[str, ...], labels: Sequence[str] = ()
    ) -> Counter:
        """Something that is counted by each process from its start."""
        self._metrics.append(Metric(name, "counter", topic, meaning, unit, services, tuple(labels)))
        return Counter(name, meaning, labels)

    def gauge(
        self, name: str, meaning: str, *, topic: str, unit: str, services: tuple[str, ...], labels: Sequence[str] = ()
    ) -> Gauge:
        """Something that the service's database knows; every process of the service tells the same."""
        self._metrics.append(Metric(name, "gauge", topic, meaning, unit, services, tuple(labels)))
        return Gauge(name, meaning, labels)

    def histogram(
        self,
        name: str,
        meaning: str,
        *,
        topic: str,
        unit: str,
        services: tuple[str, ...],
        labels: Sequence[str] = (),
        buckets: Sequence[float] = Histogram.DEFAULT_BUCKETS,
    ) -> Histogram:
        """Something that is measured, by each process from its start."""
        self._metrics.append(Metric(name, "histogram", topic, meaning, unit, services, tuple(labels)))
        return Histogram(name, meaning, labels, buckets=buckets)

    def told_by(self, service: str | None) -> CollectorRegistry:
        """What a process of a service exposes: its declared metrics, and the process's own. None: all of them."""
        names = {metric.name.removesuffix("_total") for metric in self if service is None or service in metric.services}
        return _Told(names)


class _Told(CollectorRegistry):
    """The families of some names, out of the process's registry."""

    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self._told = names

    def collect(self) -> Iterable[Family]:
        for family in REGISTRY.collect():
            if family.name in self._told or family.name.startswith(_OF_THE_PROCESS):
                yield family
