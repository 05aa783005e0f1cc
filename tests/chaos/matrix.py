"""The matrix of the fault run: every fault, what must come of it, and how much of it in the long and the short run."""

from tests.chaos.faults import broker, days, mails, postgres, processes, rolling, rules, stream
from tests.chaos.row import Row

_GOES_ON = "writes go on through the other replica; nothing accepted is lost; an unanswered write is whole or not there"
_WAITS = "writes go on and wait in the outbox; when the broker is back, all is told, repeats absorbed"
_COMES_BACK = "calls are refused (503) or unanswered, and go on as soon as the server is back; nothing accepted is lost"
_ONE_MAIL = "no address gets a statement twice; the ledger knows every mail; what is in doubt is listed"

MATRIX = [
    Row("kill -9 of the customers API", _GOES_ON, processes.kill_customers_api, long=4, short=1),
    Row(
        "kill -9 of a segmenter worker",
        "the other takes over; no effect twice",
        processes.kill_segmenter_worker,
        long=3,
        short=1,
    ),
    Row("kill -9 of the statements workers in mid-send", _ONE_MAIL, mails.kill_in_mid_send, long=2, short=1),
    Row(
        "a segmenter worker frozen (SIGSTOP) while another takes over",
        "the other takes its partitions; when it wakes it changes nothing that was changed since",
        processes.freeze_segmenter_worker,
        long=30,
        short=8,
        unit="seconds",
    ),
    Row("broker restarted", _WAITS, broker.restart_broker, long=5, short=1),
    Row("broker killed (-9)", _WAITS, broker.kill_broker, long=3, short=1),
    Row("broker unreachable", _WAITS, broker.hang_broker, long=60, short=8, unit="seconds"),
    Row("PostgreSQL restarted", _COMES_BACK, postgres.restart_postgres, long=2, short=1),
    Row("PostgreSQL killed (-9)", _COMES_BACK, postgres.kill_postgres, long=2, short=1),
    Row(
        "connections cut during COMMIT",
        "the write is there wholly or not at all, and a repeat finds out which",
        postgres.cut_commits,
        long=100,
        short=15,
    ),
    Row(
        "connection pool exhausted",
        "503 after five seconds; what was waiting is written; nothing is stuck afterwards",
        postgres.exhaust_pool,
        long=2,
        short=1,
    ),
    Row(
        "events lost, repeated, swapped, late; garbage 1 %",
        "everything is repaired; exactly the garbage is in quarantine",
        stream.damage_stream,
        long=600,
        short=150,
        unit="events",
    ),
    Row(
        "clock jumps, and a month end",
        "one day turn a jump; the month's statement goes out once",
        days.pass_month_end,
        long=1,
        short=1,
    ),
    Row("mail gateway answers 429", _ONE_MAIL, mails.storm_of_429, long=40, short=10, unit="calls"),
    Row("mail gateway answers 5xx", _ONE_MAIL, mails.storm_of_5xx, long=40, short=10, unit="calls"),
    Row("mail gateway accepts, then hangs up", _ONE_MAIL, mails.accept_then_drop, long=40, short=10, unit="calls"),
    Row(
        "cascade edited and published under load",
        "everyone ends where the last revision puts them",
        rules.publish_under_load,
        long=4,
        short=2,
    ),
    Row(
        "rolling restart of every process",
        "no call fails",
        rolling.restart_everything,
        long=200,
        short=40,
        unit="calls a second",
    ),
]
