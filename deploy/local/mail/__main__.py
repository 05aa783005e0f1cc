"""Runs the mail catcher: HTTP at ``MAIL_PORT``, SMTP at ``SMTP_PORT``, events to ``STATEMENTS_URL``."""

import asyncio
import os

import httpx
import uvicorn
from aiosmtpd.smtp import SMTP

from deploy.local.mail.app import Catcher, create_app
from deploy.local.mail.dropping import DroppableProtocol
from deploy.local.mail.events import EventTeller
from deploy.local.mail.gateway import Gateway
from deploy.local.mail.inbox import Inbox
from deploy.local.mail.smtp import SmtpHandler

_HOST = "127.0.0.1"


async def run() -> None:
    """Serve until told to stop."""
    async with httpx.AsyncClient(timeout=5) as client:
        inbox = Inbox()
        teller = EventTeller(os.environ["STATEMENTS_URL"], os.environ["GATEWAY_WEBHOOK_SECRET"], client)
        handler = SmtpHandler(inbox, teller)
        smtp = await asyncio.get_running_loop().create_server(
            lambda: SMTP(handler, enable_SMTPUTF8=True), _HOST, int(os.environ["SMTP_PORT"])
        )
        async with smtp:
            app = create_app(Catcher(inbox, Gateway(inbox), teller))
            await uvicorn.Server(
                uvicorn.Config(
                    app,
                    host=_HOST,
                    port=int(os.environ["MAIL_PORT"]),
                    http=DroppableProtocol,
                    access_log=False,
                    timeout_graceful_shutdown=2,
                )
            ).serve()


if __name__ == "__main__":
    asyncio.run(run())
