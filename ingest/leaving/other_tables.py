"""Tables of other imports and batches in which words of what is purged stand, too: read in a child, told by their numbers."""

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path

from archives.errors import JinkuiError
from archives.message import Message, listed, message
from archives.record.record import PackageKind
from formats.processes.opened import Opened
from formats.unpack import Container, may_be_container
from ingest.leaving.succession import is_table
from preservation.actions.purging.reach import Reach
from preservation.archive import Archive
from preservation.disposal.register import REGISTER_BATCH
from preservation.vault.export import ORIGINALS

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
_WRITTEN_OTHERWISE = re.compile(r"[\s\"'&<>\\\\]+")
"""Blanks, which people write in many ways, and what CSV, XML and JSON write in theirs."""
_BETWEEN = b".{1,24}?"
"""What may stand for such a place: as many bytes as two ``&quot;`` are in UTF-16."""
_MOST_WORDS = 200
Children = Callable[[Path], AbstractContextManager[Executor]]
"""Gives children that may read below a folder."""


def other_tables(archive: Archive, reach: Reach, children: Children) -> Iterator[Message]:
    """Yield which tables of other imports and batches have words of the units, and which could not be looked into."""
    own = {one.package_id for one in reach.packages}
    codes = {one.repository for one in reach.units}
    others = [
        one
        for one in archive.catalogue.anchors().values()
        if one.kind is PackageKind.SUBMISSION
        and one.package_id not in own
        and one.repository in codes
        and not one.batch_id.startswith(REGISTER_BATCH)
    ]
    if not others:
        return
    if len(reach.words) > _MOST_WORDS:
        yield _untold([one.batch_id for one in others])
        return
    named: list[str] = []
    unread: list[str] = []
    with archive.work_folder() as folder, children(folder) as executor:
        for one in others:
            inventory = archive.vault.inventory(one)
            for path in sorted(inventory.logical_files()):
                if not (path.is_relative_to(ORIGINALS) and is_table(path)):
                    continue
                try:
                    draft = folder / f"{one.package_id}-{path.name}"
                    draft.write_bytes(archive.vault.read(inventory, path))
                    with Opened.at(draft) as opened:
                        if executor.submit(has_word, opened, reach.words).result():
                            named.append(one.batch_id)
                except (JinkuiError, OSError):
                    unread.append(one.batch_id)
    if named:
        yield message(
            "另外的导入、接收（{numbers}）的表格中有同样的文字；确属同一人的，重新提出计划并加 --table 导入号",
            "tables of other imports and batches ({numbers}) have the same words; where they mean the same, plan again with --table NUMBER",
            numbers=listed(sorted({*named})),
        )
    if unread:
        yield _untold(unread)


def has_word(opened: Opened, words: Sequence[str]) -> bool:
    """Say whether any of these words stands in a file, in a usual encoding, or in a member of it; runs in a child."""
    wanted = [one for word in words for one in _as_written(word)]
    if _has_any(opened.path.read_bytes(), wanted):
        return True
    if not may_be_container(opened.path):
        return False
    with Container(opened.path) as container:
        return any(_has_any(container.read(name), wanted) for name in container.names)


def _as_written(word: str) -> Iterator[tuple[bytes, ...]]:
    """Yield the pieces of a word that tables write alike: in each encoding, and as JSON and XML have it in ASCII."""
    pieces = [piece for piece in _WRITTEN_OTHERWISE.split(word) if piece]
    for encoding in _ENCODINGS if pieces else ():
        yield tuple(piece.encode(encoding, "ignore") for piece in pieces)
    for escaped in ("backslashreplace", "xmlcharrefreplace") if pieces and not word.isascii() else ():
        yield tuple(piece.encode("ascii", escaped) for piece in pieces)


def _has_any(data: bytes, wanted: Sequence[tuple[bytes, ...]]) -> bool:
    return any(
        all(one in data for one in pieces)
        and (len(pieces) == 1 or re.search(_BETWEEN.join(map(re.escape, pieces)), data, re.DOTALL) is not None)
        for pieces in wanted
    )


def _untold(numbers: Sequence[str]) -> Message:
    return message(
        "另外 {n} 次导入、接收的表格未逐个查看：{numbers}",
        "the tables of {n} other imports and batches were not looked into: {numbers}",
        n=len({*numbers}),
        numbers=listed(sorted({*numbers})),
    )
