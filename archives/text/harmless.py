"""Text made harmless for the programs that show it: terminals obey control characters, spreadsheets compute formulas."""

import unicodedata

_FORMULA_SIGNS = "=+-@\t\r＝＋－＠"


def harmless(text: str) -> str:
    """Return text without the control characters that a terminal or a spreadsheet would obey, one for one."""
    if text.isprintable():
        return text
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" else c for c in text)


def spreadsheet_text(text: str) -> str:
    """Return text as a spreadsheet may hold it: harmless, and quoted when it would be computed."""
    plain = harmless(text)
    return f"'{plain}" if plain[:1] and plain[0] in _FORMULA_SIGNS else plain


def from_spreadsheet(text: str) -> str:
    """Return text without the quote that ``spreadsheet_text`` puts before what a spreadsheet would compute."""
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in _FORMULA_SIGNS else text
