"""What the home remembers of the journal that it signed: no store can be ahead of it, none can speak against it.

``journal/last`` (JSON) holds the archive's identifier, this installation's, the public keys (the one that signs first), the
newest entry that lies where it was promised, how far each store was known to go, whether publishing waits for a person, and
since when the home is retired; ``journal/tail`` holds the groups signed since, one after the other. A group counts from the
moment it is on disk in the tail and is carried to the stores with the same bytes; the tail is shortened when they have it.
Both lie on a local disk, and what is written here is written under the journal's lock.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from archives.errors import IntegrityError, NotFoundError
from archives.journal.chain import Group, Head
from archives.journal.keys import keys_after, signing_key_of
from archives.journal.seal import seal, sealed_with
from archives.message import message
from preservation.journal.key import SigningKey, signing_key
from preservation.journal.memory_form import Remembered, damaged, parse_last, read_or_nothing, take_tail, unusable
from preservation.journal.refusals import put_back, retired
from preservation.stores.files import flush_folder, write_new, write_whole

_LONGEST_TAIL_BYTES = 1 << 16


class Memory:
    """The memory of one home; ``keys`` is the folder of its signing key. One that was never begun is not there."""

    name = "home"

    def __init__(self, folder: Path, keys: Path) -> None:
        self._folder = folder
        self._keys = keys
        self._last = folder / "last"
        self._tail = folder / "tail"
        self._known: tuple[object, Remembered] | None = None
        self._key: SigningKey | None = None

    def begin(
        self,
        home_id: str,
        instance: str,
        public_keys: Sequence[bytes],
        *,
        last: Head | None = None,
        tail: bytes = b"",
        judged: Sequence[str] = (),
        is_dark: bool = False,
    ) -> None:
        """Begin to remember: a new archive, or (with ``last``) one whose history so far is believed.

        Of the public keys the first is the one that signs. ``is_dark`` keeps it from publishing. ``tail`` are groups after
        ``last`` that were signed and may lie in no store yet, ``judged`` the ends of groups that were judged foreign.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            flush_folder(self._folder.parent)
        except OSError as cause:
            raise unusable(self._folder, cause) from cause
        write_whole(self._tail, tail, mode=0o600)
        state = Remembered(home_id, instance, tuple(public_keys), last or Head(), {}, is_dark, tuple(judged))
        write_whole(self._last, state.encoded(), mode=0o600)

    @property
    def is_there(self) -> bool:
        """Whether this home remembers anything; one that was written by earlier software does not."""
        return self._last.exists()

    @property
    def is_whole(self) -> bool:
        """Whether this home remembers anything, and what it remembers can be read; ``StorageError`` where nobody can look."""
        try:
            return self.is_there and self._state() is not None
        except IntegrityError:
            return False

    def set_aside(self, ends: Mapping[int, str]) -> tuple[str, ...]:
        """Keep what is damaged beside its place, by a name that its bytes give it; return the ends that were judged foreign.

        ``ends`` are the digests after each group that the stores hold. Where ``last`` can be read, what it says holds: raises
        ``ConfigurationError`` for a home that retired, ``IntegrityError`` for stores that do not reach it.
        """
        found = {path: data for path in (self._last, self._tail) if (data := _bytes_of(path)) is not None}
        known = None
        with suppress(IntegrityError):
            known = parse_last(found.get(self._last, b""), self._last)
        if known is not None and known.retired:
            raise retired(known.retired)
        if known is not None and known.last.sequence and ends.get(known.last.sequence) != known.last.digest:
            raise put_back(known.last)
        for path, data in found.items():
            name = f"{path.name}.damaged-{hashlib.sha256(data).hexdigest()[:12]}"
            write_new(self._folder / name, data, mode=0o600)
        return known.judged if known else ()

    @property
    def kept_aside(self) -> tuple[Path, ...]:
        """Where damaged memories of before lie."""
        return tuple(sorted(self._folder.glob("*.damaged-*")))

    @property
    def home_id(self) -> str:
        """The identifier of the archive."""
        return self._state().home_id

    @property
    def public_keys(self) -> tuple[bytes, ...]:
        """The public keys of this archive, the one that signs first."""
        return self._state().public_keys

    @property
    def is_dark(self) -> bool:
        """Whether this home publishes nothing: until a person has confirmed it, or because it retired."""
        state = self._state()
        return state.is_dark or bool(state.retired)

    @property
    def retired_at(self) -> str:
        """Since when this home signs nothing because it was moved elsewhere (ISO 8601), empty for one that did not retire."""
        return self._state().retired

    @property
    def end(self) -> Head:
        """The end of the chain: the newest entry that this home signed."""
        return self._state().end

    def confirmed(self, store: str) -> Head:
        """Return how far a store's journal is known to have gone."""
        return self._state().confirmed.get(store, Head())

    def has_signed(self, group: Group) -> bool:
        """Say whether a group bears the signature of the key that signs now, and was never judged foreign.

        A former key signs nothing any more.
        """
        state = self._state()
        return (
            group.end.digest not in state.judged
            and sealed_with(group, state.home_id, state.public_keys[:1]) is not None
        )

    def read(self, path: PurePosixPath | str) -> Iterator[bytes]:
        """Yield a group of the tail as a store yields its file; raises ``NotFoundError``."""
        first = int(str(path).rpartition("/")[2].removesuffix(".jsonl"))
        group = self._state().tail.get(first)
        if group is None:
            raise NotFoundError(message("没有文件 {path}", "no file {path}", path=str(path)), subject=str(path))
        return iter((group.data,))

    def sign(self, group: Group, *, at: datetime, agent: str) -> Group:
        """Seal a group and remember it, on disk when this returns: from then on it stands, and a key that it names signs.

        Raises ``ConfigurationError`` without the archive's key, ``StorageError`` when it cannot be written.
        """
        state = self._state()
        public_key = signing_key_of(group, state.public_keys)
        if self._key is None or self._key.public_key != public_key:
            self._key = signing_key(self._keys, public_key)
        key = self._key
        sealed = seal(
            group,
            home_id=state.home_id,
            instance=state.instance,
            public_key=key.public_key,
            sign=key.sign,
            at=at,
            agent=agent,
        )
        self._append(state, sealed.data)
        state.tail[sealed.first] = sealed
        state.public_keys = keys_after(sealed, state.public_keys)
        self._keep(state)
        return sealed

    def judge_foreign(self, groups: Sequence[Group]) -> None:
        """Remember groups that a person named foreign, so that nobody can bring them back."""
        state = self._state()
        self._write(state, judged=(*state.judged, *(group.end.digest for group in groups)))

    def lighten(self) -> None:
        """Let this home publish again."""
        self._write(self._state(), is_dark=False)

    def retire(self, at: datetime) -> None:
        """Let this home sign nothing any more, until it is taken up again."""
        self._write(self._state(), retired=at.isoformat(timespec="seconds"))

    def take_up(self) -> None:
        """Let a retired home sign again."""
        self._write(self._state(), retired="")

    def adopt(self, end: Head, public_keys: Sequence[bytes]) -> None:
        """Believe what was signed elsewhere, as far as an entry, with the keys that signed by then, the newest first."""
        self._write(self._state(), last=end, public_keys=tuple(public_keys))

    def _write(self, state: Remembered, **changes: Any) -> None:
        write_whole(self._last, replace(state, **changes).encoded(), mode=0o600)
        self._known = None

    def confirm(self, store: str, head: Head) -> None:
        """Remember that a store goes as far as this; on disk with the next ``settle``."""
        self._state().confirmed[store] = head

    def begin_anew(self, store: str) -> None:
        """Know nothing of how far a store goes, because another place bears its name from now on."""
        state = self._state()
        self._write(state, confirmed={name: head for name, head in state.confirmed.items() if name != store})

    def settle(self, through: Head, *, only_when_long: bool = False) -> None:
        """Let the tail go as far as an entry that lies where it was promised, and write down what is confirmed.

        ``only_when_long`` leaves a short tail as it is: writing it down takes time.
        """
        state = self._state()
        if only_when_long and state.tail_bytes < _LONGEST_TAIL_BYTES:
            return
        left = {first: group for first, group in state.tail.items() if first > through.sequence}
        if len(left) == len(state.tail) and not only_when_long and self._is_written(state):
            return
        if through.sequence > state.last.sequence:
            state.last = through
        write_whole(self._last, state.encoded(), mode=0o600)
        data = b"".join(group.data for group in left.values())
        write_whole(self._tail, data, mode=0o600)
        state.tail, state.tail_bytes = left, len(data)
        self._keep(state)

    def _is_written(self, state: Remembered) -> bool:
        return read_or_nothing(self._last) == state.encoded()

    def _append(self, state: Remembered, data: bytes) -> None:
        try:
            handle = os.open(self._tail, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.ftruncate(handle, state.tail_bytes)  # what a killed append left half
                written = 0
                while written < len(data):
                    written += os.pwrite(handle, data[written:], state.tail_bytes + written)
                os.fdatasync(handle)
            finally:
                os.close(handle)
        except OSError as cause:
            raise unusable(self._tail, cause) from cause
        state.tail_bytes += len(data)

    def _keep(self, state: Remembered) -> None:
        self._known = (self._marks(), state)

    def _marks(self) -> object:
        return (_mark(self._tail), _mark(self._last))

    def _state(self) -> Remembered:
        """Return what is remembered by now; another process may have gone on."""
        for _ in range(100):
            marks = self._marks()
            if self._known is not None and self._known[0] == marks:
                return self._known[1]
            tail = read_or_nothing(self._tail)
            state = parse_last(read_or_nothing(self._last), self._last)
            try:
                is_taken = take_tail(state, tail)
            except (ValueError, KeyError, TypeError) as cause:
                raise damaged(self._tail) from cause
            if is_taken:
                self._known = (marks, state)
                return state
        raise damaged(self._tail)


def _bytes_of(path: Path) -> bytes | None:
    return read_or_nothing(path) if path.exists() else None


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
