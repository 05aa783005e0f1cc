"""Every metric of Cascada with its meaning, in one place. Served at ``/metrics`` of every process.

Counters and histograms are the process's own. Gauges are what the service's database says when they are asked for, so
that every process of a service tells the same.
"""

from prometheus_client import Counter, Gauge, Histogram

HTTP_REQUESTS = Counter(
    "cascada_http_requests_total", "Answered requests, by route (not path) and status", ["method", "route", "status"]
)
HTTP_SECONDS = Histogram("cascada_http_request_seconds", "From a request's start to its answer's last byte", ["route"])
EVENTS_SENT = Counter("cascada_events_sent_total", "Events that Kafka acknowledged")
FACT_TO_ASSIGNMENT_SECONDS = Histogram(
    "cascada_fact_to_assignment_seconds",
    "From a fact being written by customers to its customer's segment being right and kept, in business time",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
)
SENDS = Counter("cascada_sends_total", "Calls of the mail gateway, by what became of the mail's address", ["state"])

DATABASE_REACHABLE = Gauge("cascada_database_reachable", "1 if the gauges below were read just now, 0 if they are old")
OUTBOX_UNSENT = Gauge("cascada_outbox_unsent", "Events that wait for Kafka")
OUTBOX_AGE_SECONDS = Gauge("cascada_outbox_age_seconds", "How long the oldest of them waits, in business time")
CUSTOMERS_BEHIND = Gauge("cascada_customers_behind", "Customers whose facts wait for a snapshot")
QUARANTINED = Gauge("cascada_quarantined", "Records that could not be read or applied")
EVENTS_BEHIND = Gauge("cascada_events_behind", "Records in Kafka that are still to be read")
DAY_TURN_PENDING = Gauge("cascada_day_turn_pending_days", "Days since the last one for which everyone was judged")
REFRESH_LEFT = Gauge("cascada_refresh_left", "Customers that the refresh under way has still to judge")
RUNS_LATE_SECONDS = Gauge("cascada_runs_late_seconds", "How long the oldest unfinished run is due, in business time")
