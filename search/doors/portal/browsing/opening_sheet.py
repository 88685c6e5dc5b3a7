"""The catalogue of a day of opening as a workbook: the same lines give the same bytes, whenever it is asked for."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from archives.message import Message
from archives.record.rights import term
from archives.text.harmless import spreadsheet_text
from archives.units.unit import Level
from search.doors.portal.browsing.words import BROWSING
from search.published.lists.line import Line

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = ("number", "code", "title", "author", "document_number", "date", "level", "scope", "address")
_WIDTHS = (8, 34, 70, 28, 24, 18, 10, 12, 60)
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP can say (PKWARE APPNOTE 4.4.6)."""
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST_CELL = 32_767


def opening_sheet(lines: Iterable[tuple[Line, str]], day: date, first: int, tell: Callable[[Message], str]) -> bytes:
    """Return the XLSX of lines with the whole addresses of their pages, numbered from ``first``: it is read away from the site.

    ``tell`` says a sentence in the reader's language.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(day.isoformat())
    for column, width in zip("ABCDEFGHI", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    sheet.append([tell(BROWSING[f"sheet_{key}"]) for key in _COLUMNS])
    for number, (line, address) in enumerate(lines, first):
        level = Level(line.level) if line.level else Level.ITEM
        cells = (line.archival_code, line.title, line.author, line.document_number, tell(line.when))
        texts = (*map(_cell, cells), tell(level.label), tell(term(line.scope.value)))
        sheet.append([number, *texts, _cell(address)])
    out = BytesIO()
    book.save(out)
    return _of_no_moment(out.getvalue(), day)


def _cell(text: str) -> str:
    """Return a text as a cell holds it: computed by nobody, read as no escape (ISO/IEC 29500-1 §22.9.2.19)."""
    return _LIKE_AN_ESCAPE.sub("_x005F_", spreadsheet_text(text))[:_LONGEST_CELL]


def _of_no_moment(data: bytes, day: date) -> bytes:
    """Return a workbook that tells the day of the opening, and not when somebody asked for it."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as given, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name in given.namelist():
            part = given.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode(), part)
            made.writestr(ZipInfo(name, _FIRST_DAY), part, ZIP_DEFLATED)
    return out.getvalue()
