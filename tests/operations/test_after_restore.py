"""``after-restore`` at the terminal: a higher epoch, and in statements only once Kafka has said what was told."""

import pytest

from tests.operations.conftest import Town

EPOCH = "SELECT epoch FROM instance"


@pytest.mark.parametrize("service", ["customers", "segmenter"])
async def test_the_epoch_is_raised_and_said(town: Town, service: str) -> None:
    status, [said] = await town.terminals[service].runs("after-restore")
    [(epoch,)] = await town.rows(service, EPOCH)
    assert (status, said, epoch > 1) == (0, f"epoch {epoch}", True)


async def test_without_kafka_statements_is_not_said_to_have_returned(town: Town) -> None:
    status, [said] = await town.terminals["statements"].runs("after-restore")
    assert (status, said) == (1, "statements.v1 cannot be read: KafkaConnectionError")
    assert await town.rows("statements", EPOCH) == [(1,)]


async def test_the_topic_is_read_to_its_end(town: Town, kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", kafka_bootstrap)
    status, lines = await town.terminals["statements"].runs("after-restore", "--lost-at", "2026-03-10T08:00:00-05:00")
    [(epoch,)] = await town.rows("statements", EPOCH)
    assert (status, lines[1:], epoch > 1) == (
        0,
        [
            "0 deliveries are unknown: ask the provider, then resolve them",
            "0 periods are missed (restored): nothing is known to have been sent",
            "0 periods have the reason restored: what was told is known, and may not be all",
            f"epoch {epoch}",
        ],
        True,
    )


@pytest.mark.parametrize("instant", ["yesterday", "2026-03-10T08:00:00"])
async def test_an_instant_that_is_none_is_refused(town: Town, instant: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        await town.terminals["statements"].runs("after-restore", "--lost-at", instant)
