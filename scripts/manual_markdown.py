"""Tables of the manual in Markdown, as code hosts and the site both read them."""

import re
from collections.abc import Iterable, Sequence

from archives.message import Language, Message

Cell = str | Message
_MARKS = re.compile(r"([\\*_<\[\]`|~])")
_VALUE = re.compile(r"\{(\w+)\}")


def table(language: Language, heads: Sequence[Message], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table; a message is plain text in the page's language, a string is Markdown already."""
    lines = [_line(one.text(language) for one in heads), _line("---" for _ in heads)]
    return "\n".join([*lines, *(_line(_cell(one, language) for one in row) for row in rows)])


def code(text: str) -> str:
    """Return a text as code in a cell of a table."""
    mark = "``" if "`" in text else "`"
    return mark + text.replace("|", "\\|") + mark if text else ""


def codes(texts: Iterable[str]) -> str:
    """Return several texts as code."""
    return ", ".join(map(code, texts))


def plain(text: str) -> str:
    """Return a text so that nothing in it is Markdown; what a message leaves open for a value is three dots."""
    said = _VALUE.sub("…", text).replace("{{", "{").replace("}}", "}")
    return _MARKS.sub(r"\\\1", " ".join(said.split()))


def _cell(cell: Cell, language: Language) -> str:
    if isinstance(cell, str):
        return cell
    return plain((cell.zh if language == "zh" else cell.en) if not cell.values else cell.text(language))


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
