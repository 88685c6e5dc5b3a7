"""How well a page was read: character error rate against a known text, blanks and width left out of account."""

import unicodedata
from collections import Counter


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
    row = list(range(len(other) + 1))
    for number, left in enumerate(one, 1):
        previous, row[0] = row[0], number
        for place, right in enumerate(other, 1):
            previous, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, previous + (left != right))
    return row[-1]
