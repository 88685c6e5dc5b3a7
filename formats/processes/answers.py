"""What a child says, on its way to its parent: JSON by the type that the function promises, with bytes beside it.

Nothing in it is run: whoever reads an answer knows its type beforehand and refuses what is of another, or too long.
"""

import functools
import struct
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, NamedTuple, get_type_hints

from pydantic import ConfigDict, PlainSerializer, PlainValidator, TypeAdapter, ValidationError

from archives.errors import JinkuiError, ToolFailedError
from archives.message import Message, message

HEAD = struct.Struct("<cQQ")
"""Result or error, then how many bytes of JSON and how many of bytes beside it follow."""

_RESULT, _ERROR = b"R", b"E"
_MOST_JSON_BYTES = 128 << 20
_MOST_BYTES_BESIDE = 1 << 30
_BYTES = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

Blob = Annotated[
    bytes,
    PlainSerializer(lambda data, info: info.context.append(data) or len(info.context) - 1),
    PlainValidator(lambda number, info: info.context[number] if info.context is not None else number),
]
"""Bytes in an answer that are too many for JSON; they stand beside it."""


class _Refusal(NamedTuple):
    kind: str
    said: Message
    subject: str
    advice: Message | None


def promised(function: Callable[..., object]) -> Any:
    """Return the type that a function promises to return."""
    while isinstance(function, functools.partial):
        function = function.func
    return get_type_hints(function, include_extras=True)["return"]


def prepare(function: Callable[..., object]) -> None:
    """Make ready what results of a function are written with, for all processes that are forked afterwards."""
    _adapter(promised(function))
    _adapter(_Refusal)


def encode_result(value: object, promised_type: Any) -> bytes:
    """Return the bytes of a result; raises ``ToolFailedError`` for one that cannot be written."""
    blobs: list[bytes] = []
    try:
        told = _adapter(promised_type).dump_json((value,), context=blobs, warnings=False)
    except ValueError as cause:  # pydantic's own, and halves of characters, are of this kind
        raise _nonsense() from cause
    lengths = struct.pack(f"<I{len(blobs)}Q", len(blobs), *map(len, blobs))
    return b"".join([HEAD.pack(_RESULT, len(told), len(lengths) + sum(map(len, blobs))), told, lengths, *blobs])


def encode_error(error: JinkuiError) -> bytes:
    """Return the bytes of an error of ours; of its fields only what every error has goes with it."""
    refusal = _Refusal(type(error).__name__, error.message, error.subject, error.advice)
    told = _adapter(_Refusal).dump_json((refusal,))
    return HEAD.pack(_ERROR, len(told), 0) + told


def decode(receive: Callable[[int], bytes], promised_type: Any) -> Any:
    """Return the result that comes in; raises the error that comes instead, and ``ToolFailedError`` for anything else.

    ``receive`` returns exactly so many bytes.
    """
    kind, told_bytes, beside_bytes = HEAD.unpack(receive(HEAD.size))
    if kind not in (_RESULT, _ERROR) or told_bytes > _MOST_JSON_BYTES or beside_bytes > _MOST_BYTES_BESIDE:
        raise _nonsense()
    told, beside = receive(told_bytes), receive(beside_bytes)
    try:
        if kind == _ERROR:
            (refusal,) = _adapter(_Refusal).validate_json(told)
            raise _error(refusal)
        return _adapter(promised_type).validate_json(told, context=_blobs(beside))[0]
    except (ValidationError, struct.error, LookupError, TypeError, RecursionError) as cause:
        raise _nonsense() from cause


def _blobs(beside: bytes) -> list[bytes]:
    (count,) = struct.unpack_from("<I", beside)
    lengths = struct.unpack_from(f"<{count}Q", beside, 4)
    blobs: list[bytes] = []
    start = 4 + 8 * count
    for length in lengths:
        blobs.append(beside[start : start + length])
        start += length
    if start != len(beside):
        raise _nonsense()
    return blobs


def _error(refusal: _Refusal) -> JinkuiError:
    kind = next((one for one in _kinds(JinkuiError) if one.__name__ == refusal.kind), ToolFailedError)
    error = kind.__new__(kind)
    JinkuiError.__init__(error, refusal.said, subject=refusal.subject, advice=refusal.advice)
    return error


def _kinds(kind: type[JinkuiError]) -> list[type[JinkuiError]]:
    return [kind, *(below for direct in kind.__subclasses__() for below in _kinds(direct))]


def _nonsense() -> ToolFailedError:
    return ToolFailedError(
        message("处理它的进程给出的答复无法采信", "the process working on it gave an answer that cannot be taken")
    )


@cache
def _adapter(promised_type: Any) -> TypeAdapter[tuple[Any]]:
    return TypeAdapter(tuple[promised_type], config=_BYTES)
