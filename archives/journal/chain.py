"""The journal: what happened and was decided, as facts in a chain that shows every change.

A line is one JSON object ``{"v", "seq", "prev", "type", "at", "agent", …}``; ``prev`` is the SHA-256 of the exact
bytes of the line before (without its line feed), 64 zeros for the first. Lines stand in groups; a group is a file
that is created once and never changed. The digest of the newest line stands beside the groups as the head, because
nothing in the chain yet vouches for it.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from archives.errors import IntegrityError
from archives.journal.facts import Fact, NotUnderstood
from archives.message import message

BEFORE_THE_FIRST = "0" * 64
_FORMAT = 1
_PLACE = re.compile(
    rb'\{"v":1,"seq":(\d+),"prev":"([0-9a-f]{64})","type":"([a-z-]+)","at":"([^"\\]+)","agent":"([^"\\]*)"'
)
_BEGINNING = b'{"v":1,"seq":%d,"prev":"%s",'


class Entry(NamedTuple):
    """One fact with its place in the chain, when it was recorded (UTC) and who acted."""

    sequence: int
    previous: str
    at: datetime
    agent: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the newest line's number and digest (0 and zeros for an empty journal)."""

    sequence: int = 0
    digest: str = BEFORE_THE_FIRST

    def encoded(self) -> bytes:
        """Return the head as it lies beside the groups."""
        return f"{self.sequence} {self.digest}\n".encode("ascii")


@dataclass(frozen=True, slots=True)
class Group:
    """Consecutive lines written at once; ``end`` is the head after them."""

    first: int
    lines: tuple[bytes, ...]
    end: Head = field(compare=False)

    @property
    def data(self) -> bytes:
        """The group's file."""
        return b"".join(line + b"\n" for line in self.lines)


def parse_head(data: bytes) -> Head:
    """Read a head; raises ``IntegrityError``."""
    try:
        number, digest = data.decode("ascii").split()
        if len(digest) != 64 or int(digest, 16) < 0:
            raise ValueError(digest)
        return Head(int(number), digest)
    except ValueError as cause:
        raise IntegrityError(
            message("日志头记录损坏", "the journal's head is damaged"), subject="journal/head"
        ) from cause


def extend(head: Head, facts: Sequence[Fact], *, at: datetime, agent: str) -> Group:
    """Return the group that records ``facts`` after ``head``."""
    lines: list[bytes] = []
    sequence, previous = head.sequence, head.digest
    for fact in facts:
        sequence += 1
        line = encode_entry(Entry(sequence, previous, at, agent, fact))
        previous = line_digest(line)
        lines.append(line)
    return Group(head.sequence + 1, tuple(lines), Head(sequence, previous))


def read_group(head: Head, data: bytes) -> Group:
    """Read the group that follows ``head``.

    Raises ``IntegrityError`` when it is torn, empty, does not follow ``head`` or breaks its own chain. Facts are not
    looked at.
    """
    if not data.endswith(b"\n"):
        raise _broken(head.sequence + 1)
    lines = tuple(data[:-1].split(b"\n"))
    sha256, previous = hashlib.sha256, head.digest.encode("ascii")
    for sequence, line in enumerate(lines, head.sequence + 1):
        if not line.startswith(_BEGINNING % (sequence, previous)):
            raise _broken(sequence)
        previous = sha256(line).hexdigest().encode("ascii")
    return Group(head.sequence + 1, lines, Head(head.sequence + len(lines), previous.decode("ascii")))


def line_digest(line: bytes) -> str:
    """Return the digest by which the next line vouches for this one."""
    return hashlib.sha256(line).hexdigest()


def encode_entry(entry: Entry) -> bytes:
    """Return the entry's line, without a line feed."""
    body = _adapter(entry.fact.type).dump_python(entry.fact, mode="json")
    place = {
        "v": _FORMAT,
        "seq": entry.sequence,
        "prev": entry.previous,
        "type": body.pop("type"),
        "at": moment_text(entry.at),
        "agent": entry.agent,
    }
    return json.dumps({**place, **body}, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def decode_entry(line: bytes) -> Entry:
    """Read one line; what it says and this version does not understand comes back as ``NotUnderstood``.

    Raises ``IntegrityError`` for what is no line of a journal.
    """
    try:
        if found := _PLACE.match(line):  # as every line is written; read in one go, twice as fast
            sequence, previous, kind, at, agent = found.groups()
            fact = _fact(kind.decode("ascii"), line)
            return Entry(int(sequence), previous.decode("ascii"), _moment(at), agent.decode("utf-8"), fact)
        body = json.loads(line)
        if body["v"] != _FORMAT:
            raise ValueError("format")
        at = datetime.fromisoformat(body["at"])
        return Entry(int(body["seq"]), str(body["prev"]), at, str(body["agent"]), _fact(str(body["type"]), line))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as cause:
        raise IntegrityError(
            message(
                "读不懂的日志条目：{reason}", "a journal entry that cannot be understood: {reason}", reason=str(cause)
            ),
            subject="journal",
        ) from cause


def _fact(kind: str, line: bytes) -> Fact:
    try:
        return _adapter(kind).validate_json(line)
    except (KeyError, ValidationError) as cause:
        return NotUnderstood(kind, str(cause))


def moment_text(at: datetime) -> str:
    """Return a moment as the journal writes it: UTC, to the millisecond, with a Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def decode_group(group: Group) -> Iterator[Entry]:
    """Yield a group's entries."""
    return (decode_entry(line) for line in group.lines)


def _broken(sequence: int) -> IntegrityError:
    return IntegrityError(
        message("日志链在第 {number} 条断裂", "the journal's chain breaks at entry {number}", number=sequence),
        subject=f"journal entry {sequence}",
    )


@lru_cache(maxsize=16)
def _moment(text: bytes) -> datetime:
    """Return a moment; the entries of one group share it."""
    return datetime.fromisoformat(text.decode("utf-8"))


@cache
def _adapter(name: str) -> "TypeAdapter[Fact]":
    return TypeAdapter(_FACTS[name])


_FACTS: dict[str, type[Fact]] = {
    kind.__dataclass_fields__["type"].default: kind for kind in Fact.__args__ if kind is not NotUnderstood
}
