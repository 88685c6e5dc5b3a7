"""Which language a short text is in, as far as its characters and commonest words tell."""

import re
from functools import cache
from typing import Any

_HAN = re.compile("[㐀-鿿]")
_SCRIPTS = (
    ("ja", re.compile("[ぁ-ゖァ-ヺ]")),
    ("ko", re.compile("[가-힣]")),
    ("ru", re.compile("[А-Яа-яЁё]")),
)
_WORDS = {
    "en": ["the", "of", "and", "to", "for", "in", "on", "with", "from", "by", "report", "letter", "minutes", "meeting"],
    "de": ["der", "die", "das", "und", "des", "dem", "den", "von", "zu", "für", "im", "über", "bericht"],
    "fr": ["le", "la", "les", "des", "du", "et", "de", "à", "pour", "sur", "au", "aux", "rapport"],
    "es": ["el", "los", "las", "del", "y", "para", "por", "con", "sobre", "informe"],
}


def language_of(text: str) -> str | None:
    """Return the BCP 47 tag of a text's language; None where nothing tells."""
    for tag, letters in _SCRIPTS:
        if letters.search(text):
            return tag
    if _HAN.search(text):
        return "zh-Hant" if _is_traditional(text) else "zh-Hans"
    words = re.findall(r"[^\W\d_]+", text.lower())
    counted = {tag: sum(word in known for word in words) for tag, known in _WORDS.items()}
    best = max(counted, key=lambda tag: counted[tag])
    is_alone = sum(number == counted[best] for number in counted.values()) == 1
    return best if counted[best] and is_alone else None


def _is_traditional(text: str) -> bool:
    """Say whether more characters are of the traditional form alone than of the simplified one alone."""
    traditional = sum(one != other for one, other in zip(text, str(_converter("t2s").convert(text)), strict=False))
    simplified = sum(one != other for one, other in zip(text, str(_converter("s2t").convert(text)), strict=False))
    return traditional > simplified


@cache
def _converter(way: str) -> Any:
    import opencc

    return opencc.OpenCC(way)
