"""How well a page was read: character error rate against a known text, blanks and width left out of account."""

import unicodedata
from collections import Counter

import numpy as np
from numpy.typing import NDArray


def character_error_rate(read: str, truth: str) -> float:
    """Return Levenshtein distance divided by the length of the truth (0.0 is perfect; can exceed 1.0)."""
    ours, known = comparable(read), comparable(truth)
    return edit_distance(ours, known) / len(known) if known else float(bool(ours))


def character_recall(read: str, truth: str) -> float:
    """Return the share of the truth's characters that were read anywhere, whatever their order."""
    ours, known = Counter(comparable(read)), Counter(comparable(truth))
    return (ours & known).total() / known.total() if known else 1.0


def comparable(text: str) -> str:
    """Return text without blanks and with widths folded, the form in which readings are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def edit_distance(one: str, other: str) -> int:
    """Return the Levenshtein distance of two texts."""
    letters, places = _letters(other), np.arange(len(other) + 1)
    row = places
    for number, letter in enumerate(_letters(one), 1):
        here = np.minimum(row[1:] + 1, row[:-1] + (letters != letter))
        row = np.minimum.accumulate(np.concatenate(([number], here)) - places) + places
    return int(row[-1])


def common_length(one: str, other: str) -> int:
    """Return the length of the longest text that both have in this order, whatever stands between."""
    letters = _letters(other)
    row = np.zeros(len(other) + 1, np.int64)
    for letter in _letters(one):
        row[1:] = np.maximum.accumulate(np.maximum(row[1:], row[:-1] + (letters == letter)))
    return int(row[-1])


def _letters(text: str) -> NDArray[np.int64]:
    return np.array([ord(letter) for letter in text], np.int64)
