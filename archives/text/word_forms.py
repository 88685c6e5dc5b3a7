"""English words brought to one form: dredge finds dredging, and harbour finds harbor.

Spellings of Britain are brought to those of America first, then endings are cut by the English stemmer of Snowball
(https://snowballstem.org/algorithms/english/stemmer.html). It brings together what differs in its ending; now and then
also words that mean different things, which is why what stands in quotes is never looked for by its form.
"""

import re
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer

SHORTEST = 3
"""How many letters a word has at least to have forms."""
_OUR = (
    "arb|ard|arm|behavi|cand|clam|col|demean|discol|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|misdemean|neighb|od|parl|ranc|"
    "rig|rum|savi|sav|splend|succ|tum|val|vap|vig"
)
_SPELLINGS = tuple(
    (re.compile(form), replacement)
    for form, replacement in (
        (rf"^((?:dis|un)?(?:{_OUR}))our(?=$|s|e|i|a|l|h)", r"\1or"),
        (r"(?<=[a-z]{3})is(?=(?:e|ed|es|ing|ation|ations|er|ers)$)", "iz"),
        (r"(?<=[a-z]{2})ys(?=(?:e|ed|es|ing|er|ers)$)", "yz"),
        (r"(cent|theat|met|lit|fib|somb|lust|spect|calib|sab|meag)re(?=s?$)", r"\1er"),
        (r"(cent)r(?=(?:ed|ing)$)", r"\1er"),
        (r"(catal|dial|anal|prol|epil|monol)ogu(?:e(?!d)|(?=ing$|ed$))", r"\1og"),
        (r"(def|off|lic|pret)ence(?=s?$)", r"\1ense"),
        (r"(?<=gr)amme(?=s?$)", "am"),
        (r"^(plough)", "plow"),
        (r"^grey", "gray"),
        (r"(?<=e)xion(?=s?$)", "ction"),
        (r"^archaeo", "archeo"),
        (r"^(encyclop|medi|p|orthop)ae(?=d|v)", r"\1e"),
        (r"^manoeuvr(?:e(?!d))?", "maneuver"),
    )
)


@lru_cache(maxsize=1 << 17)
def form_of(word: str) -> str:
    """Return the form that all forms of a folded English word have in common."""
    for spelling, replacement in _SPELLINGS:
        word = spelling.sub(replacement, word)
    form: str = EnglishStemmer().stemWord(word)  # one of its own: it keeps the word that it works on
    return form
