"""How the site of the manual is built: a book a language, of Markdown that code hosts show as it is.

Sphinx with MyST and the theme Furo: what a page needs lies beside it, so that the site asks no server of others.
``scripts/docs`` runs it once a language, with ``-D language=…`` and the folder of that language.
"""

import re
from collections.abc import Iterator

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage

PAGES = (
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
_OTHER = re.compile(r"^\[([^\]]+)\]\((\.\./[a-z]+/[a-z-]+)\.md\)$", re.MULTILINE)
_HAN = re.compile("([㐀-鿿]+)")

project = html_title = "金匮 Jinkui"
author = "Jinkui"
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3
html_theme = "furo"
html_show_sphinx = html_show_copyright = html_copy_source = False
html_theme_options = {"navigation_with_keys": True}
html_css_files: list[str] = ["manual.css"]
html_static_path = ["static"]


def setup(app: Sphinx) -> None:
    """Add what the pages themselves do not say."""
    app.connect("source-read", add_contents)
    app.add_search_language(Chinese)


def add_contents(_: Sphinx, page: str, source: list[str]) -> None:
    """Give the first page its list of pages, and every page its way to the other language as the site has it."""
    source[0] = _OTHER.sub(r'<p class="language"><a href="\2.html">\1</a></p>', source[0])
    if page == "index":
        source[0] += "\n".join(("\n", "```{toctree}", ":hidden:", "", *PAGES, "```", ""))


class Chinese(SearchLanguage):
    """Chinese is found by every two characters that stand together, what is asked for by pairs: nothing has to know where words end."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = """
var splitQuery = (query) => query.split(/([\\u3400-\\u9fff]+)/u).flatMap((part) => {
  if (!/^[\\u3400-\\u9fff]+$/u.test(part)) return part.match(/[\\p{Letter}\\p{Number}_]+/gu) ?? [];
  const letters = [...part], last = letters.length - 2;
  return last < 0 ? letters : letters.flatMap((_, place) => place == last || (place < last && place % 2 == 0)
    ? [letters[place] + letters[place + 1]] : []);
});
"""

    def split(self, input: str) -> list[str]:  # noqa: A002 - Sphinx calls it so
        """Return the words of a text; of Chinese every character, and every two."""
        return [word for part in _HAN.split(input) for word in _words(part)]

    def stem(self, word: str) -> str:
        """Return a word as readers may write it."""
        return word.lower()


def _words(part: str) -> Iterator[str]:
    if not _HAN.fullmatch(part):
        yield from re.findall(r"\w+", part)
        return
    yield from part
    yield from (part[place : place + 2] for place in range(len(part) - 1))
