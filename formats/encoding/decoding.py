"""Texts decoded: by mark, by label, or by what their bytes would say in each encoding, judged by how people write.

Every text in Big5, Shift_JIS, EUC-KR, and many in Latin letters with accents, are valid GB18030 too, and give rare letters
in it. The judge is the share of letters that are usual in the language; what is close is doubtful. Labels mean what the
WHATWG Encoding Standard (§4.2) says: ``gb2312`` is GB18030, ``iso-8859-1`` is Windows-1252.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from archives.errors import FormatError
from archives.findings import Finding, note, warning
from archives.message import message
from formats.encoding.letters import ACCENTED, HAN, JAPANESE, KOREAN, TRADITIONAL

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LABELS = {
    "gb18030": "gb2312 gbk x-gbk cp936 ms936 windows-936 gb_2312-80 gb2312-80 csgb2312 chinese",
    "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5 csbig5 cp950 ms950",
    "cp932": "shift_jis shift-jis sjis x-sjis ms932 ms_kanji windows-31j",
    "cp949": "euc-kr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949",
    "cp1252": "iso-8859-1 latin1 iso8859-1 windows-1252 x-cp1252 us-ascii ascii",
}
_CODECS = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
_NAMES = {
    "utf-8-sig": "UTF-8",
    "gb18030": "GB18030",
    "big5hkscs": "Big5",
    "cp950": "Big5",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
    "cp1252": "Windows-1252",
    "utf-16": "UTF-16",
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
_ESCAPED = ((b"\x1b$B", "iso2022_jp_2"), (b"\x1b$@", "iso2022_jp_2"), (b"\x1b$)C", "iso2022_kr"), (b"~{", "hz"))
_LANGUAGES = (("gb18030",), ("big5hkscs", "cp950"), ("cp932",), ("euc_jp",), ("cp949",), ("cp1252",))
_KANA = frozenset(map(chr, range(0x3041, 0x30FF)))
_CHINESE = HAN | TRADITIONAL
_USUAL = {
    "gb18030": _CHINESE,
    "big5hkscs": _CHINESE,
    "cp950": _CHINESE,
    "cp932": _CHINESE | JAPANESE | _KANA,
    "euc_jp": _CHINESE | JAPANESE | _KANA,
    "cp949": KOREAN,
}
_ALL_USUAL = _CHINESE | JAPANESE | _KANA | KOREAN
_NEUTRAL = re.compile(r"[\u2000-\u206f\u3000-\u303f\uff00-\uff60\uffe0-\uffee·×£§°©®«»\xa0]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_JUDGED = 1 << 16
_SURE, _AHEAD, _LIKELY, _UNKNOWN = 0.3, 2.0, 0.1, 0.5
_LEAST_WIDE_BYTES, _MOST_BY_CHANCE = 8, 12
_MOST_FAULTS = 0.02


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding that it was read in, which others it may be in, and how many places were not readable (U+FFFD).

    ``is_guessed``: neither a mark nor a label tells the encoding, and it is not one that is usual here.
    """

    text: str
    encoding: str
    rivals: tuple[str, ...] = ()
    faults: int = 0
    is_guessed: bool = False


def codec_of(label: str) -> str | None:
    """Return the codec that a label means to those who use it; None for one that nobody knows."""
    name = label.strip().strip("\"'").lower()
    if name in _CODECS:
        return _CODECS[name]
    try:
        b"ab".decode(name, "replace")  # which refuses codecs that are none of text
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


def decode(data: bytes, *, label: str | None = None) -> Decoded:
    """Return the characters of a text; what it is labelled with is believed when it may be true.

    Raises ``FormatError`` when it is in no encoding that is known here.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _marked(data, codec)
    for sign, codec in _ESCAPED:
        if sign in data and (text := _strict(data, codec)) is not None:
            return Decoded(text, _name(codec))
    wide = _wide(data) if b"\0" in data else None
    text = _strict(data, "utf-8")
    if wide is None and text is not None and not _is_chance(data, text):
        return Decoded(text, "UTF-8")
    if wide is not None:
        return wide
    labelled = codec_of(label) if label else None
    if labelled and (text := _strict(data, labelled)) is not None:
        ranked = _ranked(data)
        if _share(text, labelled) >= _LIKELY or not ranked or ranked[0][0] < _UNKNOWN:
            return Decoded(text, _name(labelled))
    return _judged(data)


def doubts(read: Decoded) -> Iterator[Finding]:
    """Yield that the encoding is a guess or doubtful, or that not every byte could be read."""
    if read.is_guessed and not read.rivals:
        said = message(
            "未注明文字编码，按内容判断为 {encoding}",
            "it names no encoding; read as {encoding}",
            encoding=read.encoding,
        )
        yield note("encoding-guessed", said)
    if read.rivals:
        said = message(
            "文字编码存疑：按 {encoding} 读取，也可能是 {rivals}；请核对文字，有误时另存为 UTF-8 重新归入",
            "its encoding is doubtful: read as {encoding}, it may be {rivals}; look at the text; if it is wrong, save it as UTF-8",
            encoding=read.encoding,
            rivals=" / ".join(read.rivals),
        )
        yield warning("encoding-doubtful", said)
    if read.faults:
        said = message(
            "按 {encoding} 读取，有 {n} 处无法读出",
            "read as {encoding}, {n} places in it cannot be read",
            encoding=read.encoding,
            n=read.faults,
        )
        yield warning("encoding-broken", said)


def _marked(data: bytes, codec: str) -> Decoded:
    read = _faulty(data, codec)
    if read.faults and not _is_nearly_whole(read):
        raise _unknown()
    return read


def _judged(data: bytes) -> Decoded:
    """Return the text in the likeliest encoding; those that are not far behind are its rivals."""
    for read in (_wide(data), _faulty(data, "utf-8")):
        if read is not None and _is_nearly_whole(read):
            return read
    ranked = _ranked(data)
    best, codec, text = ranked[0] if ranked else (0.0, "", "")
    if best < _SURE and (nearly := _nearly(data)) is not None:
        return nearly
    if not ranked:
        raise _unknown()
    has_letters = any(one > "\x7f" and not _NEUTRAL.match(one) for one in text)
    rivals = tuple(_name(other) for share, other, _ in ranked[1:] if has_letters and best < _AHEAD * share)
    doubtful = rivals or (("?",) if best < _SURE else ())
    return Decoded(text, _name(codec), doubtful, is_guessed=codec != "gb18030")


def _ranked(data: bytes) -> list[tuple[float, str, str]]:
    """Return the share of usual letters, the codec and the text for each language that the bytes may be in, best first."""
    ranked: list[tuple[float, str, str]] = []
    for choices in _LANGUAGES if b"\0" not in data else ():
        for codec in choices:
            if (text := _strict(data, codec)) is not None:
                ranked.append((_share(text, codec), codec, text))
                break
    return sorted(ranked, key=lambda one: -one[0])


def _is_chance(data: bytes, text: str) -> bool:
    """Say whether a few letters of GB18030 are valid UTF-8 by chance, as those of 通知 and 联通 nearly are."""
    beyond = (place for place, one in enumerate(text) if one > "\x7f")
    places = [*islice(beyond, _MOST_BY_CHANCE + 1)]  # of a long text never all
    if not places or len(places) > _MOST_BY_CHANCE or max(text[place] for place in places) > "\u07ff":
        return False
    if all(_is_within_word(text, place) or _is_accented(text, place) for place in places):
        return False  # ``WS·2006·Y``, which no Chinese letter stands in the midst of
    chinese = _strict(data, "gb18030")
    return chinese is not None and _share(chinese, "gb18030") > _UNKNOWN


def _wide(data: bytes) -> Decoded | None:
    """Return a text in UTF-16 without a mark, where most of it is usual and nothing is a control character."""
    if len(data) % 2 or len(data) < _LEAST_WIDE_BYTES:
        return None
    for codec in ("utf-16-le", "utf-16-be"):
        text = (_strict(data, codec) or "")[:_JUDGED]
        usual = sum(one < "\x7f" or one in _ALL_USUAL or "\u3000" <= one < "\u3040" for one in text)
        if text and usual >= _UNKNOWN * len(text) and not _CONTROL.search(text):
            return Decoded(data.decode(codec), _name(codec))
    return None


def _nearly(data: bytes) -> Decoded | None:
    """Return a text that has few faults in the encoding that it is nearest to; None without one."""
    read = [(_faulty(data, codec), codec) for choices in _LANGUAGES for codec in choices]
    usual = [(_share(one.text, codec), one) for one, codec in read if _is_nearly_whole(one)]
    best = max(usual, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= _SURE else None


def _is_nearly_whole(read: Decoded) -> bool:
    """Say whether a text has letters beyond Europe's and hardly a fault among them."""
    if read.faults > max(1, _MOST_FAULTS * len(read.text)):
        return False  # quickly, for a long text that is in another encoding
    letters = sum(one > "\u07ff" for one in read.text) - read.faults
    return "\0" not in read.text and letters >= 2 and read.faults <= max(1, _MOST_FAULTS * letters)


def _faulty(data: bytes, codec: str) -> Decoded:
    text = data.decode(codec, "replace")
    return Decoded(text, _name(codec), faults=text.count("\ufffd"))


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _share(text: str, codec: str) -> float:
    """Return the share of usual letters among those that are not ASCII, from 0 to 1; signs count neither way."""
    part = text[:_JUDGED]
    letters = [place for place, one in enumerate(part) if one > "\x7f" and not _NEUTRAL.match(one)]
    if not letters:
        return _UNKNOWN
    if codec == "cp1252":
        return sum(_is_accented(part, place) for place in letters) / len(letters)
    usual = _USUAL.get(codec)
    return sum(part[place] in usual for place in letters) / len(letters) if usual else _UNKNOWN


def _is_accented(text: str, place: int) -> bool:
    """Say whether a letter is one with an accent beside one without."""
    beside = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return text[place] in ACCENTED and any(one.isascii() and one.isalpha() for one in beside)


def _is_within_word(text: str, place: int) -> bool:
    """Say whether a sign stands between two letters or digits of ASCII, as the points in a code do."""
    beside = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return bool(_NEUTRAL.match(text[place])) and len(beside) == 2 and beside.isascii() and beside.isalnum()


def _name(codec: str) -> str:
    return _NAMES.get(codec, codec.upper())


def _unknown() -> FormatError:
    return FormatError(message("不认识的文字编码", "the encoding of the text is not known"))
