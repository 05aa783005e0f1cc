"""The gateway's memory of keys, apart from its ports."""

import json
from datetime import UTC, datetime, timedelta

from deploy.local.mail.gateway import Gateway
from deploy.local.mail.inbox import Inbox

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
BODY = json.dumps({"from": "a@b.example", "to": "c@d.example", "subject": "", "html": "", "text": ""}).encode()


def test_a_key_is_remembered_for_24_hours() -> None:
    gateway = Gateway(Inbox())
    first = gateway.take(BODY, "key", new_id="1", now=NOW)
    within = gateway.take(BODY, "key", new_id="2", now=NOW + timedelta(hours=23, minutes=59))
    after = gateway.take(BODY, "key", new_id="3", now=NOW + timedelta(hours=24))
    assert (first.id, within.id, after.id) == ("1", "1", "3")
    assert (first.repeated, within.repeated, after.repeated) == (False, True, False)


def test_without_a_key_every_call_is_a_mail() -> None:
    gateway = Gateway(Inbox())
    ids = [gateway.take(BODY, None, new_id=str(number), now=NOW).id for number in range(2)]
    assert ids == ["0", "1"]
