"""Word documents (DOCX, ISO/IEC 29500): heading lines, paragraphs and tables in order, as one page."""

from collections.abc import Iterator
from pathlib import Path

from formats.kinds.kind import Kind
from formats.unpack import Container

_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _read(path: Path) -> Iterator[str]:
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


KIND = Kind(endings={_MIME: (".docx",)}, look=None, draw=None, read=_read)
