"""Which language a text is in, as far as its letters and commonest words tell."""

import re
from collections import Counter
from functools import cache, lru_cache
from operator import ne
from typing import Any

_SCRIPTS = {
    "han": re.compile("[㐀-鿿]"),
    "kana": re.compile("[ぁ-ゖァ-ヺ]"),
    "hangul": re.compile("[가-힣]"),
    "cyrillic": re.compile("[А-Яа-яЁё]"),
    "latin": re.compile("[A-Za-zÀ-ɏ]"),
}
_LEAST_KANA = 0.1
_LATIN_A_HAN = 3
"""So many Latin letters say as much as one Chinese character."""
_JUDGED = 20_000
_HAN_JUDGED = 2_000
"""So many Chinese characters tell which forms a text is written in."""
_WORDS = {
    "en": ["the", "of", "and", "to", "for", "in", "on", "with", "from", "by", "report", "letter", "minutes", "meeting"],
    "de": ["der", "die", "das", "und", "des", "dem", "den", "von", "zu", "für", "im", "über", "bericht"],
    "fr": ["le", "la", "les", "des", "du", "et", "de", "à", "pour", "sur", "au", "aux", "rapport"],
    "es": ["el", "los", "las", "del", "y", "para", "por", "con", "sobre", "informe"],
}


def language_of(text: str) -> str | None:
    """Return the BCP 47 tag of the language that most of a text is in; None where nothing tells.

    A name or a sentence in another script is no other language; what is beyond 20,000 characters is not looked at.
    """
    text = text[:_JUDGED]
    letters = _letters_of(text)
    latin, eastern = letters["latin"], letters["han"] + letters["kana"] + letters["hangul"]
    if letters["cyrillic"] > max(latin, _LATIN_A_HAN * eastern):
        return "ru"
    by_words = _by_words(text) if latin else None
    if not eastern or (by_words and latin > _LATIN_A_HAN * eastern):
        return by_words
    if letters["hangul"] > eastern / 3:
        return "ko"
    if letters["kana"] > _LEAST_KANA * eastern:
        return "ja"
    return "zh-Hant" if _is_traditional(text) else "zh-Hans"


def _letters_of(text: str) -> Counter[str]:
    """Return how many letters of each script a text has; each kind of character is looked at once."""
    found: Counter[str] = Counter()
    for character, number in Counter(text).items():
        found[_script_of(character)] += number
    return found


@lru_cache(maxsize=1 << 15)
def _script_of(character: str) -> str:
    return next((script for script, letters in _SCRIPTS.items() if letters.match(character)), "")


def _by_words(text: str) -> str | None:
    """Return the language whose commonest words a text has most of; None where none leads."""
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    counted = {tag: sum(words[word] for word in known) for tag, known in _WORDS.items()}
    best = max(counted, key=lambda tag: counted[tag])
    is_alone = sum(number == counted[best] for number in counted.values()) == 1
    return best if counted[best] and is_alone else None


def _is_traditional(text: str) -> bool:
    """Say whether more characters are of the traditional form alone than of the simplified one alone."""
    text = "".join(_SCRIPTS["han"].findall(text)[:_HAN_JUDGED])
    traditional: int = sum(map(ne, text, str(_converter("t2s").convert(text))))
    simplified: int = sum(map(ne, text, str(_converter("s2t").convert(text))))
    return traditional > simplified


@cache
def _converter(way: str) -> Any:
    import opencc

    return opencc.OpenCC(way)


def language_to_read_in(stated: str, *texts: str) -> str:
    """Return the language in which pages are recognised: the stated one, else that of what is said of them, else Chinese."""
    return stated or language_of(" ".join(texts)) or "zh-Hans"
