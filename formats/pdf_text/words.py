"""What a PDF says: the words of a page with its forms, notes and stamps, and what in the file is not as it should be."""

import ctypes
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archives.findings import Finding, warning
from archives.message import Message, listed, message

_HEADER = re.compile(rb"(?:^|[\r\n]|^.{1,16}?)%PDF-(\d\.\d)", re.DOTALL)
_HEADER_WITHIN, _END_WITHIN = 1024, 1 << 16  # pdfium, as every viewer, looks for the header so far
_BLANK = b" \t\r\n\f"
_LINK, _FREE_TEXT, _POPUP, _WIDGET = 2, 3, 16, 20  # FPDF_ANNOT_LINK, _FREETEXT, _POPUP, _WIDGET
_NO_LETTERS = 2  # the bytes of the zero that ends a string
_UNSEEN = 2 | 32  # hidden, no view: ISO 32000-1 table 165
_PASSWORD = 1 << 13  # ISO 32000-1 table 228
_WRITTEN_FIELDS = (4, 5, 6)  # FPDF_FORMFIELD_COMBOBOX, _LISTBOX, _TEXTFIELD
_WHOLLY_XFA = 2  # FORMTYPE_XFA_FULL


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the document lies in its file: its version, how many bytes stand before it, what is wrong with its end."""

    version: str
    bytes_before: int
    end: Message | None


def frame_of(path: Path) -> Frame | None:
    """Return where a PDF lies in a file; None where there is no header (ISO 32000-1 §7.5.2, annex H.3 note 13)."""
    with path.open("rb") as file:
        found = _HEADER.search(file.read(_HEADER_WITHIN))
        file.seek(max(0, file.seek(0, os.SEEK_END) - _END_WITHIN))
        end = file.read()
    return Frame(found[1].decode(), found.start(1) - len(b"%PDF-"), _end(end)) if found else None


def oddities(frame: Frame) -> Iterator[Finding]:
    """Yield how the file is off the specification, though viewers show it."""
    said = [frame.end] if frame.end else []
    if frame.bytes_before:
        said.insert(0, message("文件头之前有 {n} 个字节", "{n} bytes before its header", n=frame.bytes_before))
    for what in said:
        yield warning(
            "pdf-off-specification",
            message(
                "PDF 不合规范：{what}；阅读器仍能打开，已原样保存",
                "the PDF is off its specification: {what}; viewers open it, it is kept as it is",
                what=what,
            ),
        )


def page_words(document: Any, index: int) -> str:
    """Return the text of a page (from 0) as it is shown: what its forms, notes and stamps say stands after its own.

    ``document`` is pypdfium2's, its forms initialised before any page was looked at.
    """
    import pypdfium2.raw as pdfium

    page = document[index]
    noted = list(_noted(page, document.formenv))
    if noted and pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS:
        page = document[index]
    text: str = page.get_textpage().get_text_bounded()
    shown = "".join(text.split())
    unshown = (words for words in noted if "".join(words.split()) not in shown)
    return "\n".join([text, *unshown])


def unread_forms(document: Any) -> Iterator[Finding]:
    """Yield that the whole document is a form in another language than PDF, which only Adobe's programs show."""
    if document.get_formtype() == _WHOLLY_XFA:
        said = message(
            "这是 XFA 动态表单，填写的内容未读取；请用 Adobe Reader 打印为 PDF 后另行归入",
            "it is an XFA form, what is filled in is not read; print it to PDF with Adobe Reader and keep that too",
        )
        yield warning("text-in-xfa", said)


def undrawn_notes(document: Any) -> Iterator[Finding]:
    """Yield on which pages notes are written whose look the file does not hold, so that viewers differ about showing them."""
    pages = [index + 1 for index in range(len(document)) if _has_undrawn(document[index])]
    if pages:
        said = message(
            "第 {pages} 页的文字批注没有外观，有的阅读器不显示；其文字已收入，页面图像上没有",
            "notes on page {pages} have no appearance and not every viewer shows them; their words are read, the page image lacks them",
            pages=listed(pages),
        )
        yield warning("note-without-look", said)


def _has_undrawn(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        is_undrawn = (
            pdfium.FPDFAnnot_GetSubtype(note) == _FREE_TEXT
            and not pdfium.FPDFAnnot_GetFlags(note) & _UNSEEN
            and pdfium.FPDFAnnot_GetAP(note, pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) <= _NO_LETTERS
        )
        pdfium.FPDFPage_CloseAnnot(note)
        if is_undrawn:
            return True
    return False


def _end(data: bytes) -> Message | None:
    found = data.rfind(b"%%EOF")
    if found < 0:
        return message("没有结束标记 %%EOF，可能被截断", "it has no end mark %%EOF and may be cut short")
    after = len(data[found + len(b"%%EOF") :].strip(_BLANK))
    return message("结束标记之后有 {n} 个字节", "{n} bytes after its end mark", n=after) if after else None


def _noted(page: Any, forms: Any) -> Iterator[str]:
    """Yield what each note that can be seen says, "" for one that only shows something."""
    import pypdfium2.raw as pdfium

    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        if not note:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(note)
            if kind in (_LINK, _POPUP) or pdfium.FPDFAnnot_GetFlags(note) & _UNSEEN:
                continue
            yield (
                _filled_in(note, forms)
                if kind == _WIDGET
                else _string(pdfium.FPDFAnnot_GetStringValue, note, b"Contents")
            )
        finally:
            pdfium.FPDFPage_CloseAnnot(note)


def _filled_in(field: Any, forms: Any) -> str:
    import pypdfium2.raw as pdfium

    if not forms or pdfium.FPDFAnnot_GetFormFieldType(forms, field) not in _WRITTEN_FIELDS:
        return ""
    if pdfium.FPDFAnnot_GetFormFieldFlags(forms, field) & _PASSWORD:
        return ""
    return _string(pdfium.FPDFAnnot_GetFormFieldValue, forms, field)


def _string(function: Any, *args: Any) -> str:
    import pypdfium2.raw as pdfium

    length = function(*args, None, 0)
    buffer = ctypes.create_string_buffer(length)
    function(*args, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw[: max(0, length - 2)].decode("utf-16-le", "replace")
