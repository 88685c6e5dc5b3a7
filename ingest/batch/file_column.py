"""What the column 文件 (files) of a row names: one file or folder or several, each by the name that the batch has.

Before a name may stand which part of a document it is (``正本=a.ofd；附件1：b.xlsx``), where what follows leads to something.
A name may hold the very signs that stand between names, blanks at its ends, or quotes: the exact name comes before any
division.
"""

import re
from collections.abc import Iterator

from archives.record.names import role_named
from ingest.batch.tree import Found, Tree

_DIVIDES = re.compile(r"([;；\n])")
_MAY_DIVIDE = re.compile(r"([,，、|｜\t])")
_SAYS_PART = re.compile(r"\s*(?P<part>[^=＝:：/\\]{1,20}?)\s*[=＝:：]\s*(?P<name>.+?)\s*", re.DOTALL)
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "《": "》", "＂": "＂"}


class FileColumn:
    """Reads what the cells of the column name in one batch."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._most = {
            divider: max((len(divider.findall(place)) for place in tree.places), default=0)
            for divider in (_DIVIDES, _MAY_DIVIDE)
        }

    def named_in(self, text: str) -> Iterator[tuple[str, Found, str]]:
        """Yield each name of a cell with what it leads to, and the part of a document that it is said to be.

        A comma divides only where nothing has the name undivided.
        """
        if meant := text if text in self._tree.places else self._meant(text):
            yield meant, self._tree.find(meant), ""
            return
        for name in self._divided(text, _DIVIDES):
            found = self._found(name)
            if not found[1]:
                parts = [self._found(one) for one in self._divided(name, _MAY_DIVIDE)]
                if any(one for _, one, _ in parts):
                    yield from parts
                    continue
            yield found

    def _found(self, name: str) -> tuple[str, Found, str]:
        found, said = self._tree.find(name), _SAYS_PART.fullmatch(name)
        if not found and said and (behind := self._tree.find(said["name"])):
            return said["name"], behind, role_named(said["part"]) or said["part"]
        return name, found, ""

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
