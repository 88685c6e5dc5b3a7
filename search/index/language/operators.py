"""Words that are operators elsewhere, OR before all: here each is looked for as a word, and who writes one is told so."""

import re
from collections.abc import Sequence

from search.index.language.terms import Term

_EITHER = ("OR", "或", "或者")
_OPERATORS = (*_EITHER, "AND", "NOT")
_OR = re.compile(rf"\s+(?:{'|'.join(_EITHER)})\s+")
_AND = re.compile(r"\s+AND\s+")
_NOT = re.compile(r"(?<!\S)NOT\s+(?=\S)")


def operators_in(terms: Sequence[Term]) -> tuple[str, ...]:
    """Return which operators were typed as words among others; quoted ones are none."""
    said = dict.fromkeys(term.said for term in terms if not term.is_unwanted)
    return tuple(one for one in said if one in _OPERATORS) if len(said) > 1 else ()


def without_operators(words: str) -> tuple[str, ...]:
    """Return what words may have meant, said without operators: what stands on each side of OR, with a hyphen for NOT."""
    return tuple(_NOT.sub("-", _AND.sub(" ", side.strip())) for side in _OR.split(words))
