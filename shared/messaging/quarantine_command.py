"""``quarantine list|release|drop``: records that could not be read or applied, the same in both hearing services.

``release`` hears a record again as if it came from Kafka now, for when a bug was mended or a schema brought up to date;
what still fails stays where it is. ``drop`` forgets a record, for when its sender has told the fact anew.
"""

from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from shared.basics.errors import Conflict, Missing, Unavailable
from shared.database.engine import Database
from shared.messaging import quarantine
from shared.messaging.batch import Batch, Types, Unreadable, read_record
from shared.messaging.quarantine import Place, Quarantined
from shared.messaging.taking import Apply
from shared.runtime.command_line import Subparsers
from shared.runtime.failures import told_briefly


@dataclass(frozen=True)
class QuarantineCommand:
    """``types`` is what the service hears; ``applying`` builds what it applies batches with."""

    types: Types
    applying: Callable[[Database], Apply]

    def add(self, commands: Subparsers) -> None:
        """``quarantine list``, ``release PLACE`` or ``--all``, ``drop PLACE`` or ``--all``."""
        parser = commands.add_parser("quarantine", help="records that could not be applied: list, release, drop")
        verbs = parser.add_subparsers(required=True)
        verbs.add_parser("list", help="every record, with its reason").set_defaults(run=self._list)
        for name, run, help_ in (
            ("release", self._release, "hear a record, or all, again"),
            ("drop", self._drop, "forget a record, or all"),
        ):
            verb = verbs.add_parser(name, help=help_)
            which = verb.add_mutually_exclusive_group(required=True)
            which.add_argument("place", nargs="?", type=_place, help="as listed: topic/partition/offset")
            which.add_argument("--all", action="store_true", dest="everything")
            verb.set_defaults(run=run)

    async def _list(self, _: Namespace, database: Database) -> str:
        async with database.transaction() as connection:
            found = await quarantine.quarantined(connection)
        return "\n".join(_line(one) for one in found) or "nothing is in quarantine"

    async def _release(self, given: Namespace, database: Database) -> str:
        chosen, apply = await _chosen(given, database), self.applying(database)
        still = [one for one in chosen if not await self._hear_again(one, database, apply)]
        if still:
            raise Conflict("still_quarantined", f"{len(still)} of {len(chosen)} stay in quarantine")
        return f"{len(chosen)} released"

    async def _hear_again(self, one: Quarantined, database: Database, apply: Apply) -> bool:
        read = read_record(one.record, self.types)
        if isinstance(read, Unreadable):
            print(f"{one.place}\tstill cannot be read: {read.reason}", flush=True)
            return False
        try:
            await apply(Batch([read]))
        except Unavailable:
            raise
        except Exception as error:
            print(f"{one.place}\tstill cannot be applied: {told_briefly(error)}", flush=True)
            return False
        async with database.transaction() as connection:
            await quarantine.drop(connection, one.place)
        return True

    async def _drop(self, given: Namespace, database: Database) -> str:
        chosen = await _chosen(given, database)
        async with database.transaction() as connection:
            for one in chosen:
                await quarantine.drop(connection, one.place)
        return f"{len(chosen)} dropped"


async def _chosen(given: Namespace, database: Database) -> list[Quarantined]:
    async with database.transaction() as connection:
        found = await quarantine.quarantined(connection, given.place)
    if given.place and not found:
        raise Missing("not_quarantined", f"{given.place} is not in quarantine")
    return found


def _line(one: Quarantined) -> str:
    key = (one.record.key or b"").decode(errors="backslashreplace")
    reason = one.reason.replace("\n", " ")
    return "\t".join([str(one.place), one.at.isoformat(timespec="seconds"), key, reason])


def _place(given: str) -> Place:
    topic, _, rest = given.partition("/")
    partition, _, offset = rest.partition("/")
    if not (topic and partition.isdecimal() and offset.isdecimal()):
        raise ArgumentTypeError(f"{given} is no place: topic/partition/offset, such as customers.v1/0/12")
    return Place(topic, int(partition), int(offset))
