"""``after-restore``: said once after this service's database was restored, before its processes start again."""

from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.statements.usecases.return_from_backup import ReturnFromBackup
from shared.database.engine import Database
from shared.runtime.clock import Clock
from shared.runtime.command_line import Subparsers


@dataclass(frozen=True)
class Restored:
    """What the command needs, and business time."""

    return_from_backup: ReturnFromBackup
    clock: Clock


@dataclass(frozen=True)
class AfterRestoreCommand:
    """``opening`` is asked once the command line is read, for only then the environment must be there."""

    opening: Callable[[Database], Restored]

    def add(self, commands: Subparsers) -> None:
        """``--lost-at``: when the database before stopped sending."""
        parser = commands.add_parser("after-restore", help="after a restore: send nothing twice, be believed again")
        parser.add_argument(
            "--lost-at",
            type=_instant,
            metavar="INSTANT",
            help="when the lost database sent for the last time (RFC 3339); without it, now. What was due later runs",
        )
        parser.set_defaults(run=self._run)

    async def _run(self, given: Namespace, database: Database) -> str:
        restored = self.opening(database)
        found = await restored.return_from_backup(given.lost_at or restored.clock.now())
        return "\n".join(
            [
                f"{found.learnt} events learnt that this database had told after the backup",
                f"{found.left.in_doubt} deliveries are unknown: ask the provider, then resolve them",
                f"{found.left.not_run} periods are missed (restored): nothing is known to have been sent",
                f"{found.left.in_part} periods have the reason restored: what was told is known, and may not be all",
                f"epoch {found.epoch}",
            ]
        )


def _instant(given: str) -> datetime:
    try:
        instant = datetime.fromisoformat(given)
    except ValueError as error:
        raise ArgumentTypeError(f"{given} is no instant, such as 2026-03-12T08:40:00-05:00") from error
    if instant.tzinfo is None:
        raise ArgumentTypeError(f"{given} has no offset, such as -05:00")
    return instant
