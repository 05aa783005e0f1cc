"""A letter turned into words: one place where figures become what people read, so that no two parts disagree."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.statements.domain.account_as_of import Line, Movement
from services.statements.domain.statement import CurrencyFigures
from services.statements.outbound.languages.phrases import Phrases
from services.statements.outbound.languages.spoken import phrases_of
from services.statements.outbound.letter import Letter, Letterhead
from services.statements.outbound.shown import Shown, ShownAge, ShownCurrency, ShownLine, ShownMovement
from services.statements.outbound.words import date_words, money_words
from shared.basics.money import ZERO

LINES_SHOWN = 100
"""HTML and text show so many invoices, and movements, of a currency. Source: meaning.md 38."""


def show(letter: Letter, head: Letterhead) -> Shown:
    """A letter in the words of its locale."""
    return _Showing(letter, head).whole()


@dataclass(frozen=True)
class _Showing:
    letter: Letter
    head: Letterhead

    def whole(self) -> Shown:
        statement, phrases = self.letter.statement, self._phrases
        is_full = statement.content.type == "full"
        what, day = phrases.full if is_full else phrases.overdue, self._day(statement.as_of_date)
        title = phrases.as_of.format(what=what, day=day)
        return Shown(
            phrases=phrases,
            lang=self.letter.locale[:2],
            region=self.letter.locale[3:],
            as_of_date=statement.as_of_date,
            company=self.head.company,
            customer_id=self.letter.customer_id,
            customer_name=self.letter.customer.name,
            title=title,
            subject=f"{title} · {' '.join(self.head.company.split())}",
            hello=self._hello(),
            about=self._about(),
            is_full=is_full,
            is_overdue=any(line.status == "overdue" for one in statement.currencies for line in one.lines),
            is_owed=any(figures.total for figures in statement.currencies),
            movements_title=self._movements_title(),
            currencies=[self._currency(figures) for figures in statement.currencies],
            payment_link=self._payment_link(),
            reply_to=self.head.reply_to,
            lines_file=self._lines_file if any(map(_is_long, statement.currencies)) else None,
            pdf_file=self._file(phrases.file_full if is_full else phrases.file_overdue, "pdf"),
        )

    @property
    def _phrases(self) -> Phrases:
        return phrases_of(self.letter.locale)

    @property
    def _lines_file(self) -> str:
        return self._file(self._phrases.file_invoices, "csv")

    def _file(self, name: str, extension: str) -> str:
        return f"{name}-{self.letter.statement.as_of_date.isoformat()}.{extension}"

    def _day(self, day: date) -> str:
        return date_words(day, self.letter.locale)

    def _money(self, amount: Decimal, currency: str) -> str:
        return money_words(amount, currency, self.letter.locale)

    def _hello(self) -> str:
        customer, phrases = self.letter.customer, self._phrases
        return (phrases.hello_company if customer.type == "company" else phrases.hello_person).format(
            name=customer.name
        )

    def _about(self) -> str:
        statement, phrases = self.letter.statement, self._phrases
        day = self._day(statement.as_of_date)
        if statement.period:
            return phrases.about_full.format(day=day, since=self._day(statement.period[0]))
        return phrases.about_overdue.of(statement.content.min_days_overdue or 1, day=day)

    def _movements_title(self) -> str | None:
        if self.letter.statement.period is None:
            return None
        since, until = map(self._day, self.letter.statement.period)
        return self._phrases.movements.format(since=since, until=until)

    def _payment_link(self) -> str | None:
        link = self.head.payment_link
        return link.replace("{customer_id}", self.letter.customer_id) if link else None

    def _listed(self, figures: CurrencyFigures) -> tuple[list[ShownMovement], str | None]:
        """The movements for HTML and text, with a note where some are left out.

        Invoices that are too many as lines are one movement: each stands in the CSV.
        """
        code, moved, folded = figures.currency, list(figures.movements or ()), []
        if _is_long(figures):
            issued = [movement.amount for movement in moved if movement.kind == "invoice"]
            moved = [movement for movement in moved if movement.kind != "invoice"]
            what = self._phrases.invoices_issued.of(len(issued))
            folded = [ShownMovement("", what, self._money(sum(issued, ZERO), code))] if issued else []
        note = self._phrases.movements_shown.format(shown=LINES_SHOWN, all=len(moved))
        last = [self._movement(movement, code) for movement in moved[-LINES_SHOWN:]]
        return [*folded, *last], note if len(moved) > LINES_SHOWN else None

    def _currency(self, figures: CurrencyFigures) -> ShownCurrency:
        code = figures.currency
        overdue = sum((line.balance for line in figures.lines if line.status == "overdue"), ZERO)
        credit = figures.unapplied_credit
        listed, listed_note = self._listed(figures)
        return ShownCurrency(
            code=code,
            is_owed=bool(figures.total),
            total=self._money(figures.total, code),
            overdue=self._money(overdue, code) if overdue else None,
            credit=self._money(credit, code) if credit else None,
            lines=[self._line(line, code) for line in figures.lines],
            lines_note=self._lines_note(figures) if _is_long(figures) else None,
            opening=None if figures.opening is None else self._money(figures.opening, code),
            movements=[self._movement(movement, code) for movement in figures.movements or ()],
            listed=listed,
            listed_note=listed_note,
            closing=None if figures.closing is None else self._money(figures.closing, code),
            aging=[self._age(name, amount, code) for name, amount in figures.aging],
        )

    def _lines_note(self, figures: CurrencyFigures) -> str:
        counted = self._phrases.lines_shown.format(shown=LINES_SHOWN, all=len(figures.lines))
        return f"{counted} {self._phrases.lines_attached.format(file=self._lines_file)}"

    def _line(self, line: Line, code: str) -> ShownLine:
        status, tone = self._status(line)
        due_on, amount = self._day(line.due_on), self._money(line.amount, code)
        return ShownLine(
            number=line.number,
            issued_on=self._day(line.issued_on),
            due_on=due_on,
            amount=amount,
            balance=self._money(line.balance, code),
            due_words=self._phrases.due_on.format(day=due_on),
            amount_words=self._phrases.amount_of.format(amount=amount),
            status=status,
            tone=tone,
            disputed=line.disputed,
        )

    def _status(self, line: Line) -> tuple[str, str]:
        phrases = self._phrases
        if line.status == "overdue":
            return phrases.days_late.of(line.days_past_due), "late"
        if line.status == "paid" and line.settled_on:
            return phrases.settled_on.format(day=self._day(line.settled_on)), "good"
        return phrases.pending, "quiet"

    def _movement(self, movement: Movement, code: str) -> ShownMovement:
        what = self._phrases.kinds[movement.kind].format(number=movement.number)
        return ShownMovement(self._day(movement.on), what, self._money(movement.amount, code))

    def _age(self, name: str, amount: Decimal, code: str) -> ShownAge:
        return ShownAge(self._bucket(name), self._money(amount, code), name != "current" and bool(amount))

    def _bucket(self, name: str) -> str:
        if name == "current":
            return self._phrases.not_due
        if name.endswith("+"):
            return self._phrases.days_over.format(days=int(name[:-1]) - 1)
        return self._phrases.days.format(days=name.replace("-", "–"))


def _is_long(figures: CurrencyFigures) -> bool:
    return len(figures.lines) > LINES_SHOWN
