"""The home's memory of the journal as it lies on disk: ``last`` is JSON, ``tail`` whole groups one after the other."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archives.errors import IntegrityError, StorageError
from archives.journal.chain import Group, Head, read_group
from archives.journal.keys import keys_after
from archives.journal.seal import is_seal
from archives.message import message
from archives.system_reason import reason_of
from preservation.stores.files import give_back

_FORMAT = 1


@dataclass(slots=True)
class Remembered:
    """What a home remembers; ``tail`` holds the groups after ``last`` by the number of their first entry."""

    home_id: str
    instance: str
    public_keys: tuple[bytes, ...]
    last: Head
    confirmed: dict[str, Head]
    is_dark: bool = False
    judged: tuple[str, ...] = ()
    retired: str = ""
    tail: dict[int, Group] = field(default_factory=dict)
    tail_bytes: int = 0

    @property
    def end(self) -> Head:
        """The newest entry that was signed."""
        return next(reversed(self.tail.values())).end if self.tail else self.last

    def encoded(self) -> bytes:
        """Return it as it lies in ``last``."""
        value = {
            "format": _FORMAT,
            "home_id": self.home_id,
            "instance": self.instance,
            "public_keys": [key.hex() for key in self.public_keys],
            "dark": self.is_dark,
            "judged": list(self.judged),
            "retired": self.retired,
            "last": [self.last.sequence, self.last.digest],
            "confirmed": {name: [head.sequence, head.digest] for name, head in sorted(self.confirmed.items())},
        }
        return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def take_tail(state: Remembered, data: bytes) -> bool:
    """Take the whole groups of a tail over; return False when it was shortened after ``last`` was read."""
    lines: list[bytes] = []
    end = state.last
    for line in data.splitlines(keepends=True):
        lines.append(line)
        if not (line.endswith(b"\n") and is_seal(line)):
            continue
        text, lines = b"".join(lines), []
        first = json.loads(text[: text.index(b"\n")])
        group = read_group(Head(first["seq"] - 1, first["prev"]), text)
        state.tail_bytes += len(text)
        if group.first <= state.last.sequence:
            continue
        if (group.first, first["prev"]) != (end.sequence + 1, end.digest):
            return False
        state.tail[group.first] = group
        state.public_keys = keys_after(group, state.public_keys)
        end = group.end
    return True


def parse_last(data: bytes, path: Path) -> Remembered:
    """Read ``last``; raises ``IntegrityError`` when it is damaged."""
    try:
        value = json.loads(data)
        if value["format"] != _FORMAT:
            raise ValueError(value["format"])
        return Remembered(
            str(value["home_id"]),
            str(value["instance"]),
            tuple(bytes.fromhex(key) for key in value["public_keys"]),
            _head(value["last"]),
            {name: _head(head) for name, head in value["confirmed"].items()},
            bool(value["dark"]),
            tuple(map(str, value["judged"])),
            str(value.get("retired", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise damaged(path) from cause


def _head(value: Sequence[object]) -> Head:
    sequence, digest = value
    return Head(int(str(sequence)), str(digest))


def read_or_nothing(path: Path) -> bytes:
    """Return a file's bytes, none where there is no file; raises ``StorageError``."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as cause:
        raise unusable(path, cause) from cause


def unusable(path: Path, cause: OSError) -> StorageError:
    """Return the error for a file of the memory that cannot be read or written."""
    return StorageError(
        message("{path} 不能用：{reason}", "{path} cannot be used: {reason}", path=str(path), reason=reason_of(cause)),
        subject=str(path),
        advice=give_back(path),
    )


def damaged(path: Path) -> IntegrityError:
    """Return the error for a file of the memory that says nothing that can be understood."""
    return IntegrityError(
        message(
            "档案库对日志的记忆已损坏：{path}", "the home's memory of the journal is damaged: {path}", path=str(path)
        ),
        subject=str(path),
        advice=message(
            "请运行 jinkui rebuild --key 私钥文件，由存储中的日志重建，坏的留在一旁；不要放回较早的文件",
            "run jinkui rebuild --key FILE: it is made again from the stores, and the damaged one kept beside; never put back an older one",
        ),
    )
