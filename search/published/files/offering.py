"""Making the files that readers may take away: a searchable PDF of the pages that a view shows, from what was published of them.

A file lies in the folder of the view's page images and goes with it. Its name is the digest of what it was made of, so that
what stands is not made again, and what changed has another name.
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from archives.errors import FormatError, JinkuiError, StorageError, ToolError
from archives.exchange.xml import xml_text
from archives.message import message
from archives.proof.canonical_json import canonical_json
from archives.system_reason import reason_of
from search.index.shared import flush, make_folder, take_after_folder
from search.published.files.offer import PdfOf, Sheet
from search.published.files.printed import page_of
from search.published.following import Following
from search.published.shown.page_file import told_in
from search.published.view import PublishedFile, PublishedPage, PublishedView

MOST_BYTES, MOST_PAGES = 16 << 20, 500
"""How much of pictures, and how many pages, stand in one file; a longer record has several."""
_MADE_AS = 2  # raised when files are made otherwise
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_UNNAMED = "zh"


def with_files(work: Following, view: PublishedView, stored: PublishedView | None) -> PublishedView:
    """Return a view with the files that readers may take away; what else of them lies in its folder is removed.

    Where they cannot be made the view stands without them, and the record is tried again.
    """
    folder = work.public.images / view.view_id
    view = replace(view, may_download=view.repository in work.downloads.repositories)
    try:
        if not view.may_download or work.downloads.pdf_of is None:
            _keep(folder, ())
            return view
        known = {one.name: one for one in stored.files} if stored else {}
        parts = {_name_of(view, pages): pages for pages in _parts(view, folder)}
        _keep(folder, parts)
        made = (
            _file(known.get(name), view, folder / name, pages, work.downloads.pdf_of) for name, pages in parts.items()
        )
        return replace(view, files=tuple(made))
    except (FormatError, StorageError, ToolError) as failure:
        work.trouble(view.view_id, view.said("archival_code"), failure)
        return view


def _parts(view: PublishedView, folder: Path) -> Iterator[Sequence[PublishedPage]]:
    """Yield the pages that stand in one file; a page without a picture stands in none."""
    pages: list[PublishedPage] = []
    length = 0
    for page in (one for one in view.pages if one.image and one.beside):
        size = _size(folder / str(page.image))
        if pages and (length + size > MOST_BYTES or len(pages) >= MOST_PAGES):
            yield pages
            pages, length = [], 0
        pages.append(page)
        length += size
    if pages:
        yield pages


def _name_of(view: PublishedView, pages: Sequence[PublishedPage]) -> str:
    made_of: list[str | int] = [_MADE_AS, *_told(view).values(), view.said("language")]
    for page in pages:
        made_of += [page.number, page.sha256, page.beside_sha256, hashlib.sha256(page.text.encode()).hexdigest()]
    return f"{hashlib.sha256(canonical_json(made_of)).hexdigest()[:32]}.pdf"


def _file(
    known: PublishedFile | None, view: PublishedView, path: Path, pages: Sequence[PublishedPage], pdf_of: PdfOf
) -> PublishedFile:
    """Return a file as it stands, made where it does not."""
    if known is not None and path.is_file():
        return known
    if not path.is_file():
        said = view.said("language")
        language = said if _LANGUAGE.fullmatch(said) else _UNNAMED
        _write(path, pdf_of([_sheet(path.parent, one) for one in pages], **_told(view), language=language))
    data = _read(path)
    return PublishedFile(path.name, hashlib.sha256(data).hexdigest(), len(data), pages[0].number, pages[-1].number)


def _told(view: PublishedView) -> dict[str, str]:
    """Return what the file says of itself."""
    said = {"title": view.said("title"), "code": view.said("archival_code"), "holder": view.repository_name}
    return {key: xml_text(value) for key, value in said.items()}


def _sheet(folder: Path, page: PublishedPage) -> Sheet:
    """Return a page as it was published; raises ``FormatError`` where its files are not those."""
    jpeg, beside = _read(folder / str(page.image)), _read(folder / page.beside)
    if [hashlib.sha256(one).hexdigest() for one in (jpeg, beside)] != [page.sha256, page.beside_sha256]:
        raise FormatError(
            message("公开的图像与公布时不同", "a published image is not what was published"),
            subject=str(folder / str(page.image)),
            advice=message("可用 jinkui rebuild 重建", "jinkui rebuild makes it again"),
        )
    return Sheet(jpeg, page_of(told_in(beside), page.text))


def _keep(folder: Path, names: Collection[str]) -> None:
    """Remove all files of a view but these, and what was left of one that was being made."""
    gone = [path for path in folder.glob("*.pdf*") if path.name not in names]
    try:
        for path in gone:
            path.unlink(missing_ok=True)
        if gone:
            flush(folder)
    except OSError as cause:
        raise _failed(gone[0], cause) from cause


def _write(path: Path, data: bytes) -> None:
    beside = path.with_name(f"{path.name}.new")
    try:
        make_folder(path.parent)
        beside.write_bytes(data)
        take_after_folder(beside)
        flush(beside)
        if beside.read_bytes() != data:
            raise OSError("the disk gives back other bytes")
        beside.replace(path)
        flush(path.parent)
    except OSError as cause:
        raise _failed(path, cause) from cause


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as cause:
        raise _failed(path, cause) from cause


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as cause:
        raise _failed(path, cause) from cause


def _failed(path: Path, cause: OSError) -> JinkuiError:
    return StorageError(
        message(
            "供下载的文件做不了：{path}（{reason}）",
            "a file to be taken away cannot be made: {path} ({reason})",
            path=path.name,
            reason=reason_of(cause),
        ),
        subject=str(path),
        advice=message("请检查磁盘；可用 jinkui rebuild 重建", "look at the disk; jinkui rebuild makes it again"),
    )
