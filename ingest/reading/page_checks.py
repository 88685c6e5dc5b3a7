"""What is checked of the pages of a record: by their files, by what was read on them; a check finds and stops nothing.

One function a check, each in the tuple of its moment.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from archives.findings import Finding, note, warning
from archives.message import listed, message
from formats.kinds.kind import Oddity
from formats.kinds.registry import kind_of
from formats.page_image import is_page_source
from ingest.contents import ReadPage
from ingest.examine import ExaminedRecord
from ingest.page.ocr.recognise import is_doubtful
from ingest.volumes.label_checks import volume_counts

Page = TypeVar("Page", bound="LabelledPage")
MOST_PAGES = 10_000
"""How many pages of one file are read."""

_MOST_NAMED = 20


def text_made(record: ExaminedRecord, recognised: Mapping[int, Sequence[int]]) -> Iterator[Finding]:
    """Say of files that could have text of their own which of their pages are recognised instead."""
    for source, pages in recognised.items():
        file = record.files[source]
        if not pages or kind_of(file.format.mime).read is None:
            continue
        zh, en = (
            "没有可用的自带文字，已识别（共 {n} 页）",
            "it has no text of its own fit to be kept; recognised ({n} in all)",
        )
        said = message(zh, en, n=len(pages))
        if len(pages) < (file.pages or 0):
            named = ", ".join(str(index + 1) for index in pages[:_MOST_NAMED])
            said = message(
                "第 {pages} 页没有可用的文字，已识别；其余各页用其自带文字",
                "pages {pages} have no text of their own that is fit to be kept and were recognised; the others keep theirs",
                pages=named + (" …" if len(pages) > _MOST_NAMED else ""),
            )
        yield note("text-recognised", said, file=file.planned.shown)


def page_count(record: ExaminedRecord, recognised: Mapping[int, Sequence[int]]) -> Iterator[Finding]:
    """Find a record whose sheet states another number of pages than there are, where all its files have pages."""
    files = [file for file in record.files if not file.planned.is_beside]
    stated = record.planned.description.pages
    found = sum(max(1, file.pages or 0) for file in files)
    counts = {None, found}
    if record.planned.volume:
        counts |= set(volume_counts([file.planned.label for file in files]))
    if stated not in counts and all(is_page_source(file.format.mime) for file in files):
        said = message(
            "页数栏为 {stated}，实有 {found} 页",
            "the sheet states {stated} pages, there are {found}",
            stated=stated or 0,
            found=found,
        )
        yield warning("page-count-differs", said)


def too_many_pages(record: ExaminedRecord, recognised: Mapping[int, Sequence[int]]) -> Iterator[Finding]:
    """Find files with more pages than are recognised."""
    for source, pages in recognised.items():
        file = record.files[source]
        if len(pages) == MOST_PAGES < (file.pages or 0):
            said = message(
                "共 {n} 页，只识别前 {most} 页",
                "it has {n} pages; the text of the first {most} is read",
                n=file.pages or 0,
                most=MOST_PAGES,
            )
            yield warning("pages-cut-off", said, file=file.planned.shown)


def page_without_text(pages: Mapping[int, ReadPage]) -> Iterator[Finding]:
    """Find pages on which no text was read and none seems to be: photographs, and blank ones."""
    told = {Oddity.ONE_COLOUR, Oddity.TOO_SMALL, Oddity.WRITTEN_ON}
    blank = _numbers(pages, lambda page: not page.page.has_letters and not page.oddities & told)
    if blank:
        said = message("第 {pages} 页没有识别出文字", "no text was read on page {pages}", pages=blank)
        yield note("page-without-text", said)


def lines_left_out(pages: Mapping[int, ReadPage]) -> Iterator[Finding]:
    """Find pages with places that may be lines, and of which the recogniser is too unsure to say what they say."""
    unsure = _numbers(pages, lambda page: page.page.left_out > 0)
    if unsure:
        said = message(
            "第 {pages} 页有的地方可能是文字而没有把握（印章、手写、污迹等），未收入检索文字",
            "page {pages} has places that may be text and are too unsure to be searched (stamps, handwriting, stains)",
            pages=unsure,
        )
        yield note("lines-left-out", said)


def page_not_legible(pages: Mapping[int, ReadPage]) -> Iterator[Finding]:
    """Find pages that look written on and of which nothing was read: upside down, blurred, written by hand, a drawing."""
    unread = _numbers(pages, lambda page: not page.page.has_letters and Oddity.WRITTEN_ON in page.oddities)
    if unread:
        said = message(
            "第 {pages} 页有墨迹但没有识别出任何文字（可能是倒放、模糊、手写的页或图纸），请对照图像核对",
            "nothing was read on page {pages} though there is ink on it (upside down, blurred, handwriting, a drawing): "
            "look at the image",
            pages=unread,
        )
        yield warning("page-not-legible", said)


def page_cut_off(pages: Mapping[int, "SeenPage"]) -> Iterator[Finding]:
    """Find pages that end in one grey: scans that were incomplete before they were stored as whole files."""
    cut = _numbers(pages, lambda page: Oddity.CUT_OFF in page.oddities)
    if cut:
        said = message(
            "第 {pages} 页的下部只是一片灰色：图像在存成此文件之前可能已经残缺，请看原件",
            "page {pages} ends in plain grey: the scan may have been cut short before it was saved as this file; look at "
            "the original",
            pages=cut,
        )
        yield warning("page-cut-off", said)


def page_of_one_colour(pages: Mapping[int, "SeenPage"]) -> Iterator[Finding]:
    """Find pages on which nothing is seen: blank ones, or ones whose picture came to nothing."""
    blank = _numbers(pages, lambda page: Oddity.ONE_COLOUR in page.oddities)
    if blank:
        said = message(
            "第 {pages} 页只有一种颜色：是空白页，还是扫描出了问题，请看原件",
            "page {pages} is of one colour: look at the original whether it is blank or the scan went wrong",
            pages=blank,
        )
        yield warning("page-of-one-colour", said)


def page_too_small(pages: Mapping[int, "SeenPage"]) -> Iterator[Finding]:
    """Find pages so small that no letter fits on them."""
    small = _numbers(pages, lambda page: Oddity.TOO_SMALL in page.oddities)
    if small:
        said = message(
            "第 {pages} 页太小，无法识别（已原样保存）；请核对是否为缩略图或损坏的图像",
            "page {pages} is too small to read (it is kept as it is): see whether it is a thumbnail or a broken scan",
            pages=small,
        )
        yield warning("page-too-small", said)


def page_levels_guessed(pages: Mapping[int, "SeenPage"]) -> Iterator[Finding]:
    """Find pages that would be black, or nearly, if their samples were taken as the file says."""
    dark = _numbers(pages, lambda page: Oddity.LEVELS_GUESSED in page.oddities)
    if dark:
        said = message(
            "第 {pages} 页的灰阶未用满文件所说的位数，利用件已拉伸到可以看清（原件不变）",
            "page {pages} does not use the bits that its file states: the access copy is stretched so that it can be seen "
            "(the original is not changed)",
            pages=dark,
        )
        yield note("page-levels-guessed", said)


def page_doubtful(pages: Mapping[int, ReadPage]) -> Iterator[Finding]:
    """Find pages whose engine was not sure of what it read: handwriting, a page on its side, noise, a damaged scan."""
    doubtful = _numbers(pages, lambda page: is_doubtful(page.page))
    if doubtful:
        said = message(
            "第 {pages} 页的识别结果不可靠，请对照图像核对（可能是手写、倒放、模糊或残缺的页）",
            "the text read on page {pages} is not to be trusted: compare it with the image (handwriting, a page on its "
            "side, a blurred or damaged scan)",
            pages=doubtful,
        )
        yield warning("page-doubtful", said)


class LabelledPage(Protocol):
    """A page that may be called otherwise than by its number."""

    @property
    def label(self) -> str:
        """What a page of a volume is called on paper; empty for another."""


class SeenPage(LabelledPage, Protocol):
    """A page of which the image is known."""

    @property
    def oddities(self) -> Collection[Oddity]:
        """What is odd about its image."""


FILE_CHECKS = (text_made, page_count, too_many_pages)
"""What the files tell once they were examined and it was decided which pages are recognised, by number of the file."""

IMAGE_CHECKS = (page_cut_off, page_of_one_colour, page_too_small, page_levels_guessed)
"""What the images of pages tell, each by its number."""

TEXT_CHECKS = (page_without_text, page_not_legible, lines_left_out, page_doubtful)
"""What the read pages tell, each by its number, before the record is stored."""


def _numbers(pages: Mapping[int, Page], is_meant: Callable[[Page], bool]) -> str:
    return listed([page.label or number for number, page in pages.items() if is_meant(page)])
