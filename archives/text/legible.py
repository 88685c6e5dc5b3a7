"""Whether text taken out of a file can be read by anybody: fonts without a table of characters give signs without sense."""

import unicodedata

_SENSELESS = frozenset(("Cc", "Co", "Cn", "Cs"))
_LEADERS = frozenset(".…·_-—=*|")
_CHARACTER_SETS = ("gb2312", "big5", "shift_jis", "euc_kr")
_MOST_SENSELESS = 0.2
_LEAST_LETTERS = 0.3
_MOST_OF_LATIN_1 = 0.5


def is_legible(text: str) -> bool:
    """Say whether a text consists of characters as texts do; one without any is not legible."""
    visible = [one for one in text if not one.isspace() and one not in _LEADERS]
    if not visible:
        return False
    letters = sum(one.isalnum() for one in visible)
    senseless = sum(_is_senseless(one) for one in visible)
    misread = sum("\xa0" < one <= "\xff" for one in visible)  # bytes of Chinese taken for Latin-1
    return (
        senseless <= _MOST_SENSELESS * len(visible)
        and letters >= _LEAST_LETTERS * len(visible)
        and misread <= _MOST_OF_LATIN_1 * len(visible)
    )


def _is_senseless(character: str) -> bool:
    """Say whether a character is none, or an ideograph that no common character set has."""
    if unicodedata.category(character) in _SENSELESS or character == "\ufffd":
        return True
    return (
        character >= "\u3400"
        and unicodedata.name(character, "").startswith("CJK UNIFIED")
        and not _is_common(character)
    )


def _is_common(ideograph: str) -> bool:
    for name in _CHARACTER_SETS:
        try:
            ideograph.encode(name)
        except UnicodeEncodeError:
            continue
        return True
    return False
