"""One spelling of a JSON value, so that equal values have equal digests: sorted keys, no spaces, UTF-8.

Numbers are integers; the keys of an object are ordered by code point (unlike RFC 8785, which orders UTF-16 units).
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from archives.errors import FormatError
from archives.message import message

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]


def canonical_json(value: Json) -> bytes:
    """Return the value's only spelling; raises ``FormatError`` for what has none (a float, half a character)."""
    _require_plain(value)
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError as cause:
        raise _without_spelling() from cause


def _require_plain(value: object) -> None:
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise _without_spelling()
        _require_all_plain(value.values())
    elif isinstance(value, list | tuple):
        _require_all_plain(value)
    elif not (value is None or isinstance(value, str | int)):
        raise _without_spelling()


def _require_all_plain(values: Iterable[object]) -> None:
    for one in values:
        if type(one) is not str:  # as nearly all are
            _require_plain(one)


def _without_spelling() -> FormatError:
    return FormatError(message("此值没有唯一的 JSON 写法", "this value has no canonical JSON"), subject="JSON")
