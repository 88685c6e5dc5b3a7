"""A call on its way to a child: the function and its arguments, and the descriptors of the files that it is about."""

import io
import os
import pickle
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from formats.processes.opened import Opened

_HEAD = struct.Struct("<QI")
_MOST_FILES = 16


class Call(NamedTuple):
    """A function with its arguments, among which opened files may stand."""

    function: Callable[..., object]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Packed(NamedTuple):
    """A call as bytes, and the descriptors that have to go with it."""

    data: bytes
    handles: tuple[int, ...]


def pack(function: Callable[..., object], args: Sequence[object], kwargs: Mapping[str, object]) -> Packed:
    """Return a call as it travels; the descriptors stay those of the caller and must be open until it was sent."""
    out = io.BytesIO()
    pickler = _Pickler(out)
    pickler.dump((function, tuple(args), dict(kwargs)))
    if len(pickler.handles) > _MOST_FILES:
        raise ValueError("more files than a call can carry")
    return Packed(out.getvalue(), tuple(pickler.handles))


def send(channel: socket.socket, packed: Packed) -> None:
    """Send a call through a socket."""
    socket.send_fds(channel, [_HEAD.pack(len(packed.data), len(packed.handles))], packed.handles)
    channel.sendall(packed.data)


def receive(channel: socket.socket) -> Packed | None:
    """Return the next call that comes through a socket, its descriptors now ours; None when there will be none."""
    head, handles, _, _ = socket.recv_fds(channel, _HEAD.size, _MOST_FILES)
    if len(head) < _HEAD.size:
        return None
    length, count = _HEAD.unpack(head)
    data = bytearray()
    while len(data) < length:
        if not (block := channel.recv(min(length - len(data), 1 << 20))):
            return None
        data += block
    assert len(handles) == count
    return Packed(bytes(data), tuple(handles))


def unpack(packed: Packed) -> Call:
    """Return the call that a parent packed; whoever may call us may run what he likes, so it goes one way only."""
    return Call(*_Unpickler(io.BytesIO(packed.data), packed.handles).load())


def close(packed: Packed) -> None:
    """Close the descriptors that came with a call."""
    for handle in packed.handles:
        os.close(handle)


class _Pickler(pickle.Pickler):
    def __init__(self, out: io.BytesIO) -> None:
        super().__init__(out)
        self.handles: list[int] = []

    def persistent_id(self, one: object) -> tuple[int, str] | None:
        if not isinstance(one, Opened):
            return None
        self.handles.append(one.handle)
        return len(self.handles) - 1, one.name


class _Unpickler(pickle.Unpickler):
    def __init__(self, source: io.BytesIO, handles: Sequence[int]) -> None:
        super().__init__(source)
        self._handles = handles

    def persistent_load(self, pid: tuple[int, str]) -> Opened:
        number, name = pid
        return Opened(self._handles[number], name)
