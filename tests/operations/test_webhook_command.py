"""``webhook``: a stream that stopped goes on at a word from the terminal, and the record says who said it."""

from tests.operations.conftest import Town

STOPPED = """
INSERT INTO webhooks (webhook_id, url, event_types, secret, version, passed, state)
VALUES ('crm', 'https://crm.demo/hook', ARRAY['segment.assigned'], 'a-secret-of-some-length', gen_random_uuid(), 0,
    'failing')
"""


async def test_a_failing_webhook_is_listed_and_resumed(town: Town) -> None:
    terminal = town.terminals["segmenter"]
    assert await terminal.runs("webhook", "list") == (0, ["there are no webhooks"])
    await town.spoils("segmenter", STOPPED)
    assert await terminal.runs("webhook", "list") == (0, ["crm\tfailing\thttps://crm.demo/hook"])
    assert await terminal.runs("webhook", "resume", "crm") == (0, ["crm\tactive\thttps://crm.demo/hook"])
    assert await town.rows("segmenter", "SELECT changed_by, resource FROM changes") == [
        ("command line", "webhooks/crm")
    ]


async def test_an_unknown_webhook_is_named(town: Town) -> None:
    assert await town.terminals["segmenter"].runs("webhook", "resume", "crn") == (1, ["there is no webhook crn"])
