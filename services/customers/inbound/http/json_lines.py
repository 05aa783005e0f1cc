"""Lines of a batch as JSON, one value each: strict, because two readers must never see two things in one line."""

import json
from typing import Any

import msgspec

from shared.basics.errors import Malformed, TooLarge
from shared.http.gate import MEBIBYTE


def json_of(line: bytes) -> Any:
    """The value a line holds.

    Raises
    ------
    TooLarge
        It is longer than the single write may be.
    Malformed
        It is not JSON in UTF-8, or a key stands in it twice.
    """
    if len(line) > MEBIBYTE:
        raise TooLarge("body_too_large", f"the line is over {MEBIBYTE} bytes", limit=MEBIBYTE)
    try:
        value = msgspec.json.decode(line)
        json.loads(line, object_pairs_hook=_refuse_repeated)
    except (ValueError, RecursionError) as error:
        raise Malformed("malformed_json", "the line is not valid JSON") from error
    return value


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise Malformed("malformed_json", "a key stands in the line twice")
