#!/usr/bin/env python3
"""Write what the manual has from the program itself: its tables of columns, settings, commands, findings and exit codes.

    .venv/bin/python scripts/manual.py

A page holds ``<!-- made: NAME -->`` and ``<!-- end -->``; what stands between is written anew, in the page's language. Run it
after an element, a setting, a command, an error or a finding changed; tests/test_manual/ fails until then.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archives.message import Language
from scripts.manual_tables import TABLES

MANUAL = Path(__file__).resolve().parents[1] / "docs" / "manual"
LANGUAGES: tuple[Language, ...] = ("en", "zh")
PAGES = (
    "index",
    "first-batch",
    "catalogue",
    "opening",
    "searching",
    "administering",
    "security",
    "mistakes",
    "what-can-go-wrong",
    "commands",
)
"""The pages, in the order in which they are read; each stands in both languages under one name."""
_MADE = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def page_path(language: Language, page: str) -> Path:
    """Return where a page lies."""
    return MANUAL / language / f"{page}.md"


def made_anew(text: str, language: Language) -> str:
    """Return a page with everything that is made in it written anew; raises ``KeyError`` for a table that nobody makes."""
    return _MADE.sub(lambda found: f"{found[1]}\n{TABLES[found[2]](language)}\n{found[3]}", text)


def main() -> None:
    """Write every page."""
    for language in LANGUAGES:
        for page in PAGES:
            path = page_path(language, page)
            path.write_text(made_anew(path.read_text("utf-8"), language), "utf-8")


if __name__ == "__main__":
    main()
