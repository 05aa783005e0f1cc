"""Keys by command line, the same in every service: ``python -m services.<name> keys create|list|revoke``.

``create`` prints a new key once; nobody can read it again. ``--key-file`` enters a key that exists, so that one key can
open several services. Each service has its own table, so each command speaks for one service.
"""

import secrets
from argparse import ArgumentTypeError, Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.basics.access import SCOPES
from shared.database.engine import Database
from shared.database.keys import Keys, StoredKey
from shared.runtime.command_line import Subparsers

_SHORTEST = 16
_RANDOM_BYTES = 32
_MOST_DAYS = 36_500


def add(commands: Subparsers) -> None:
    """``keys create``, ``keys list``, ``keys revoke``."""
    verbs = commands.add_parser("keys", help="who may call: create, list, revoke").add_subparsers(required=True)
    create = verbs.add_parser("create", help="enter a key: a new one, printed once, or one that exists")
    create.add_argument("--name", required=True, help="who calls with it, as the record of changes will say")
    create.add_argument("--scopes", required=True, type=_scopes, help="with commas between, or all")
    create.add_argument("--key-file", type=_key_in, help="a file with the key to enter")
    create.add_argument("--expires-in-days", type=_days, help="from now; without it, never")
    create.set_defaults(run=_create)
    verbs.add_parser("list", help="every key there ever was, without the keys themselves").set_defaults(run=_list)
    revoke = verbs.add_parser("revoke", help="let a key open nothing any more")
    revoke.add_argument("key_id")
    revoke.set_defaults(run=_revoke)


async def _create(given: Namespace, database: Database) -> str:
    key = given.key_file or secrets.token_urlsafe(_RANDOM_BYTES)
    days = given.expires_in_days
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    key_id = await Keys(database).enter(key, given.name, given.scopes, expires_at)
    return f"key_id {key_id}" if given.key_file else f"key_id {key_id}\nkey    {key}"


async def _list(_: Namespace, database: Database) -> str:
    return "\n".join([_line(key) for key in await Keys(database).all()])


def _line(key: StoredKey) -> str:
    ends = [
        f"expires {key.expires_at.isoformat()}" if key.expires_at else "",
        f"revoked {key.revoked_at.isoformat()}" if key.revoked_at else "",
    ]
    return "\t".join([key.key_id, key.name, ",".join(key.scopes), f"created {key.created_at.isoformat()}", *ends])


async def _revoke(given: Namespace, database: Database) -> str:
    await Keys(database).revoke(given.key_id)
    return f"revoked {given.key_id}"


def _scopes(given: str) -> tuple[str, ...]:
    if given == "all":
        return SCOPES
    scopes = tuple(dict.fromkeys(part.strip() for part in given.split(",")))
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        raise ArgumentTypeError(f"no such scope: {', '.join(unknown)}; there are {', '.join(SCOPES)}")
    return scopes


def _days(given: str) -> int:
    if not given.isdecimal() or not 1 <= int(given) <= _MOST_DAYS:
        raise ArgumentTypeError(f"{given} is no number of days from 1 to {_MOST_DAYS}")
    return int(given)


def _key_in(path: str) -> str:
    try:
        key = Path(path).read_text().strip()
    except OSError as error:
        raise ArgumentTypeError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ArgumentTypeError(f"{path} is no text") from error
    if len(key) < _SHORTEST or not key.isascii() or not key.isprintable():
        raise ArgumentTypeError(f"a key is at least {_SHORTEST} printable ASCII characters")
    return key
