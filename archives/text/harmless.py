"""Text made harmless for the programs that show it: terminals obey control characters, spreadsheets compute formulas."""

import re

_FORMULA_SIGNS = "=+-@\t\r＝＋－＠"
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What is no text: control characters but tabs and ends of lines, and what no XML may hold (XML 1.0 §2.2)."""


def writable(text: str) -> str:
    """Return text as it is kept: without what is no text, one for one."""
    return text if text.isprintable() else UNWRITABLE.sub("�", text)


def harmless(text: str) -> str:
    """Return text without the control characters that a terminal or a spreadsheet would obey, and what no XML may hold, one for one."""
    return text if text.isprintable() else UNWRITABLE.sub("�", text).replace("\r", "�")


def spreadsheet_text(text: str) -> str:
    """Return text as a spreadsheet may hold it: harmless, and quoted when it would be computed."""
    plain = harmless(text)
    return f"'{plain}" if plain[:1] and plain[0] in _FORMULA_SIGNS else plain


def from_spreadsheet(text: str) -> str:
    """Return text without the quote that ``spreadsheet_text`` puts before what a spreadsheet would compute."""
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in _FORMULA_SIGNS else text
