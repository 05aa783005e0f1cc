"""What the demo promises: each promise that does not hold is one line, and any line makes the demo fail."""

from collections import Counter
from collections.abc import Iterator

from deploy.demo.results import Results

_CAUSES = ("event", "day_turn", "refresh")
_UNSETTLED = ("planned", "sending", "retry_wait", "failed", "unknown")


def broken_promises(results: Results) -> list[str]:
    """Every promise that did not hold, in words; none when all is well."""
    return [*_of_the_cascade(results), *_of_the_moves(results), *_of_the_statements(results), *_of_the_flow(results)]


def _of_the_cascade(results: Results) -> Iterator[str]:
    counted = sum(segment.customers for segment in results.cascade)
    if counted != results.customers:
        yield f"{results.customers} customers, but {counted} in the segments of the cascade together"
    if results.refreshed.changed != results.refreshed.foretold:
        yield f"the preview foretold {results.refreshed.foretold} moves, the refresh made {results.refreshed.changed}"
    told = Counter({move.customer_id: move.target_id for move in results.heard.moves}.values())
    for segment in results.cascade:
        if told[segment.segment_id] != segment.customers:
            said = told[segment.segment_id]
            yield f"Kafka tells {said} customers in {segment.name!r}, the cascade {segment.customers}"


def _of_the_moves(results: Results) -> Iterator[str]:
    entries = Counter(move.customer_id for move in results.heard.moves if move.origin is None)
    if len(entries) != results.customers or max(entries.values(), default=0) > 1:
        yield f"{results.customers} customers, but {entries.total()} entries into the cascade of {len(entries)}"
    moved = Counter(move.cause for move in results.heard.moves if move.origin is not None)
    for cause in _CAUSES:
        if not moved[cause]:
            yield f"no customer moved by {cause}"
    if moved["refresh"] != results.refreshed.changed:
        yield f"the refresh moved {results.refreshed.changed} customers, but {moved['refresh']} such moves were told"


def _of_the_statements(results: Results) -> Iterator[str]:
    in_the_mail = sum(rule.in_the_mail for rule in results.rules)
    if not in_the_mail:
        yield "no statement was sent"
    if in_the_mail != results.mails_in_catcher:
        yield f"{in_the_mail} statements accepted, but {results.mails_in_catcher} mails in the catcher"
    sent = Counter((sent.rule_id, sent.period, sent.customer_id) for sent in results.heard.sent)
    twice = [key for key, times in sent.items() if times > 1]
    if twice:
        yield f"{len(twice)} statements were sent more than once, such as {twice[0]}"
    if len(sent) != in_the_mail:
        yield f"{in_the_mail} statements accepted, but {len(sent)} told on statements.v1"
    for rule in results.rules:
        due = sorted(o.period for o in results.expected if o.rule_id == rule.rule_id)
        if list(rule.periods) != due:
            yield f"{rule.rule_id} was due for {due}, but ran for {list(rule.periods)}"
        unfinished = sum(rule.counts.get(state, 0) for state in _UNSETTLED)
        if unfinished:
            yield f"{unfinished} statements of {rule.rule_id} were neither sent nor skipped"


def _of_the_flow(results: Results) -> Iterator[str]:
    for health in results.health:
        if health.behind or health.quarantined:
            yield f"{health.service}: {health.behind} customers behind, {health.quarantined} events in quarantine"
    if len(results.stories) < 2 or results.mail is None:
        yield "there are no two customers with a story and a mail to show"
