"""Characters that nobody sees: they come along when text is copied out of web pages, chats and office programs."""

import re
import unicodedata

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_BLANKS = dict.fromkeys(
    map(ord, "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u2800\u3000"),
    " ",
)


def without_unseen(text: str) -> str:
    """Return text without zero-width characters, marks of byte order and direction, soft hyphens and selectors.

    Every blank that is no line break becomes a plain one (Unicode 16, categories Cf and Zs, default ignorables).
    """
    return text if text.isascii() else _UNSEEN.sub("", text).translate(_BLANKS)


def as_compared(text: str) -> str:
    """Return the form in which two writings of a value are equal: width, case, blanks and what is not seen do not count."""
    return "".join(unicodedata.normalize("NFKC", without_unseen(text)).split()).casefold()
