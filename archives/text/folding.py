"""Text as it is searched: folded character by character, cut into bigrams, the same for every index.

Folding makes widths, case, simplified and traditional forms equal, and what nobody can tell apart by looking: radicals that
stand for letters, letters with marks of their own, what is not seen at all, a word that a line's end divides. Latin letters
lose their marks, for who looks for Müller may have no ü. It keeps a map back to the source. The truth of every search is: the folded query stands in the folded text. Runs of Han characters become overlapping bigrams and
their last character alone, so that a phrase of tokens is exactly a substring; words of letters and digits stay whole
and are never entered in their middle.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from operator import add
from typing import Any

from archives.text.word_forms import SHORTEST, form_of

_HAN = "㐀-鿿豈-﫿𠀀-𿿽\ue000-\uf8ff々"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_HAN_OR_ONE = re.compile(f"[{_HAN}]+|.", re.DOTALL)
_TOKEN_RUN = re.compile(f"[{_HAN}]+|[^ {_HAN}]+")
_FOLDING = 3

_RADICALS = dict(
    zip(
        "⺁⺂⺃⺄⺅⺆⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂乛乚乙亻冂刀刂卜㔾小小兀尣尢巳幺彑彐忄㣺扌攵旡日月歺母民氵氺灬爫爫丬牛犭王疋目示礻竹糹纟罓罒羊羊羊耂肀聿肉臼艹艹艹虎衤覀西见角讠贝足车辶辶辶邑钅長镸长门阜阝雨青韦页风飞食食飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)
"""Radicals of the supplement (U+2E80 to U+2EF3) that PDF and OCR give for letters; NFKC knows those of Kangxi only.

Source: Unicode Character Database, EquivalentUnifiedIdeograph; where that is a part of a letter, the letter is taken.
"""
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0000-\U000e0fff]")
"""Beside format characters: what Unicode calls Default_Ignorable_Code_Point."""
_BROKEN_WORD = re.compile("(?<=[A-Za-zÀ-ɏ])[-\u2010\u00ad][ \t]*\r?\n[ \t]*(?=[a-zß-ɏ])")
_SOFT, _HARD, _SLOWLY = "\ufdd0", "\ufdd1", "\ufdd2"
"""What stands for a blank, for what else divides words, and for what only ``fold`` can join: no characters (Unicode 23.7)."""
_DIVIDED = re.compile(f"[{_SOFT}{_HARD}]+")
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}]){_SOFT}+(?=[{_HAN}])")
_LATIN = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"} | dict(zip("øłđðħŧı", "olddhti", strict=True))
"""Latin letters that are written without a mark elsewhere, and that Unicode does not take apart."""
_PLAIN_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_VARIANTS = {"〇": "零", "○": "零", "◯": "零", "Ο": "o"}


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; ``text[i]`` was made of the source from ``offsets[i]`` to ``ends[i]`` (exclusive)."""

    text: str
    offsets: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a person looks for: its folded form, and the tokens that must follow one another.

    With ``open_end`` the last token is only the beginning of one (a lone Han character). A phrase with a ``form`` is an
    English word that stands wherever a word has the same one.
    """

    folded: str
    tokens: tuple[str, ...]
    open_end: bool
    form: str = ""


def fold(text: str) -> Folded:
    """Fold a text: blanks between Han characters vanish, punctuation and other blanks become one space.

    A mark joins the letter before it, and what is not seen belongs to what it follows.
    """
    made = _Made()
    broken = {place for found in _BROKEN_WORD.finditer(text) for place in range(*found.span())}
    for found in _HAN_OR_ONE.finditer(text):
        start, end = found.span()
        made.add(text[start], start, is_broken=start in broken)
        if end > start + 1:
            made.add_han(text[start + 1 : end], start + 1)
    return Folded("".join(made.characters), tuple(made.offsets), tuple(made.ends))


def folded_text(text: str) -> str:
    """Return what ``fold`` makes of a text, without its places, in a sixth of the time: what is indexed needs none."""
    if _BROKEN_WORD.search(text) or _SLOWLY in (made := text.translate(_folds())):
        return fold(text).text
    return _DIVIDED.sub(" ", _BETWEEN_HAN.sub("", made.strip(_SOFT + _HARD)))


@cache
def folding_rules() -> str:
    """Return the name of the rules by which is folded here: what was indexed by others has to be indexed anew.

    They are this module's and those of ``word_forms``, with the tables of Unicode, OpenCC and Snowball: only the same
    strike out of an index what they put in.
    """
    tables = f"unicode-{unicodedata.unidata_version} opencc-{version('opencc')} snowball-{version('snowballstemmer')}"
    return f"folding-{_FOLDING} {tables}"


def has_forms(folded: str) -> bool:
    """Say whether a folded text is one English word, or may be: letters of the alphabet alone, and not too few."""
    return len(folded) >= SHORTEST and folded.isascii() and folded.isalpha()


def index_grams(folded: str) -> list[str]:
    """Return the tokens of a folded text in order."""
    tokens: list[str] = []
    for run in _TOKEN_RUN.finditer(folded):
        tokens += _run_tokens(run[0], _follows_word(folded, run.start()))
    return tokens


def phrase_of(text: str) -> Phrase | None:
    """Return the phrase that finds a text, or None when nothing in it can be looked for."""
    folded = fold(text).text.strip()
    runs = list(_TOKEN_RUN.finditer(folded))
    if not runs:
        return None
    tokens: list[str] = []
    for run in runs[:-1]:
        tokens += _run_tokens(run[0], _follows_word(folded, run.start()))
    last = runs[-1]
    follows = _follows_word(folded, last.start())
    ending = _run_tokens(last[0], follows)
    if not _HAN_RUN.fullmatch(last[0]):
        return Phrase(folded, (*tokens, *ending), open_end=False)
    if len(last[0]) > 1 or follows:
        return Phrase(folded, (*tokens, *ending[:-1]), open_end=False)
    return Phrase(folded, (*tokens, *ending), open_end=True)


def places_of(phrase: Phrase, folded: Folded) -> tuple[tuple[int, int], ...]:
    """Return where a phrase stands, as half-open offsets into the source text, in order, overlaps left out."""
    if phrase.form:
        same = (
            one.span()
            for one in _TOKEN_RUN.finditer(folded.text)
            if has_forms(one[0]) and form_of(one[0]) == phrase.form
        )
        return tuple((folded.offsets[start], folded.ends[end - 1]) for start, end in same)
    places: list[tuple[int, int]] = []
    start = folded.text.find(phrase.folded)
    while start >= 0:
        end = start + len(phrase.folded)
        if _at_word_edge(folded.text, start) and _at_word_edge(folded.text, end):
            places.append((folded.offsets[start], folded.ends[end - 1]))
            start = folded.text.find(phrase.folded, end)
        else:
            start = folded.text.find(phrase.folded, start + 1)
    return tuple(places)


def _run_tokens(run: str, follows_word: bool) -> list[str]:
    if not _is_han(run[0]):
        return [run]
    first = [run[0]] if follows_word else []
    return [*first, *map(add, run, run[1:]), run[-1]]


def _follows_word(folded: str, start: int) -> bool:
    return start > 0 and folded[start - 1] != " " and not _is_han(folded[start - 1])


def _at_word_edge(folded: str, place: int) -> bool:
    if place in (0, len(folded)):
        return True
    return not (_is_word(folded[place - 1]) and _is_word(folded[place]))


def _is_word(character: str) -> bool:
    return character != " " and not _is_han(character)


@cache
def _is_han(character: str) -> bool:
    return bool(_HAN_RUN.match(character))


class _Made:
    """A text that is being folded: its characters so far, and where each was made of."""

    def __init__(self) -> None:
        self.characters: list[str] = []
        self.offsets: list[int] = []
        self.ends: list[int] = []
        self._pending: int | None = None
        self._soft = True

    def add(self, source: str, place: int, *, is_broken: bool) -> None:
        """Add what a character becomes; where it is between two halves of a word, nothing."""
        folded = "" if is_broken else _folded(source)
        if not folded and self.ends and self._pending is None:
            self.ends[-1] = place + 1
        for character in folded:
            if character == " " or not self._join(character, place):
                self._add_one(character, source, place)

    def add_han(self, source: str, place: int) -> None:
        """Add Han characters that follow one, most of them at once."""
        folded = source.translate(_folds())
        if len(folded) == len(source) and _HAN_RUN.fullmatch(folded):
            self.characters += folded
            self.offsets += range(place, place + len(source))
            self.ends += range(place + 1, place + len(source) + 1)
        else:
            for number, one in enumerate(source, place):
                self.add(one, number, is_broken=False)

    def _join(self, character: str, place: int) -> bool:
        if self._pending is not None or not self.characters:
            return False
        joined = _joined(self.characters[-1], character)
        if joined:
            self.characters[-1], self.ends[-1] = joined, place + 1
        return bool(joined)

    def _add_one(self, character: str, source: str, place: int) -> None:
        if character == " ":
            self._soft = self._soft and source.isspace() if self._pending is not None else source.isspace()
            self._pending = place if self._pending is None else self._pending
            return
        if self._pending is not None:
            between_han = self.characters and _is_han(self.characters[-1]) and _is_han(character)
            if self.characters and not (self._soft and between_han):
                self._put(" ", self._pending)
            self._pending = None
        self._put(character, place)

    def _put(self, character: str, place: int) -> None:
        self.characters.append(character)
        self.offsets.append(place)
        self.ends.append(place + 1)


class _Folds(dict[int, str]):
    """What every character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        source = chr(code)
        folded = _folded(source).replace(" ", _SOFT if source.isspace() else _HARD)
        if source in (_SOFT, _HARD, _SLOWLY) or any(map(_is_mark, folded)):
            folded = _SLOWLY
        self[code] = folded
        return folded


@cache
def _folds() -> _Folds:
    return _Folds()


@lru_cache(maxsize=200_000)
def _folded(source: str) -> str:
    """Return what a character becomes: "" for one that is not seen, one space for what divides words."""
    if _UNSEEN.match(source) or unicodedata.category(source) == "Cf":
        return ""
    known = _RADICALS.get(source) or unicodedata.normalize("NFKC", source)
    return "".join(_folded_one(character) for character in known.lower()) or " "


def _joined(letter: str, mark: str) -> str:
    """Return the one character that a letter and a mark after it are; "" when they are two."""
    if mark < "\u0300" or not _is_mark(mark):
        return ""
    if letter in _PLAIN_LATIN and unicodedata.combining(mark):
        return letter
    composed = unicodedata.normalize("NFC", letter + mark)
    return composed if len(composed) == 1 else ""


@cache
def _is_mark(character: str) -> bool:
    """Say whether a character may be part of the one before it: marks, and the later letters of a Korean syllable."""
    return unicodedata.combining(character) > 0 or "\u1160" < character < "\u1200"


def _folded_one(character: str) -> str:
    character = _VARIANTS.get(character, character)
    if _is_han(character):
        simplified: str = _converter().convert(character)
        return _VARIANTS.get(simplified, simplified)
    category = unicodedata.category(character)
    if category[0] not in "LMN":
        return " "
    letter = unicodedata.normalize("NFD", character)[0] if character > "\x7f" else character
    return letter if letter in _PLAIN_LATIN else _LATIN.get(letter, character)


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
