"""The files and folders of a batch by name: the exact name wins, another spelling counts only where nothing has that name."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from archives.text.unseen import without_unseen
from ingest.batch.listing import PlannedFile, folders_above, shown

_AFTER_A_SLASH = "0"
_FEW = 3
_WIDTHS = ("<wide>", "<narrow>", "<noBreak>")


@dataclass(frozen=True, slots=True)
class Found:
    """What a name leads to: a file, or a ``folder`` with everything in it; ``rivals`` where it fits several alike.

    ``lacks_ending`` where the name leaves out the file's ending.
    """

    files: tuple[PlannedFile, ...] = ()
    folder: str | None = None
    empty_folders: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    lacks_ending: bool = False

    def __bool__(self) -> bool:
        return bool(self.files or self.folder is not None or self.rivals)


class Tree:
    """A batch's files and folders, listed once and looked up by the names that people write."""

    def __init__(self, files: Sequence[PlannedFile], empty_folders: Sequence[str] = ()) -> None:
        self._files = {file.relative: file for file in files}
        self._relatives = sorted(self._files)
        self._empty = tuple(sorted(empty_folders))
        self._places = {*self._files, *self._empty}
        self._places.update(above for place in (*self._files, *self._empty) for above in folders_above(place))
        self._by_spelling: dict[str, list[str]] = {}
        self._by_look: dict[str, list[str]] = {}
        self._by_stem: dict[str, list[str]] = {}
        self._by_letters: dict[str, list[str]] = {}
        for place in sorted(self._places):
            for spelling in {_folded(place), _folded(shown(place))}:
                self._by_spelling.setdefault(spelling, []).append(place)
            self._by_look.setdefault(_look(place), []).append(place)
        for place in self._relatives:
            path = PurePosixPath(place)
            if path.suffix:
                self._by_stem.setdefault(_look(str(path.with_suffix(""))), []).append(place)
            for letters in {_letters(path.name), _letters(path.stem)}:
                self._by_letters.setdefault(letters, []).append(place)

    @property
    def places(self) -> AbstractSet[str]:
        """The names of all files and folders, relative to the batch."""
        return self._places

    def find(self, name: str) -> Found:
        """Return what has a name, relative to the batch; ``\\`` divides folders too, where no name has it.

        A spelling that differs in case or Unicode form only (é composed or decomposed) counts where nothing has the
        very name, one that differs in width or blanks where nothing has that, and one that leaves out a file's ending
        last; each only when it fits one thing.
        """
        spellings = tuple(_spellings(name))
        for spelling in spellings:
            if spelling in self._places:
                return self._at(spelling)
        for known, form in ((self._by_spelling, _folded), (self._by_look, _look)):
            for spelling in spellings:
                fitting = known.get(form(spelling), [])
                if len(fitting) == 1:
                    return self._at(fitting[0])
                if fitting:
                    return Found(rivals=tuple(map(shown, fitting)))
        fitting = [place for spelling in spellings for place in self._by_stem.get(_look(spelling), [])]
        if len(fitting) == 1:
            return replace(self._at(fitting[0]), lacks_ending=True)
        return Found(rivals=tuple(map(shown, fitting)))

    def like(self, name: str) -> tuple[str, ...]:
        """Return a few files that may be meant by a name that leads to none: called alike, the nearest by folder first."""
        parts = [_letters(part) for part in PurePosixPath(unquote(name).replace("\\", "/")).parts if part != "/"]
        last = parts[-1] if parts else ""
        found = {*self._by_letters.get(last, []), *self._by_letters.get(_letters(PurePosixPath(name).stem), [])}
        by_folders = sorted(found, key=lambda place: (-_shared({*parts}, place), place))
        return tuple(map(shown, by_folders[:_FEW])) if last else ()

    def _at(self, place: str) -> Found:
        if place in self._files:
            return Found((self._files[place],))
        first, end = (bisect_left(self._relatives, place + mark) for mark in ("/", _AFTER_A_SLASH))
        inside = tuple(self._files[one] for one in self._relatives[first:end])
        empty = tuple(one for one in self._empty if one == place or one.startswith(f"{place}/"))
        return Found(inside, place, empty)


def _spellings(name: str) -> Iterator[str]:
    """Yield a name as it may be meant; nothing for one that leads out of the batch."""
    for spelling in dict.fromkeys((name, name.replace("\\", "/"))):
        plain = PurePosixPath(spelling)
        if spelling and not plain.is_absolute() and ".." not in plain.parts and str(plain) != ".":
            yield str(plain)


def _look(relative: str) -> str:
    """Return the form that names have in common which look alike: in one width, without blanks at ends and runs of them.

    ① is not 1, and ² not 2: who writes one does not mean the other.
    """
    plain = "".join(map(_in_one_width, without_unseen(_folded(relative))))
    return "/".join(" ".join(part.split()) for part in plain.split("/"))


def _in_one_width(letter: str) -> str:
    return unicodedata.normalize("NFKC", letter) if unicodedata.decomposition(letter).startswith(_WIDTHS) else letter


def _letters(name: str) -> str:
    """Return the letters and digits of a name."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", _folded(name)))


def _shared(parts: AbstractSet[str], place: str) -> int:
    """Return how many folders of a place stand among the parts of a name."""
    return sum(_letters(folder) in parts for folder in PurePosixPath(place).parent.parts)


def _folded(relative: str) -> str:
    """Return the form that names have in common which a system without case or composition takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", relative).casefold())
