"""The tokens of a text as every index holds them: what stands, in which forms, and under which name it is said.

Behind the bigrams and words of a text come the forms of its English words, each with a sign before it, then what is said
under a name (a title, an author), each token with the sign of the name. Signs are characters that no folded text has,
so a phrase of plain tokens never stands among them, and one with a sign stands nowhere else.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from archives.text.folding import Phrase, folded_text, has_forms, index_grams, phrase_of
from archives.text.word_forms import SHORTEST, form_of

_FORM = "≈"
_LETTERS = re.compile(f"[a-z]{{{SHORTEST},}}")


def index_tokens(text: str, named: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Return the tokens of a text, and of texts that are said under a name, each given as its sign and what is said."""
    tokens = _tokens(text)
    for sign, said in named:
        tokens += [sign + token for token in _tokens(said)]
    return tokens


def any_form_of(text: str) -> Phrase | None:
    """Return the phrase that finds any form of an English word, else as ``phrase_of`` does; None as there."""
    phrase = phrase_of(text)
    if phrase and has_forms(phrase.folded):
        form = form_of(phrase.folded)
        return Phrase(phrase.folded, (_FORM + form,), open_end=False, form=form)
    return phrase


def named(sign: str, phrase: Phrase) -> Phrase:
    """Return the phrase that stands only in what is said under a name."""
    return replace(phrase, tokens=tuple(sign + token for token in phrase.tokens))


def _tokens(text: str) -> list[str]:
    grams = index_grams(folded := folded_text(text))
    if not _LETTERS.search(folded):
        return grams
    words = dict.fromkeys(filter(has_forms, grams))
    return [*grams, *dict.fromkeys(_FORM + form_of(word) for word in words)]
