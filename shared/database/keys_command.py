"""Keys by command line, the same in every service: ``python -m services.<name> keys create|list|revoke``.

``create`` prints a new key once; nobody can read it again. ``--key-file`` enters a key that exists, so that one key can
open several services. Each service has its own table, so each command speaks for one service.
"""

import argparse
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.basics.access import SCOPES
from shared.database.engine import Database
from shared.database.keys import Keys, StoredKey
from shared.runtime.commands import Subparsers

_SHORTEST = 16
_RANDOM_BYTES = 32


def add(commands: Subparsers) -> None:
    """``keys`` with its own words."""
    command = commands.add_parser("keys", help="who may call: create, list, revoke")
    command.set_defaults(run=_run)
    verbs = command.add_subparsers(dest="verb", required=True)
    create = verbs.add_parser("create", help="enter a key: a new one, printed once, or one that exists")
    create.add_argument("--name", required=True, help="who calls with it, as the record of changes will say")
    create.add_argument("--scopes", required=True, type=_scopes, help="with commas between, or all")
    create.add_argument("--key-file", type=_key_in, help="a file with the key to enter")
    create.add_argument("--expires-in-days", type=int, help="from now; without it, never")
    verbs.add_parser("list", help="every key there ever was, without the keys themselves")
    revoke = verbs.add_parser("revoke", help="let a key open nothing any more")
    revoke.add_argument("key_id")


async def _run(given: argparse.Namespace, database: Database) -> str:
    work = {"create": _create, "list": _list, "revoke": _revoke}[given.verb]
    return await work(Keys(database), given)


async def _create(keys: Keys, given: argparse.Namespace) -> str:
    key = given.key_file or secrets.token_urlsafe(_RANDOM_BYTES)
    days = given.expires_in_days
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    key_id = await keys.enter(key, given.name, given.scopes, expires_at)
    return f"key_id {key_id}" if given.key_file else f"key_id {key_id}\nkey    {key}"


async def _list(keys: Keys, given: argparse.Namespace) -> str:
    return "\n".join([_line(key) for key in await keys.all()])


def _line(key: StoredKey) -> str:
    ends = [
        f"expires {key.expires_at.isoformat()}" if key.expires_at else "",
        f"revoked {key.revoked_at.isoformat()}" if key.revoked_at else "",
    ]
    return "\t".join([key.key_id, key.name, ",".join(key.scopes), f"created {key.created_at.isoformat()}", *ends])


async def _revoke(keys: Keys, given: argparse.Namespace) -> str:
    await keys.revoke(given.key_id)
    return f"revoked {given.key_id}"


def _scopes(given: str) -> tuple[str, ...]:
    if given == "all":
        return SCOPES
    scopes = tuple(dict.fromkeys(part.strip() for part in given.split(",")))
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        raise argparse.ArgumentTypeError(f"no such scope: {', '.join(unknown)}; there are {', '.join(SCOPES)}")
    return scopes


def _key_in(path: str) -> str:
    try:
        key = Path(path).read_text().strip()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{path} cannot be read: {error.strerror}") from error
    if len(key) < _SHORTEST or not key.isascii() or not key.isprintable():
        raise argparse.ArgumentTypeError(f"a key is at least {_SHORTEST} printable ASCII characters")
    return key
