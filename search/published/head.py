"""The signed head of what is published: the archive says which views there are, for a site that trusts only its key.

``head.json`` lies beside the views: a signed note over the tree of all views (``search.published.tree``) and the hashes of
its leaves. What was taken back since is simply not there any more; what was added or changed by somebody else is not vouched
for, and not shown.
"""

import json
import os
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from archives.errors import FormatError, IntegrityError, SearchError
from archives.message import message
from archives.proof.checkpoint import Checkpoint, VerifierKey, open_checkpoint, parse_verifier_keys, sign_checkpoint
from archives.proof.merkle import MerkleTree
from archives.record.identifiers import archival_code_key
from archives.system_reason import reason_of
from search.index.shared import take_after_folder
from search.published.lists.line import Line, line_of
from search.published.lists.remembered import Remembered
from search.published.tree import leaf_of, with_digests
from search.published.view import PublishedView
from search.published.views import PublishedViews

_HEAD = "head.json"
_PUBLISHED, _RECORD = "/published", "/record"
_VIEWS, _LINES = 32, 5_000
"""How many views, and lines of views, are known to be vouched for as long as nothing changes."""


@dataclass(frozen=True, slots=True)
class PublishedHead:
    """How far the journal was followed, and the leaves of the views that there are then."""

    sequence: int
    leaves: frozenset[bytes]


def sign_head(
    views: PublishedViews, folder: Path, *, origin: str, public_key: bytes, sign: Callable[[bytes], bytes]
) -> None:
    """Sign what is published in a folder as it stands; raises ``SearchError`` where that cannot be read or written."""
    sequence = views.closed()
    known = (leaf or _missing(views, view_id, folder / "images") for view_id, leaf in views.leaves())
    leaves = [leaf for leaf in known if leaf]
    made = Checkpoint(origin, len(leaves), _root(leaves), sequence=sequence)
    note = sign_checkpoint(made, public_key, sign)
    data = json.dumps({"note": note, "leaves": [leaf.hex() for leaf in leaves]}, ensure_ascii=False).encode("utf-8")
    path = folder / _HEAD
    beside = path.with_name(f"{_HEAD}.{os.getpid()}")
    try:
        if path.is_file() and path.read_bytes() == data:
            return
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        take_after_folder(beside)
        beside.replace(path)
    except OSError as cause:
        said = message(
            "已公布内容的签章写不了：{why}",
            "the head of what is published cannot be written: {why}",
            why=reason_of(cause),
        )
        raise SearchError(said, subject=str(path)) from cause


def published_key(text: str) -> VerifierKey:
    """Return the key that signs what is published, of the lines of ``archive.pub``; raises ``FormatError``.

    The first such line is the key that signs now; former ones sign nothing any more.
    """
    keys = [key for key in parse_verifier_keys(text) if key.name.endswith(_PUBLISHED)]
    if not keys:
        raise FormatError(
            message("没有用于已公布内容的公钥", "there is no public key for what is published"),
            subject="public key",
            advice=message("请用档案库 keys/archive.pub 的副本", "give a copy of the archive's keys/archive.pub"),
        )
    return keys[0]


class SignedViews(PublishedViews):
    """Published views of which only those are shown that the head beside them vouches for, signed with a pinned key."""

    is_signed = True

    def __init__(self, path: Path, key: VerifierKey, views: PublishedViews) -> None:
        super().__init__(path, today=views._today, opened=views._opened)
        self._key = key
        self._folder = path.parent
        self._known: tuple[tuple[int, int, int], PublishedHead] | None = None
        self._vouched, self._lines = Remembered(_VIEWS, self._state), Remembered(_LINES, self._state)

    @property
    def record_key(self) -> VerifierKey:
        """The key by which the archive signs what it says of a single record."""
        return VerifierKey(self._key.name.removesuffix(_PUBLISHED) + _RECORD, self._key.public_key)

    def closed(self) -> int:
        """Return up to which journal entry what is published was brought, as it is signed."""
        return self._head().sequence

    def get(self, repository: str, code_key: str) -> PublishedView | None:
        """Return a record's view; one that stands under another record's code is not this record's."""
        view = super().get(repository, code_key)
        named = view and (view.repository, archival_code_key(view.said("archival_code")))
        return view if named == (repository, code_key) else None

    def lines(self, view_ids: Sequence[str]) -> tuple[Line, ...]:
        """Return the lines of those of the views that are vouched for: made of these, whatever the file's lines say.

        As long as nothing changes, a view is read once for its lines.
        """
        found = (self._lines.get(one, partial(self._line, one)) for one in view_ids)
        return tuple(line for line in found if line)

    def _line(self, view_id: str) -> Line | None:
        view = self.get_by_id(view_id)
        return line_of(view) if view else None

    def _shown(self, view: PublishedView | None) -> PublishedView | None:
        shown = super()._shown(view)
        return shown and self._vouched.get(shown.view_id, partial(self._signed, shown))

    def _signed(self, shown: PublishedView) -> PublishedView | None:
        with suppress(SearchError):  # an image that is not there
            shown = with_digests(
                shown, self._folder / "images"
            )  # whoever sends an image compares it with what was signed
            if leaf_of(shown, self._folder / "images") in self._head().leaves:
                return shown
        return None

    def _state(self) -> Hashable:
        return super()._state(), self._head()

    def _head(self) -> PublishedHead:
        path = self._folder / _HEAD
        try:
            found = path.stat()
            mark = (found.st_ino, found.st_mtime_ns, found.st_size)
            if self._known is None or self._known[0] != mark:
                self._known = (mark, _read(path.read_bytes(), self._key))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, FormatError, IntegrityError) as cause:
            raise _unsigned(path) from cause
        return self._known[1]


def _read(data: bytes, key: VerifierKey) -> PublishedHead:
    value = json.loads(data)
    signed = open_checkpoint(value["note"], (key,))
    leaves = [bytes.fromhex(leaf) for leaf in value["leaves"]]
    if (signed.size, signed.root) != (len(leaves), _root(leaves)):
        raise ValueError("root")
    return PublishedHead(signed.sequence, frozenset(leaves))


def _root(leaves: Sequence[bytes]) -> bytes:
    tree = MerkleTree()
    tree.extend_hashed(leaves)
    return tree.root()


def _missing(views: PublishedViews, view_id: str, images: Path) -> bytes:
    """Return the leaf of a view that was published before leaves were kept."""
    view = views.stored(view_id)
    if view is None:
        return b""
    leaf = leaf_of(view, images)
    views.keep("INSERT OR IGNORE INTO leaf VALUES (?, ?)", [(view_id, leaf)])
    return leaf


def _unsigned(path: Path) -> SearchError:
    return SearchError(
        message("公开内容没有档案库的签章", "what is published is not signed by the archive"),
        subject=str(path),
        advice=message(
            "请在档案库运行 jinkui opening publish，再复制公开文件夹",
            "run jinkui opening publish in the archive, then copy the folder again",
        ),
    )
