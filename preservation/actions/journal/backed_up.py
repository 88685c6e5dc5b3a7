"""What a home remembered of the journal when it was backed up, and whether a journal goes on from there."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archives.journal.chain import Head
from preservation.journal.memory_form import Remembered, damaged, parse_last, take_tail


@dataclass(frozen=True, slots=True)
class BackedUpMemory:
    """What a home remembered when it was backed up; ``end`` is the newest entry that it had signed, ``tail`` the bytes.

    ``ends`` are the digests at ``last`` and after each group of the tail, ``public_key`` is the one that signed last.
    """

    last: Remembered
    tail: bytes
    ends: Mapping[int, str]
    end: Head
    public_key: bytes

    def is_gone_on_from(self, home_id: str, end: Head, ends: Mapping[int, str]) -> bool:
        """Say whether a journal with this end goes on from here, or ends within what the home had signed.

        ``ends`` are the digests after each of its groups.
        """
        if home_id != self.last.home_id:
            return False
        if end.sequence >= self.end.sequence:
            return ends.get(self.end.sequence) == self.end.digest
        return self.ends.get(end.sequence) == end.digest


def backed_up_memory(last: bytes, tail: bytes, path: Path) -> BackedUpMemory:
    """Read what a home remembered from the bytes of its two files; raises ``IntegrityError`` when they are damaged."""
    with_tail, alone = parse_last(last, path), parse_last(last, path)
    if not take_tail(with_tail, tail):
        raise damaged(path)
    groups = with_tail.tail.values()
    ends = {alone.last.sequence: alone.last.digest, **{one.end.sequence: one.end.digest for one in groups}}
    return BackedUpMemory(alone, tail, ends, with_tail.end, with_tail.public_keys[0])
