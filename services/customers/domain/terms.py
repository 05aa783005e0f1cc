"""The terms a decision is made under: what is now, where, and which currencies the deployment knows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from shared.basics.countries import country_of
from shared.basics.days import date_in
from shared.basics.errors import mistake

_GRACE = timedelta(minutes=5)


@dataclass(frozen=True)
class Terms:
    """``now`` is business time, aware; the first of ``currencies`` is the deployment's default."""

    now: datetime
    zone: ZoneInfo
    currencies: tuple[str, ...]

    @cached_property
    def today(self) -> date:
        """The business date."""
        return date_in(self.now, self.zone)

    @property
    def home(self) -> str | None:
        """The deployment's country, where its business time zone lies."""
        return country_of(self.zone.key)

    def date_of(self, moment: datetime) -> date:
        """The business date of an instant."""
        return date_in(moment, self.zone)

    def check_currency(self, currency: str, pointer: str) -> None:
        """Refuse a currency the deployment does not know (``unknown_currency``)."""
        if currency not in self.currencies:
            known = ", ".join(self.currencies)
            raise mistake(pointer, "unknown_currency", f"{currency} is none of this deployment's currencies: {known}")

    def check_day(self, day: date, pointer: str) -> None:
        """Refuse a day after today (``date_in_future``): nothing that happened lies in the future."""
        if day > self.today:
            raise mistake(pointer, "date_in_future", f"{day} is after today, {self.today}")

    def check_moment(self, moment: datetime, pointer: str) -> None:
        """Refuse an instant more than 5 minutes ahead (``date_in_future``): clocks differ a little."""
        if moment > self.now + _GRACE:
            raise mistake(pointer, "date_in_future", f"{moment.isoformat()} is after now, {self.now.isoformat()}")
