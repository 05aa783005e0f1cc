"""``webhook list`` and ``webhook resume WEBHOOK_ID``: what ``POST /v1/webhooks/{id}/resume`` does, from a terminal."""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass

from services.segmenter.domain.webhooks import Webhook
from services.segmenter.usecases.keep_webhooks import KeepWebhooks
from shared.database.engine import Database
from shared.runtime.command_line import Subparsers

_BY = "command line"
_PAGE = 500


@dataclass(frozen=True)
class WebhookCommand:
    """``keeping`` is asked once the command line is read, for only then the environment must be there."""

    keeping: Callable[[Database], KeepWebhooks]

    def add(self, commands: Subparsers) -> None:
        """``webhook list``, ``webhook resume``."""
        verbs = commands.add_parser("webhook", help="streams of events: list, resume").add_subparsers(required=True)
        verbs.add_parser("list", help="every webhook and its state").set_defaults(run=self._list)
        resume = verbs.add_parser("resume", help="go on at once where a stream stopped or waits")
        resume.add_argument("webhook_id")
        resume.set_defaults(run=self._resume)

    async def _list(self, _: Namespace, database: Database) -> str:
        webhooks, lines, after = self.keeping(database), list[str](), ""
        while page := await webhooks.page(after, _PAGE):
            lines += [_line(one) for one in page]
            after = page[-1].webhook_id
        return "\n".join(lines) or "there are no webhooks"

    async def _resume(self, given: Namespace, database: Database) -> str:
        return _line(await self.keeping(database).resume(given.webhook_id, by=_BY))


def _line(webhook: Webhook) -> str:
    return "\t".join([webhook.webhook_id, webhook.state, webhook.url])
