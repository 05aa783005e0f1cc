"""Lines of a batch as JSON, one value each: strict, because two readers must never see two things in one line."""

import json
import re
from typing import Any

import msgspec

from shared.basics.errors import Malformed, TooLarge
from shared.http.gate import MEBIBYTE

_KEY_END = re.compile(rb'"[ \t\r\n]*:')
_HOLDS_MORE = (dict, list)
_decoder = msgspec.json.Decoder()


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
        value = _decoder.decode(line)
        # Every key ends so, and a text may: where there are no more ends than keys came out, none stood there twice.
        if len(_KEY_END.findall(line)) != _keys_in(value):
            _careful.decode(line.decode())
    except (ValueError, RecursionError) as error:
        raise Malformed("malformed_json", "the line is not valid JSON") from error
    return value


def _keys_in(value: Any) -> int:
    found, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found += len(one)
            waiting += [inner for inner in one.values() if isinstance(inner, _HOLDS_MORE)]
        elif isinstance(one, list):
            waiting += [inner for inner in one if isinstance(inner, _HOLDS_MORE)]
    return found


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise Malformed("malformed_json", "a key stands in the line twice")


_careful = json.JSONDecoder(object_pairs_hook=_refuse_repeated)
