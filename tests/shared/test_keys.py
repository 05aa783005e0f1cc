"""The life of a key, from the command that enters it to the one that ends it."""

import argparse
import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.basics.access import SCOPES
from shared.basics.errors import Conflict, Missing
from shared.database import keys_command
from shared.database.changes import ChangeFilter, ReadChanges
from shared.database.engine import Database
from shared.database.keys import Keys
from shared.runtime.command_line import read_command_line
from shared.runtime.commands import run_command

SECRET = "a-key-of-some-length-for-tests"


@pytest.fixture
def keys(database: Database) -> Keys:
    return Keys(database)


async def test_a_key_is_found_with_its_name_and_scopes(keys: Keys) -> None:
    key_id = await keys.enter(SECRET, "crm", ["customers:write", "customers:read"], None)
    found = await keys.find(SECRET)
    assert found is not None
    assert (found.name, found.identity) == ("crm", f"key:{key_id}")
    assert found.scopes == {"customers:read", "customers:write"}
    assert await keys.find(SECRET + "x") is None


async def test_the_table_does_not_hold_the_key(keys: Keys) -> None:
    await keys.enter(SECRET, "crm", ["admin"], None)
    async with keys.database.transaction() as connection:
        [row] = (await connection.execute(text("SELECT CAST(k AS text) AS whole FROM api_keys k"))).all()
    assert SECRET not in row.whole


async def test_two_keys_of_one_name_live_side_by_side_until_the_old_one_is_revoked(keys: Keys) -> None:
    old = await keys.enter(SECRET, "crm", ["admin"], None)
    await keys.enter(SECRET + "-new", "crm", ["admin"], None)
    assert await keys.find(SECRET)
    assert await keys.find(SECRET + "-new")
    await keys.revoke(old)
    assert await keys.find(SECRET) is None
    assert await keys.find(SECRET + "-new")


async def test_an_expired_key_opens_nothing(keys: Keys) -> None:
    now = datetime.now(UTC)
    await keys.enter(SECRET, "crm", ["admin"], now - timedelta(seconds=1))
    assert await keys.find(SECRET) is None
    await keys.enter(SECRET, "crm", ["admin"], now + timedelta(days=1))
    assert await keys.find(SECRET)


async def test_entering_a_key_again_changes_its_scopes(keys: Keys) -> None:
    first = await keys.enter(SECRET, "crm", ["customers:read"], None)
    assert await keys.enter(SECRET, "crm", ["admin"], None) == first
    found = await keys.find(SECRET)
    assert found is not None
    assert found.scopes == {"admin"}


async def test_revoked_is_for_good(keys: Keys) -> None:
    key_id = await keys.enter(SECRET, "crm", ["admin"], None)
    await keys.revoke(key_id)
    with pytest.raises(Missing):
        await keys.revoke(key_id)
    with pytest.raises(Conflict):
        await keys.enter(SECRET, "crm", ["admin"], None)


async def test_keys_are_in_the_record_of_changes(keys: Keys) -> None:
    key_id = await keys.enter(SECRET, "crm", ["admin"], None)
    await keys.enter(SECRET, "crm", ["admin"], None)
    await keys.revoke(key_id)
    recorded = await ReadChanges(keys.database)(ChangeFilter(resource="keys"), 2**63 - 1, 10)
    seen = {"name": "crm", "scopes": ["admin"]}
    assert [(one.resource, one.by, one.before, one.after) for one in recorded] == [
        (f"keys/{key_id}", "command line", seen, None),
        (f"keys/{key_id}", "command line", None, seen),
    ]


def parsed(*words: str) -> argparse.Namespace:
    return read_command_line("services.customers", (), lambda: (keys_command,), ["keys", *words])


async def command(url: str, *words: str) -> str:
    return await asyncio.to_thread(run_command, parsed(*words), url)


async def test_the_command_tells_a_new_key_once(customers_database: str) -> None:
    said = await command(customers_database, "create", "--name", "crm", "--scopes", "customers:read,customers:write")
    told = dict(line.split() for line in said.splitlines())
    database = Database(customers_database, name="test")
    found = await Keys(database).find(told["key"])
    await database.close()
    assert found is not None
    assert found.name == "crm"
    assert found.scopes == {"customers:read", "customers:write"}

    listed = await command(customers_database, "list")
    assert told["key_id"] in listed
    assert told["key"] not in listed

    await command(customers_database, "revoke", told["key_id"])
    assert "revoked 2" in await command(customers_database, "list")
    with pytest.raises(SystemExit, match="could be revoked"):
        await command(customers_database, "revoke", told["key_id"])


async def test_a_key_that_exists_is_entered_and_not_told(
    customers_database: str, segmenter_database: str, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text(SECRET + "\n")
    for url in (customers_database, segmenter_database, segmenter_database):
        said = await command(url, "create", "--name", "local", "--scopes", "all", "--key-file", str(file))
        database = Database(url, name="test")
        found = await Keys(database).find(SECRET)
        await database.close()
        assert found is not None
        assert found.scopes == set(SCOPES)
        assert SECRET not in said


@pytest.mark.parametrize("days", ["0", "-3", "1.5", "99999999999", "soon"])
def test_a_key_ends_after_some_days(days: str) -> None:
    assert parsed("create", "--name", "x", "--scopes", "all", "--expires-in-days", "30").expires_in_days == 30
    with pytest.raises(SystemExit):
        parsed("create", "--name", "x", "--scopes", "all", "--expires-in-days", days)


def test_a_file_that_is_no_text_is_refused_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"\xff" * 40)
    with pytest.raises(SystemExit):
        parsed("create", "--name", "x", "--scopes", "all", "--key-file", str(file))
    assert f"{file} is no text" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["short", "a key with\x07 a bell in it", "una-llave-con-eñe-muy-larga"])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "key"
    file.write_text(content)
    with pytest.raises(SystemExit):
        parsed("create", "--name", "x", "--scopes", "all", "--key-file", str(file))


def test_an_unknown_scope_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed("create", "--name", "x", "--scopes", "customers:look")
    assert "customers:look" in capsys.readouterr().err
