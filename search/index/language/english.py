"""English words beside their regular forms: children for child, and co-operate for cooperate.

Endings are cut alike when texts are indexed; what no ending tells, and what a hyphen divides there, is looked for beside.
"""

import re
from collections.abc import Iterator

from archives.text.folding import Phrase, phrase_of
from archives.text.tokens import any_form_of
from archives.text.word_forms import form_of

_OF_MEN = (
    "alder boat business chair clergy congress country crafts drafts draughts dutch english fire fisher fore french free gentle "
    "horse irish kins lay middle midship noble police post sales scots sea service spokes sports states trades tribes "
    "watch welsh work working yeo"
)
_NOUNS = (
    "child children", "woman women", "man men", "foot feet", "tooth teeth", "goose geese", "mouse mice", "louse lice",
    "wife wives", "housewife housewives", "midwife midwives", "knife knives", "half halves", "calf calves",
    "wolf wolves", "thief thieves", "loaf loaves", "shelf shelves", "wharf wharves", "scarf scarves", "hoof hooves",
    "grandchild grandchildren", "schoolchild schoolchildren", "memorandum memoranda", "bureau bureaux",
    "plateau plateaux", "appendix appendices", "index indices", "criterion criteria", "phenomenon phenomena",
    "crisis crises", "thesis theses", "stratum strata", "bacterium bacteria", "alumnus alumni",
)  # fmt: skip
_VERBS = (
    "begin began begun", "blow blew blown", "break broke broken", "breed bred", "bring brought", "build built",
    "rebuild rebuilt", "buy bought", "catch caught", "choose chose chosen", "deal dealt", "dig dug",
    "draw drew drawn", "withdraw withdrew withdrawn", "drive drove driven", "eat ate eaten", "feed fed",
    "fight fought", "flee fled", "fly flew flown", "forbid forbade forbidden", "freeze froze frozen",
    "gave give given", "grow grew grown", "hide hid hidden", "hold held", "keep kept", "know knew known",
    "lead led", "lend lent", "lose lost", "make made", "meet met", "pay paid", "ride rode ridden", "run ran",
    "say said", "see seen", "seek sought", "sell sold", "send sent", "shake shook shaken", "shoot shot",
    "sing sang sung", "sink sank sunk", "speak spoke spoken", "spend spent", "spin spun", "stand stood",
    "steal stole stolen", "strike struck stricken", "swear swore sworn", "sweep swept", "take took taken",
    "undertake undertook undertaken", "teach taught", "tear tore torn", "tell told", "think thought",
    "throw threw thrown", "overthrow overthrew overthrown", "wear wore worn", "weave wove woven", "win won",
    "write wrote written",
)  # fmt: skip
"""Only those of which no form is another word, as found, left and rose are."""
_MEN = tuple(f"{of}man {of}men" for of in _OF_MEN.split())
IRREGULAR: dict[str, tuple[str, ...]] = {
    word: tuple(line.split()) for line in (*_NOUNS, *_VERBS, *_MEN) for word in line.split()
}
_OF_ATE = ("ate", "ates", "ated", "ating", "ation", "ations", "ative", "ator", "ators")
_OF_ISE = ("e", "es", "ed", "ing", "er", "ers", "ation", "ations")
_OF_Y = ("y", "ies", "ied", "ying")
_PLAIN = ("", "s", "e", "es", "ed", "ing", "ment", "ments", "ion", "ions", "ation", "ations")
_SPELLINGS = {"is": "iz", "iz": "is", "ys": "yz", "yz": "ys"}
_ENDS = re.compile(
    rf"(?P<ise>.+(?:{'|'.join(_SPELLINGS)}))(?:{'|'.join(_OF_ISE)})|(?P<ate>..+?)(?:{'|'.join(_OF_ATE)})"
    rf"|(?P<y>..+?)(?:{'|'.join(_OF_Y)})|(?P<plain>..+?)(?:{'|'.join(_PLAIN)})"
)
_MAY_BE_DIVIDED = re.compile(r"(co|re|pre)([aeiou][a-z]{3,})")
"""What was written with a hyphen between two vowels; before consonants ``Re: port`` would be report."""
_BEFORE_VERBS = frozenset(["co", "re", "pre", "de", "non", "sub", "over", "under", "inter"])
_SHORTEST_FIRST, _SHORTEST_SECOND, _LONGEST_DIVIDED = 2, 3, 16
_PLURAL = ("", "s", "es")
_DIVIDED = re.compile(r"([^\W\d_]+)[-‐]([^\W\d_]+)")


def phrases_of(text: str) -> tuple[Phrase, ...]:
    """Return the phrases any of which a word looks for, the word itself before others; none where nothing can be."""
    phrase = any_form_of(text)
    if phrase is None:
        return ()
    return tuple(dict.fromkeys((phrase, *_beside(phrase, is_divided=_DIVIDED.fullmatch(text) is not None))))


def ways_to_divide(word: str) -> Iterator[str]:
    """Yield an English word in two, with a hyphen, at every place where it may be two words; none for what is no such word."""
    if word.isascii() and word.isalpha() and len(word) <= _LONGEST_DIVIDED:
        for place in range(_SHORTEST_FIRST, len(word) - _SHORTEST_SECOND + 1):
            yield f"{word[:place]}-{word[place:]}"


def _beside(phrase: Phrase, *, is_divided: bool) -> Iterator[Phrase]:
    if phrase.form:
        for word in IRREGULAR.get(phrase.folded, ()):
            yield from _found(any_form_of(word))
        if found := _MAY_BE_DIVIDED.fullmatch(phrase.folded):
            first, rest = found.groups()
            forms = [one for one in _forms(first, rest) if _MAY_BE_DIVIDED.fullmatch(first + one)]
            yield from (one for word in forms for one in _found(phrase_of(f"{first} {word}")))
    elif is_divided and re.fullmatch("[a-z]+ [a-z]+", phrase.folded):
        first, rest = phrase.folded.split()
        yield from _found(any_form_of(first + rest))
        yield from (one for word in _forms(first, rest) for one in _found(phrase_of(f"{first} {word}")))


def _forms(first: str, rest: str) -> Iterator[str]:
    """Yield every form of the second part of a word, which are those that make the same form of the whole."""
    yield rest
    form = form_of(first + rest)
    singular = rest.removesuffix("s")
    others = _inflected(rest) if first in _BEFORE_VERBS else (singular + ending for ending in _PLURAL)
    yield from (one for one in others if form_of(first + one) == form)


def _inflected(word: str) -> Iterator[str]:
    """Yield a word with the endings that others of its kind have, whether or not there is such a word."""
    found = _ENDS.fullmatch(word)
    if found is None:
        return
    if stem := found["ise"]:
        yield from (one + ending for one in (stem, stem[:-2] + _SPELLINGS[stem[-2:]]) for ending in _OF_ISE)
    elif stem := found["ate"]:
        yield from (stem + ending for ending in (*_OF_ATE, *_OF_ISE[:4]))
    elif stem := found["y"]:
        yield from (stem + ending for ending in _OF_Y)
    else:
        yield from (found["plain"] + ending for ending in _PLAIN)


def _found(phrase: Phrase | None) -> Iterator[Phrase]:
    if phrase:
        yield phrase
