"""What the column 文件 (files) of a row names: one file or folder or several, each by the name that the batch has.

A name may hold the very signs that stand between names, blanks at its ends, or quotes: the exact name comes before any
division.
"""

import re
from collections.abc import Iterator

from ingest.batch.tree import Found, Tree

_DIVIDES = re.compile(r"([;；\n])")
_MAY_DIVIDE = re.compile(r"([,，、|｜\t])")
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "《": "》", "＂": "＂"}


class FileColumn:
    """Reads what the cells of the column name in one batch."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._most = {
            divider: max((len(divider.findall(place)) for place in tree.places), default=0)
            for divider in (_DIVIDES, _MAY_DIVIDE)
        }

    def named_in(self, text: str) -> Iterator[tuple[str, Found]]:
        """Yield each name of a cell with what it leads to; a comma divides only where nothing has the name undivided."""
        if meant := text if text in self._tree.places else self._meant(text):
            yield meant, self._tree.find(meant)
            return
        for name in self._divided(text, _DIVIDES):
            found = self._tree.find(name)
            if not found:
                parts = [(one, self._tree.find(one)) for one in self._divided(name, _MAY_DIVIDE)]
                if any(one for _, one in parts):
                    yield from parts
                    continue
            yield name, found

    def _divided(self, text: str, divider: re.Pattern[str]) -> Iterator[str]:
        """Yield the names in a text, those that hold the dividing sign themselves whole, the longest first."""
        tokens = divider.split(text)
        place = 0
        while place < len(tokens):
            ends = range(min(place + 2 * self._most[divider], len(tokens) - 1), place, -2)  # names stand at even places
            whole = ((end, self._meant("".join(tokens[place : end + 1]))) for end in ends)
            end, name = next(((end, meant) for end, meant in whole if meant), (place, ""))
            if name := name or self._meant(tokens[place]) or _unquoted(tokens[place].strip()):
                yield name
            place = end + 2

    def _meant(self, text: str) -> str:
        """Return the spelling of a text that is the very name of something; empty where none is."""
        plain = text.strip()
        return next((one for one in (plain, _unquoted(plain), text) if one and one in self._tree.places), "")


def _unquoted(name: str) -> str:
    return name[1:-1].strip() if len(name) > 2 and _QUOTES.get(name[0]) == name[-1] else name
