"""Taking back what the public can reach: the mark first, then view, page images, rows of the index.

Each step is tried whatever became of the others: from the mark on nobody is shown anything of the record, and what
could not be removed is owed and named.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from archives.errors import ConflictError, JinkuiError, SearchError, StorageError
from archives.message import Message, message
from archives.system_reason import reason_of
from search.index.search_index import SearchIndex
from search.published.marks import Marks
from search.published.views import PublishedViews


class Step(StrEnum):
    """A step of a closing."""

    MARK = "mark"
    VIEW = "view"
    IMAGES = "images"
    INDEX = "index"
    JOURNAL = "journal"
    RECONCILE = "reconcile"
    CARRY = "carry"


STEPS: dict[Step, Message] = {
    Step.MARK: message("封闭标记", "the mark"),
    Step.VIEW: message("公开视图", "the published view"),
    Step.IMAGES: message("页面图像", "the page images"),
    Step.INDEX: message("检索库", "the search index"),
    Step.JOURNAL: message("日志", "the journal"),
    Step.RECONCILE: message("核对公开内容与日志", "bringing what is published up to the journal"),
    Step.CARRY: message("要带到新位置的表", "the sheet for where the archive goes on"),
}


@dataclass(frozen=True, slots=True)
class Owed:
    """A step that could not be done yet, and why."""

    step: Step
    failure: JinkuiError


@dataclass(frozen=True, slots=True)
class Trouble:
    """A record that could not be published, indexed or taken back wholly, and why; it is tried again the next time."""

    package_id: str
    archival_code: str
    failure: JinkuiError

    @property
    def said(self) -> Message:
        """What people are told."""
        return message(
            "{code} 未能处理完，下次再试：{reason}",
            "{code} is not done with and will be tried again: {reason}",
            code=self.archival_code,
            reason=self.failure.message,
        )


@dataclass(frozen=True, slots=True)
class PublicSide:
    """Everything the public can reach: views, the folder of page images, the public index."""

    views: PublishedViews
    images: Path
    index: SearchIndex

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a view nor anything where page images lie."""
        return self.views.is_empty() and not (self.images.is_dir() and any(self.images.iterdir()))

    def has_view(self, view_id: str) -> bool:
        """Say whether there is a view of a unit, shown or not."""
        return self.views.stored(view_id) is not None

    def holds(self, view_id: str) -> bool:
        """Say whether anything of a record but rows of the index is there, shown or not."""
        return self.has_view(view_id) or (self.images / view_id).exists()


def tried(step: Step, act: Callable[[], object]) -> tuple[Owed, ...]:
    """Do a step; return what is owed when it fails."""
    try:
        act()
    except JinkuiError as failure:
        return (Owed(step, failure),)
    return ()


def take_back(
    views: PublishedViews,
    images: Path,
    index: Callable[[], SearchIndex],
    view_id: str,
    *,
    mark: int,
    rows: int,
    after: int = 0,
) -> tuple[Owed, ...]:
    """Close a view in every place and return what could not be done; the mark stays.

    ``mark`` is the journal's entry of the closing (0: none yet), ``rows`` the newest one that its rows in the index were
    made from, ``after`` the journal's last, where any later one about the record bears the mark out.
    """
    return (
        *tried(Step.MARK, lambda: views.marks.put(view_id, sequence=mark, after=after)),
        *tried(Step.VIEW, lambda: views.remove(view_id)),
        *tried(Step.IMAGES, lambda: remove_images(images / view_id)),
        *tried(Step.INDEX, lambda: index().replace(view_id, None, sequence=rows)),
    )


@contextmanager
def hidden(public: PublicSide, owed: Marks, rows: Mapping[str, int], *, after: int) -> Iterator[None]:
    """Keep units from the public while something else is said of them than was reviewed, and until it is reviewed.

    ``rows`` gives of each the newest entry that its rows in the index were made from, ``after`` is the journal's last entry.
    Their views are taken back, and made again as the journal says the next time that it is followed (``owed``). Where the
    command is killed, or an index is away, a mark keeps each closed until an entry after that one bears it out.
    """
    away: list[SearchError] = []

    def index() -> SearchIndex:
        if away:
            raise away[0]
        return public.index

    standing = public.views.marks.standing()
    gone: list[str] = []
    for view_id, sequence in rows.items():
        left = take_back(public.views, public.images, index, view_id, mark=0, rows=sequence, after=after)
        away += [one.failure for one in left if one.step is Step.INDEX and isinstance(one.failure, SearchError)]
        gone += [] if left or view_id in standing else [view_id]
    try:
        yield
    finally:
        for view_id in rows:
            tried(Step.MARK, partial(owed.put, view_id))
        for view_id in gone:
            tried(Step.MARK, partial(public.views.marks.remove, view_id))


def remove_images(folder: Path) -> None:
    """Remove a record's page images, as many as can be; raises ``SearchError`` for what is left."""
    left: list[BaseException] = []
    shutil.rmtree(folder, onerror=lambda _, __, failed: left.append(failed[1]))
    failures = [one for one in left if isinstance(one, OSError) and not isinstance(one, FileNotFoundError)]
    if failures:
        raise SearchError(
            message(
                "页面图像删不掉：{path}（{reason}）",
                "page images cannot be deleted: {path} ({reason})",
                path=str(failures[0].filename or folder),
                reason=reason_of(failures[0]),
            ),
            subject=str(folder),
            advice=message(
                "访问已被标记挡住；请删除这些文件，再运行同一命令",
                "the mark keeps everybody from them; delete the files, then run the command again",
            ),
        )
    with suppress(FileNotFoundError):
        _flush(folder.parent)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def not_in_the_journal(code: str) -> JinkuiError:
    """Return the error that says that a mark closes what the journal says nothing of."""
    return StorageError(
        message(
            "{code} 已由标记封闭，但日志尚无记载",
            "{code} is closed by a mark, and the journal does not say so yet",
            code=code,
        ),
        subject=code,
        advice=message(
            "请再运行一次被中断的命令（决定、接收或著录），或运行 jinkui opening withdraw",
            "run again the command that was stopped, of a decision, a batch or a description, or jinkui opening withdraw",
        ),
    )


def two_of_a_code(code: str) -> JinkuiError:
    """Return the error that says that another unit with the same code is public already."""
    return ConflictError(
        message("已公开的另一单元也用档号 {code}", "another unit that is public has the code {code}, too", code=code),
        subject=code,
        advice=message("请先更正其中一个的档号", "correct the code of one of them first"),
    )
