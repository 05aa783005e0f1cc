"""What use cases of every role are made of."""

from dataclasses import dataclass

from services.statements.outbound.letter import Letterhead
from services.statements.outbound.logo import read_logo
from services.statements.settings import Settings
from shared.database.engine import Database
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class Parts:
    """What use cases are made of."""

    database: Database
    clock: Clock
    settings: Settings

    @property
    def letterhead(self) -> Letterhead:
        settings = self.settings
        return Letterhead(
            company=settings.company_name,
            colour=settings.company_colour,
            sender=settings.mail_from,
            reply_to=settings.mail_reply_to,
            payment_link=settings.payment_link,
            logo=read_logo(settings.company_logo_file) if settings.company_logo_file else None,
        )
