"""What is checked of the pages of a scanned record: by their numbers, by their files, by what was read on them.

One function a check, each in the tuple of its moment; a check finds, it never changes or stops anything by itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from archives.findings import Finding, error, note, warning
from archives.message import listed, message
from formats.kinds.kind import Oddity
from formats.page_image import is_page_source
from ingest.batch.listing import PlannedFile
from ingest.examine import ExaminedRecord
from ingest.package import ReadPage
from ingest.page.ocr.recognise import is_doubtful

_MOST_GAPS_NAMED = 20
MOST_PAGES = 10_000
"""How many pages of one file are read."""


def whole_beside_pages(files: Sequence[PlannedFile]) -> Iterator[Finding]:
    """Find files whose place among the pages nobody can tell."""
    unnumbered = [file.relative for file in files if file.page is None]
    if len(files) > 1 and unnumbered:
        said = message(
            "整件文件与分页文件并存，或缺页号：{names}",
            "a file of the whole record beside numbered pages, or without a number: {names}",
            names=listed(unnumbered),
        )
        yield error("pages-ambiguous", said)


def page_twice(files: Sequence[PlannedFile]) -> Iterator[Finding]:
    """Find page numbers that several files have."""
    numbers = page_numbers(files)
    doubled = sorted(number for number, times in Counter(numbers).items() if times > 1)
    if doubled:
        pages = listed(doubled)
        yield warning("page-twice", message("页号重复：{pages}", "page numbers stand twice: {pages}", pages=pages))


def page_gap(files: Sequence[PlannedFile]) -> Iterator[Finding]:
    """Find page numbers that no file has."""
    numbers = page_numbers(files)
    gaps = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    if gaps:
        pages = ", ".join(map(str, gaps[:_MOST_GAPS_NAMED]))
        yield warning("page-gap", message("缺少页：{pages}", "pages are missing: {pages}", pages=pages))


def page_zero(files: Sequence[PlannedFile]) -> Iterator[Finding]:
    """Find a record whose pages count from 0."""
    if 0 in page_numbers(files):
        said = message("页号从 0 起，已从 1 重编", "pages count from 0; they were numbered from 1")
        yield warning("page-zero", said)


def not_a_page(record: ExaminedRecord) -> Iterator[Finding]:
    """Find files without page images, unless something worse is known of them."""
    for file in record.files:
        if not is_page_source(file.format.mime) and not file.findings:
            said = message("不是图像或 PDF，未识别文字", "no image and no PDF; its text was not read")
            yield warning("not-a-page", said, file=file.planned.shown)


def page_count(record: ExaminedRecord) -> Iterator[Finding]:
    """Find a record whose sheet states another number of pages than there are."""
    stated = record.planned.description.pages
    found = sum(max(1, file.pages or 0) for file in record.files)
    if stated is not None and stated != found:
        said = message(
            "页数栏为 {stated}，实有 {found} 页",
            "the sheet states {stated} pages, there are {found}",
            stated=stated,
            found=found,
        )
        yield warning("page-count-differs", said)


def too_many_pages(record: ExaminedRecord) -> Iterator[Finding]:
    """Find files with more pages than are read."""
    for file in record.files:
        if (file.pages or 0) > MOST_PAGES:
            said = message(
                "共 {n} 页，只识别前 {most} 页",
                "it has {n} pages; the text of the first {most} is read",
                n=file.pages or 0,
                most=MOST_PAGES,
            )
            yield warning("pages-cut-off", said, file=file.planned.shown)


def page_without_text(pages: Sequence[ReadPage]) -> Iterator[Finding]:
    """Find pages on which no text was read: pictures, or ones that failed."""
    told = {Oddity.ONE_COLOUR, Oddity.TOO_SMALL}
    blank = _numbers(page for page in pages if not page.page.lines and not page.oddities & told)
    if blank:
        said = message("第 {pages} 页没有识别出文字", "no text was read on page {pages}", pages=blank)
        yield note("page-without-text", said)


def page_of_one_colour(pages: Sequence[ReadPage]) -> Iterator[Finding]:
    """Find pages on which nothing is seen: blank ones, or ones whose picture came to nothing."""
    blank = _numbers(page for page in pages if Oddity.ONE_COLOUR in page.oddities)
    if blank:
        said = message(
            "第 {pages} 页只有一种颜色：是空白页，还是扫描出了问题，请看原件",
            "page {pages} is of one colour: look at the original whether it is blank or the scan went wrong",
            pages=blank,
        )
        yield warning("page-of-one-colour", said)


def page_too_small(pages: Sequence[ReadPage]) -> Iterator[Finding]:
    """Find pages so small that no letter fits on them."""
    small = _numbers(page for page in pages if Oddity.TOO_SMALL in page.oddities)
    if small:
        said = message(
            "第 {pages} 页太小，无法识别（已原样保存）；请核对是否为缩略图或损坏的图像",
            "page {pages} is too small to read (it is kept as it is): see whether it is a thumbnail or a broken scan",
            pages=small,
        )
        yield warning("page-too-small", said)


def page_levels_guessed(pages: Sequence[ReadPage]) -> Iterator[Finding]:
    """Find pages that would be black, or nearly, if their samples were taken as the file says."""
    dark = _numbers(page for page in pages if Oddity.LEVELS_GUESSED in page.oddities)
    if dark:
        said = message(
            "第 {pages} 页的灰阶未用满文件所说的位数，利用件已拉伸到可以看清（原件不变）",
            "page {pages} does not use the bits that its file states: the access copy is stretched so that it can be seen "
            "(the original is not changed)",
            pages=dark,
        )
        yield note("page-levels-guessed", said)


def page_doubtful(pages: Sequence[ReadPage]) -> Iterator[Finding]:
    """Find pages whose engine was not sure of what it read: handwriting, a page on its side, noise, a damaged scan."""
    doubtful = _numbers(page for page in pages if is_doubtful(page.page))
    if doubtful:
        said = message(
            "第 {pages} 页的识别结果不可靠，请对照图像核对（可能是手写、倒放、模糊或残缺的页）",
            "the text read on page {pages} is not to be trusted: compare it with the image (handwriting, a page on its "
            "side, a blurred or damaged scan)",
            pages=doubtful,
        )
        yield warning("page-doubtful", said)


NUMBER_CHECKS = (whole_beside_pages, page_twice, page_gap, page_zero)
"""What the names of the files tell, before one is opened."""

FILE_CHECKS = (not_a_page, page_count, too_many_pages)
"""What the files tell once they were examined, before a page is read."""

TEXT_CHECKS = (page_without_text, page_of_one_colour, page_too_small, page_levels_guessed, page_doubtful)
"""What the read pages tell, each by its number, before the record is stored."""


def page_numbers(files: Sequence[PlannedFile]) -> list[int]:
    """Return the page numbers that names give."""
    return [file.page for file in files if file.page is not None]


def _numbers(pages: Iterable[ReadPage]) -> str:
    return listed([page.number for page in pages])
