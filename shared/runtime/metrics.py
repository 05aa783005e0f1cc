"""Every metric of Cascada with its meaning, in one place. Served at ``/metrics`` of every process.

Counters and histograms are the process's own. Gauges are what the service's database says when they are asked for, so
that every process of a service tells the same. After a change here: ``python -m deploy.dashboard``.
"""

from shared.runtime.metric_declarations import EVERY_SERVICE, HEARERS, Catalogue

CATALOGUE = Catalogue()
_declare = CATALOGUE

HTTP_REQUESTS = _declare.counter(
    "cascada_http_requests_total",
    "Answered requests, by route (not path) and status",
    topic="requests",
    unit="requests",
    services=EVERY_SERVICE,
    labels=["method", "route", "status"],
)
HTTP_SECONDS = _declare.histogram(
    "cascada_http_request_seconds",
    "From a request's start to its answer's last byte",
    topic="requests",
    unit="seconds",
    services=EVERY_SERVICE,
    labels=["route"],
)
DATABASE_REACHABLE = _declare.gauge(
    "cascada_database_reachable",
    "1 if the gauges beside it were read just now, 0 if they are old",
    topic="requests",
    unit="0 or 1",
    services=EVERY_SERVICE,
)

EVENTS_SENT = _declare.counter(
    "cascada_events_sent_total",
    "Events that Kafka acknowledged",
    topic="telling",
    unit="events",
    services=EVERY_SERVICE,
)
OUTBOX_UNSENT = _declare.gauge(
    "cascada_outbox_unsent", "Events that wait for Kafka", topic="telling", unit="events", services=EVERY_SERVICE
)
OUTBOX_AGE_SECONDS = _declare.gauge(
    "cascada_outbox_age_seconds",
    "How long the oldest of them waits, in business time",
    topic="telling",
    unit="seconds",
    services=EVERY_SERVICE,
)

EVENTS_BEHIND = _declare.gauge(
    "cascada_events_behind",
    "Records in Kafka that were still to be read when each partition was heard last",
    topic="hearing",
    unit="records",
    services=HEARERS,
)
FACTS_AGE_SECONDS = _declare.gauge(
    "cascada_facts_age_seconds",
    "How old (business time) the youngest moment is up to which all is heard; NaN before every partition was",
    topic="hearing",
    unit="seconds",
    services=HEARERS,
)
CUSTOMERS_BEHIND = _declare.gauge(
    "cascada_customers_behind",
    "Customers whose facts wait for a snapshot",
    topic="hearing",
    unit="customers",
    services=HEARERS,
)
QUARANTINED = _declare.gauge(
    "cascada_quarantined",
    "Records that could not be read or applied",
    topic="hearing",
    unit="records",
    services=HEARERS,
)

STEPS_FAILED = _declare.counter(
    "cascada_steps_failed_total",
    "Steps of a worker's standing tasks that ended with an error of ours; a part that is away is none",
    topic="standing",
    unit="steps",
    services=HEARERS,
    labels=["step"],
)
WALK_AGE_SECONDS = _declare.gauge(
    "cascada_walk_age_seconds",
    "Machine time since all was last compared with its owner (audit, standings, suppressions); NaN before it ever was",
    topic="standing",
    unit="seconds",
    services=HEARERS,
    labels=["walk"],
)

FACT_TO_ASSIGNMENT_SECONDS = _declare.histogram(
    "cascada_fact_to_assignment_seconds",
    "From a fact being written by customers to its customer's segment being right and kept, in business time",
    topic="judging",
    unit="seconds",
    services=("segmenter",),
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
)
DAY_TURNED_TO = _declare.gauge(
    "cascada_day_turned_to_timestamp_seconds",
    "The midnight (business time zone) that began the last day for which everyone was judged",
    topic="judging",
    unit="seconds since 1970",
    services=("segmenter",),
)
DAY_TURN_PENDING = _declare.gauge(
    "cascada_day_turn_pending_days",
    "Days since the last one for which everyone was judged",
    topic="judging",
    unit="days",
    services=("segmenter",),
)
DAY_TURN_LATE_SECONDS = _declare.gauge(
    "cascada_day_turn_late_seconds",
    "How long a new business day has begun for which not everyone is judged yet, 0 when all are",
    topic="judging",
    unit="seconds",
    services=("segmenter",),
)
DAY_TURN_SECONDS = _declare.gauge(
    "cascada_day_turn_seconds",
    "Machine time that the last day turn took, or the one under way has taken so far",
    topic="judging",
    unit="seconds",
    services=("segmenter",),
)
REFRESH_LEFT = _declare.gauge(
    "cascada_refresh_left",
    "Customers that the refresh under way has still to judge",
    topic="judging",
    unit="customers",
    services=("segmenter",),
)
REFRESH_DONE_RATIO = _declare.gauge(
    "cascada_refresh_done_ratio",
    "Share of customers that the refresh under way has judged, 1 when there is none",
    topic="judging",
    unit="0 to 1",
    services=("segmenter",),
)
REFRESH_AGE_SECONDS = _declare.gauge(
    "cascada_refresh_age_seconds",
    "Machine time since the refresh under way was asked for, 0 when there is none",
    topic="judging",
    unit="seconds",
    services=("segmenter",),
)
WEBHOOKS_FAILING = _declare.gauge(
    "cascada_webhooks_failing",
    "Webhooks that took nothing when posted last: still tried (retrying), or given up until resumed (failing)",
    topic="judging",
    unit="webhooks",
    services=("segmenter",),
    labels=["state"],
)
WEBHOOKS_LATE_SECONDS = _declare.gauge(
    "cascada_webhooks_late_seconds",
    "How long the oldest event waits, in business time, for a webhook that is still tried",
    topic="judging",
    unit="seconds",
    services=("segmenter",),
)

RUNS_UNFINISHED = _declare.gauge(
    "cascada_runs_unfinished",
    "Runs that are due and not finished, by state (held, running)",
    topic="sending",
    unit="runs",
    services=("statements",),
    labels=["state"],
)
RUNS_LATE_SECONDS = _declare.gauge(
    "cascada_runs_late_seconds",
    "How long the oldest unfinished run is due, in business time",
    topic="sending",
    unit="seconds",
    services=("statements",),
)
RUNS_MISSED = _declare.gauge(
    "cascada_runs_missed",
    "Periods missed, of those due in the last 24 hours of business time",
    topic="sending",
    unit="runs",
    services=("statements",),
)
SENDS = _declare.counter(
    "cascada_sends_total",
    "Calls of the mail gateway, by what became of the mail's address",
    topic="sending",
    unit="calls",
    services=("statements",),
    labels=["state"],
)
SENDS_OPEN = _declare.gauge(
    "cascada_sends_open",
    "Mails that have not come to an end, by state (planned, sending, retry_wait, unknown)",
    topic="sending",
    unit="mails",
    services=("statements",),
    labels=["state"],
)
SENDS_LATE_SECONDS = _declare.gauge(
    "cascada_sends_late_seconds",
    "Machine time since the oldest mail that is due was to be tried, or an alert's message to be written",
    topic="sending",
    unit="seconds",
    services=("statements",),
)
