"""Word documents (DOCX, ISO/IEC 29500): heading lines, paragraphs and tables in order, as one page.

Hidden text (``w:vanish``, ISO/IEC 29500-1 §17.3.2.41) is left out: who looks at the document does not see it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archives.message import message
from formats.kinds.kind import Hidden, Kind
from formats.unpack import Container

_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LONGEST = 60


def _read(path: Path) -> Iterator[str]:
    from docx.table import Table

    document = _opened(path)
    lines: list[str] = []
    for section in document.sections:
        lines += [_text(paragraph) for paragraph in section.header.paragraphs]
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += ["\t".join(_cell_text(cell) for cell in row.cells) for row in block.rows]
        else:
            lines.append(_text(block))
    yield "\n".join(line for line in lines if line)


def _hides(path: Path) -> Iterator[Hidden]:
    from docx.text.paragraph import Paragraph

    document = _opened(path)
    parts = [document.element.body, *(section.header._element for section in document.sections)]
    paragraphs = [Paragraph(element, document) for part in parts for element in part.iter(f"{{{_namespace(part)}}}p")]
    hidden = "".join(run.text for one in paragraphs for run in _runs(one) if _is_hidden(run, one))
    if hidden.strip():
        said = message("隐藏文字：{text}", "hidden text: {text}", text=hidden.strip()[:_LONGEST])
        yield Hidden("hidden-text", said)


def _opened(path: Path) -> Any:
    import docx

    with Container(path):  # refuses bombs before the library unpacks anything
        return docx.Document(str(path))


def _cell_text(cell: Any) -> str:
    return "\n".join(_text(paragraph) for paragraph in cell.paragraphs)


def _text(paragraph: Any) -> str:
    return "".join(run.text for run in _runs(paragraph) if not _is_hidden(run, paragraph))


def _runs(paragraph: Any) -> Iterator[Any]:
    for part in paragraph.iter_inner_content():
        yield from getattr(part, "runs", None) or [part]


def _is_hidden(run: Any, paragraph: Any) -> bool:
    """Say whether a run is hidden by itself, or by the styles of its characters or its paragraph."""
    if run.font.hidden is not None:
        return bool(run.font.hidden)
    for style in (run.style, paragraph.style):
        while style is not None:
            if style.font.hidden is not None:
                return bool(style.font.hidden)
            style = style.base_style
    return False


def _namespace(element: Any) -> str:
    return str(element.nsmap["w"])


KIND = Kind(endings={_MIME: (".docx",)}, look=None, draw=None, read=_read, hides=_hides)
