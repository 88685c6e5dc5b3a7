"""What language a text is written in, as far as its script says that: for parts of pages in another one (WCAG 2.2, 3.1.2)."""

import re
from functools import lru_cache

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa]")
_HANGUL = re.compile(r"[\u1100-\u11ff\uac00-\ud7af]")
_SMALL = re.compile(r"[a-zà-öø-ÿ]")
_EAST_ASIAN = ("zh", "ja", "ko")
_GB_BIG5, _BIG5_GB = ("gb2312", "big5"), ("big5", "gb2312")


@lru_cache(maxsize=1 << 12)
def language_written(text: str) -> str:
    """Return the tag (RFC 5646) of a text in Chinese, Japanese or Korean, empty for one in other letters, or with words in them.

    Chinese with characters that only one of the scripts has is told to be in it: those that GB 2312 has and Big5 has not.
    """
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    han = set(_HAN.findall(text))
    if not han or 2 * len(_SMALL.findall(text)) > len(_HAN.findall(text)):
        return ""
    is_simplified, is_traditional = (any(_is_only_in(*pair, one) for one in han) for pair in (_GB_BIG5, _BIG5_GB))
    if is_simplified == is_traditional:
        return "zh"
    return "zh-Hans" if is_simplified else "zh-Hant"


def language_beside(text: str, tag: str, known: str = "") -> str:
    """Return the tag of a text on a page in another language, empty where it is in that of the page, for all that is known.

    ``known`` is the language of the record that the text is said of, which holds as far as the script does not say otherwise:
    a letter in English has a title in Chinese. Chinese that both scripts write alike is in that of any page in Chinese.
    """
    told = language_written(text)
    if known and (known.startswith(told) if told else known.partition("-")[0] not in _EAST_ASIAN):
        return known
    is_alike = told == tag or (told == "zh" and tag.startswith("zh"))
    return "" if is_alike or (tag == "zh-Hans" and told == "zh-Hant") else told


def _is_only_in(one: str, other: str, character: str) -> bool:
    return _has(one, character) and not _has(other, character)


@lru_cache(maxsize=1 << 14)
def _has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
