"""Rich Text Format (Microsoft, version 1.9.1): all that is shown, with notes, boxes, headings and feet, as one page.

Hidden text (``\\v``) and what was deleted with changes tracked (``\\deleted``) are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archives.errors import FormatError
from archives.findings import warning
from archives.message import message
from archives.record.record import FormatIdentification
from formats.encoding.decoding import codec_of
from formats.kinds.kind import Hidden, Kind, Reading

_MIME = "application/rtf"
_LARGEST_BYTES = 256 << 20
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)", re.DOTALL
)
_CHARSETS = {
    0: "cp1252",
    1: "",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5hkscs",
    161: "cp1253",
    162: "cp1254",
}
_CHARSETS |= {177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250"}
_SIGNS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "nestrow": "\n", "cell": "\t", "nestcell": "\t", "tab": "\t",
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "emspace": " ", "enspace": " ", "~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n",
}  # fmt: skip
_APART = [
    "footnote",
    "annotation",
    "shptxt",
    "dptxbxtext",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
]
_SHOWN_THOUGH_STARRED = ("shpinst", "shptxt", "annotation", "footnote", "ud", "nesttableprops", "dptxbxtext")
_NOT_SHOWN = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "objdata",
    "fldinst",
    "themedata",
    "colorschememapping",
    "datastore",
    "latentstyles",
    "listtable",
    "listoverridetable",
    "list listlevel leveltext levelnumbers listname rsidtbl",
    "generator",
    "filetbl",
    "revtbl",
    "xe",
    "tc",
    "bkmkstart",
    "bkmkend",
    "sp",
    "nonesttables",
    "atnid",
    "atnauthor",
    "atntime",
    "atndate",
    "atnref",
    "htmltag",
    "mhtmltag",
    "xmlnstbl",
    "wgrffmtfilter",
    "header_",
    "ftnsep",
    "ftnsepc",
    "aftnsep",
    "aftnsepc",
]


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group: where its text goes, how it is encoded, what of it is seen."""

    is_shown: bool = True
    is_hidden: bool = False
    is_deleted: bool = False
    is_markup: bool = False
    is_font_table: bool = False
    codec: str = ""
    skipped_after_unicode: int = 1


class _Reader:
    """One pass over a document; ``shown`` and ``hidden`` gather what it says."""

    def __init__(self, data: bytes) -> None:
        self.shown: list[str] = []
        self.hidden: list[str] = []
        self.is_whole = False
        self._data = data
        self._codec = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._state, self._groups = _State(), list[_State]()
        self._bytes = bytearray()
        self._to_skip = 0
        self._is_starred = False

    def read(self) -> None:
        """Read the document to its end."""
        place = 0
        while found := _TOKEN.match(self._data, place):
            place = found.end()
            word, number, code, sign, brace, plain = found.groups()
            if code and not self._skips():
                self._bytes += bytes.fromhex(code.decode())
            elif plain:
                kept = plain[min(self._to_skip, len(plain)) :]
                self._to_skip -= len(plain) - len(kept)
                self._bytes += kept
            elif word:
                if word == b"bin":
                    place += int(number or 0)
                self._word(word.decode("ascii"), int(number) if number is not None else None)
            elif brace:
                self._flush()
                self._brace(brace)
            elif sign:
                self._sign(sign.decode("latin-1"))
        self._flush()

    def _skips(self) -> bool:
        if self._to_skip:
            self._to_skip -= 1
            return True
        return False

    def _brace(self, brace: bytes) -> None:
        self._is_starred, self._to_skip = False, 0
        if brace == b"{":
            self._groups.append(self._state)
        elif self._groups:
            self._state = self._groups.pop()
            self.is_whole = not self._groups

    def _sign(self, sign: str) -> None:
        self._flush()
        if sign == "*":
            self._is_starred = True
        elif sign in _SIGNS and not self._skips():
            self._put(_SIGNS[sign])

    def _word(self, word: str, number: int | None) -> None:
        self._flush()
        starred, self._is_starred = self._is_starred, False
        state = self._state
        if word == "u" and number is not None:
            self._put(chr(number % 0x10000))
            self._to_skip = state.skipped_after_unicode
        elif word in _NOT_SHOWN or (starred and word not in _SHOWN_THOUGH_STARRED):
            self._state = replace(state, is_shown=False, is_font_table=word == "fonttbl")
        elif word in _APART:
            self._put("\n")
        elif word in ("v", "deleted", "htmlrtf"):
            self._state = _marked(state, word, number != 0)
        elif word == "plain":
            self._state = replace(state, is_hidden=False, is_deleted=False, codec="")
        elif word == "uc":
            self._state = replace(state, skipped_after_unicode=number or 0)
        elif word == "ansicpg" and number:
            self._codec = codec_of(f"cp{number}") or self._codec
        elif word in ("f", "fcharset") and number is not None:
            self._font_word(word, number)
        elif word in _SIGNS:
            self._put(_SIGNS[word])

    def _font_word(self, word: str, number: int) -> None:
        if not self._state.is_font_table:
            self._state = replace(self._state, codec=self._fonts.get(number, ""))
        elif word == "f":
            self._font = number
        else:
            self._fonts[self._font] = _CHARSETS.get(number, "")

    def _flush(self) -> None:
        if self._bytes:
            self._put(self._bytes.decode(self._state.codec or self._codec, "replace"))
            self._bytes.clear()

    def _put(self, text: str) -> None:
        state = self._state
        if state.is_shown and not state.is_markup:
            (self.hidden if state.is_hidden or state.is_deleted else self.shown).append(text)


def _marked(state: _State, word: str, is_on: bool) -> _State:
    if word == "v":
        return replace(state, is_hidden=is_on)
    return replace(state, is_deleted=is_on) if word == "deleted" else replace(state, is_markup=is_on)


def _recognised(path: Path) -> FormatIdentification | None:
    with path.open("rb") as file:
        begins = file.read(64).lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"{\\rtf")
    return FormatIdentification(None, "Rich Text Format", "", _MIME, "begins with {\\rtf") if begins else None


def _read(path: Path) -> Reading:
    reader = _opened(path)
    words = "".join(reader.shown).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    yield "\n".join(line for line in words.split("\n") if line.strip())
    if words and not reader.is_whole:
        said = message("文件不完整，末尾可能缺失", "the file is cut short; its end may be missing")
        yield warning("text-incomplete", said)


def shown_words(data: bytes) -> str:
    """Return what rich text shows, a paragraph a line."""
    reader = _Reader(data)
    reader.read()
    return "".join(reader.shown).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _hides(path: Path) -> Iterator[Hidden]:
    hidden = "".join(_opened(path).hidden).strip()
    if hidden:
        yield Hidden("hidden-text", message("隐藏文字：{text}", "hidden text: {text}", text=hidden[:60]))


def _opened(path: Path) -> _Reader:
    if path.stat().st_size > _LARGEST_BYTES:
        raise FormatError(message("文本过大", "the text is too large"), subject=path.name)
    reader = _Reader(path.read_bytes())
    reader.read()
    return reader


KIND = Kind(
    endings={_MIME: (".rtf",), "text/rtf": ()},
    named={".rtf": _MIME},
    recognise=_recognised,
    perhaps=lambda ends: b"{\\rtf" in ends.head,
    look=None,
    draw=None,
    read=_read,
    hides=_hides,
    leaves_out=True,
)
