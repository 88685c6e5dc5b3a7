"""The text of born-digital files, a page at a time, read by kept libraries; what cannot be read is a finding."""

import email
import email.policy
import html
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import message
from archives.record.record import FormatIdentification
from formats.identify import OFD_MIME
from formats.kinds.ofd import ofd_pages
from formats.unpack import Container

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LARGEST_TEXT_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """A file's text by page (a sheet of a workbook counts as a page), and what was found on the way."""

    pages: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def extract_text(path: Path, identification: FormatIdentification) -> ExtractedText:
    """Return a file's text; a kind of file that has none gives no pages and no finding."""
    reader = _READERS.get(identification.mime)
    if reader is None:
        return ExtractedText()
    try:
        return ExtractedText(tuple(_clean(page) for page in reader(path)))
    except FormatError as broken:
        reason = broken.message
    except (OSError, ValueError, KeyError, LookupError, TypeError, AttributeError, zipfile.BadZipFile) as cause:
        reason = message("{reason}", "{reason}", reason=f"{type(cause).__name__}: {cause}")
    found = warning(
        "text-not-extracted", message("无法提取文本：{reason}", "its text cannot be extracted: {reason}", reason=reason)
    )
    return ExtractedText((), (found,))


def decode_text(data: bytes) -> str:
    """Return the characters of plain text in UTF-8, UTF-16 with a mark, or GB18030 (a superset of GB2312 and GBK).

    Raises ``FormatError`` when it is none of them.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as cause:
        raise FormatError(message("不认识的文字编码", "the encoding of the text is not known")) from cause


def _plain(path: Path) -> Iterator[str]:
    if path.stat().st_size > _LARGEST_TEXT_BYTES:
        raise FormatError(message("文本过大", "the text is too large"), subject=str(path))
    yield decode_text(path.read_bytes())


def _pdf(path: Path) -> Iterator[str]:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            for page in document:
                yield page.get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError as cause:
        raise FormatError(message("{reason}", "{reason}", reason=str(cause)), subject=str(path)) from cause


def _docx(path: Path) -> Iterator[str]:
    import docx
    from docx.table import Table

    with Container(path):  # refuses bombs before the library unpacks anything
        document = docx.Document(str(path))
    lines: list[str] = []
    for section in document.sections:
        lines += [paragraph.text for paragraph in section.header.paragraphs]
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    yield "\n".join(line for line in lines if line)


def _xlsx(path: Path) -> Iterator[str]:
    import openpyxl

    with Container(path):
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            rows = (
                "\t".join("" if cell is None else str(cell) for cell in row).rstrip()
                for row in sheet.iter_rows(values_only=True)
            )
            yield "\n".join([sheet.title, *(row for row in rows if row)])
    finally:
        book.close()


def _mail(path: Path) -> Iterator[str]:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    lines = [f"{name}: {mail[name]}" for name in ("From", "To", "Cc", "Date", "Subject") if mail[name]]
    body = mail.get_body(("plain", "html"))
    if body is not None:
        content = str(body.get_content())
        lines += ["", _without_markup(content) if body.get_content_subtype() == "html" else content]
    names = [part.get_filename() or "" for part in mail.iter_attachments()]
    lines += [f"Attachment: {name}" for name in names if name]
    yield "\n".join(lines)


def _markup(path: Path) -> Iterator[str]:
    yield _without_markup(next(_plain(path)))


def _without_markup(text: str) -> str:
    visible = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", text)
    return html.unescape(re.sub(r"<[^>]{0,2000}>", " ", visible))


def _clean(text: str) -> str:
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n"))
    return "\n".join(lines).strip("\n")


_READERS: dict[str, Callable[[Path], Iterator[str]]] = {
    "application/pdf": _pdf,
    _DOCX: _docx,
    _XLSX: _xlsx,
    "message/rfc822": _mail,
    OFD_MIME: lambda path: iter(ofd_pages(path)),
    **dict.fromkeys(("text/plain", "text/csv", "text/markdown"), _plain),
    **dict.fromkeys(("text/html", "application/xhtml+xml", "text/xml", "application/xml"), _markup),
}
