"""The page of plain results at the end of ``make demo``: a function from results to lines, 100 columns wide."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping

from deploy.demo.results import Results, RuleResult
from deploy.demo.story import Story
from deploy.demo.table import WIDTH, cut, table
from deploy.demo.words import day_and_month, pesos

_TOP_MOVES = 6
_CAUSES = ("refresh", "event", "day_turn")


def page(results: Results, stack_env: Mapping[str, str]) -> list[str]:
    """The whole page."""
    return [
        "",
        "─" * WIDTH,
        _headline(results),
        "─" * WIDTH,
        *_section("THE CASCADE TODAY: first match wins, everyone in exactly one segment", _cascade(results)),
        *_section("MOVES BY CAUSE, as told on segments.v1", _causes(results)),
        *_section("MOST TRAVELLED since the refresh", _ways(results)),
        *_section("TWO CUSTOMERS' STORIES", _stories(results.stories)),
        *_section("STATEMENTS SENT BY RULE", _statements(results)),
        *_section("ONE OF THE MAILS", _mail(results)),
        *_section("ADDRESSES TO LOOK AT", _addresses(stack_env)),
        "",
    ]


def _headline(results: Results) -> str:
    days = (results.last_day - results.first_day).days + 1
    period = f"{results.first_day:%-d %B %Y} to {results.last_day:%-d %B %Y}"
    return f"CASCADA: {days} days of {pesos(results.customers)} customers, {period}"


def _section(title: str, lines: Iterator[str]) -> list[str]:
    return ["", title, "", *(cut(line) for line in lines)]


def _cascade(results: Results) -> Iterator[str]:
    rows = [
        (str(place), segment.name, segment.flow, pesos(segment.customers), pesos(segment.balance))
        for place, segment in enumerate(results.cascade, start=1)
    ]
    customers = sum(segment.customers for segment in results.cascade)
    total = ("", "", "", pesos(customers), pesos(sum(segment.balance for segment in results.cascade)))
    yield from table((">#", "Segment", "Flow", ">Customers", ">Balance COP"), [*rows, total])


def _causes(results: Results) -> Iterator[str]:
    entered = sum(move.origin is None for move in results.heard.moves)
    moved = Counter(move.cause for move in results.heard.moves if move.origin is not None)
    said = {
        "refresh": f"“Actualizar” published revision {results.refreshed.revision}; the preview had foretold "
        f"{pesos(results.refreshed.foretold)}",
        "event": "an invoice, a payment or a failure arrived",
        "day_turn": "a day passed, nothing arrived",
    }
    rows = [(cause.replace("_", " "), pesos(moved[cause]), said[cause]) for cause in _CAUSES]
    yield from table(
        ("Cause", ">Moves", "What happened"), [("entry", pesos(entered), "the history load, judged in one pass"), *rows]
    )


def _ways(results: Results) -> Iterator[str]:
    ways: Counter[tuple[str, str]] = Counter()
    causes: Counter[tuple[str, str, str]] = Counter()
    for move in results.heard.moves:
        if move.origin is not None and move.cause != "refresh":
            ways[move.origin, move.target] += 1
            causes[move.origin, move.target, move.cause] += 1
    rows = [
        (origin, "→ " + target, pesos(causes[origin, target, "event"]), pesos(causes[origin, target, "day_turn"]))
        for (origin, target), _ in ways.most_common(_TOP_MOVES)
    ]
    yield from table(("From", "To", ">Event", ">Day turn"), rows)


def _stories(stories: tuple[Story, ...]) -> Iterator[str]:
    for place, story in enumerate(stories):
        if place:
            yield ""
        yield f"  {story.customer_id}  {story.title}"
        for line in story.lines:
            yield from _wrapped(f"    {day_and_month(line.on)}  ", line.text)
        for sentence in story.ending:
            yield from _wrapped(" " * 12, sentence)


def _statements(results: Results) -> Iterator[str]:
    rows = [
        (rule.name, str(len(rule.periods)), *(pesos(number) for number in _numbers(rule))) for rule in results.rules
    ]
    yield from table(("Rule", ">Runs", ">Audience", ">Sent", ">Bounced", ">Skipped"), rows)
    yield ""
    for rule in results.rules:
        reasons = ", ".join(
            f"{pesos(n)} {reason.replace('_', ' ')}" for reason, n in Counter(rule.skipped).most_common() if n
        )
        yield from _wrapped(f"  {rule.name}: ", f"skipped {reasons or 'nobody'}")


def _numbers(rule: RuleResult) -> tuple[int, ...]:
    counts = rule.counts
    return counts.get("audience", 0), rule.in_the_mail, counts.get("bounced", 0), counts.get("skipped", 0)


def _mail(results: Results) -> Iterator[str]:
    if results.mail is None:
        return
    yield f"  To: {results.mail.to}"
    yield f"  Subject: {results.mail.subject}"
    yield ""
    for line in results.mail.text.strip().splitlines():
        yield from (f"  │ {part}".rstrip() for part in textwrap.wrap(line, WIDTH - 6, drop_whitespace=False) or [""])


def _wrapped(margin: str, text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=margin, subsequent_indent=" " * len(margin))


def _addresses(stack_env: Mapping[str, str]) -> Iterator[str]:
    rows = [
        ("Mail page", stack_env["MAIL_URL"] + "/"),
        ("API docs of customers", stack_env["CUSTOMERS_URL"] + "/docs"),
        ("API docs of segmenter", stack_env["SEGMENTER_URL"] + "/docs"),
        ("API docs of statements", stack_env["STATEMENTS_URL"] + "/docs"),
        ("Key for X-Api-Key", stack_env["API_KEY"]),
        ("Kafka", stack_env["KAFKA_BOOTSTRAP_SERVERS"]),
    ]
    yield from table(("What", "Where"), rows)
