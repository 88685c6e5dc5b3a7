"""Values as practice codes them, and what they stand for: written 1 and meant 永久."""

import unicodedata
from collections.abc import Mapping

from archives.text.unseen import without_unseen


def folded_value(text: str) -> str:
    """Return the form in which values are looked up in a map: one width and case, no blanks, no leading zeros of a number."""
    plain = "".join(unicodedata.normalize("NFKC", without_unseen(text)).split()).casefold()
    return plain.lstrip("0") or "0" if plain.isascii() and plain.isdigit() else plain


def mapped(text: str, values: Mapping[str, str]) -> str | None:
    """Return what a value stands for; itself where it is already one of those, None where the map does not know it."""
    found = values.get(folded_value(text))
    return found if found is not None else text if text in values.values() else None
