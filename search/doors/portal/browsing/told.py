"""What the archives say on the site of itself and of each repository: opening hours, whom to ask, how to object."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields

from markupsafe import Markup

from archives.message import Message, message

_NOTHING = message("", "")
_FOUND = re.compile(
    r"(?P<url>https?://[A-Za-z0-9\[][^\s\"'<>“”‘’（）()，。；、！？]*[A-Za-z0-9/=_~-])"
    r"|(?P<mail>(?<![A-Za-z0-9.@_%+-])[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})"
    r"|(?P<phone>(?<![A-Za-z0-9+./-])(?:"
    r"\+[0-9]{1,3}(?:[ -]?(?:\([0-9]{1,4}\)|[0-9]{2,5})){2,5}"
    r"|(?:\(0[0-9]{2,3}\) ?|0[0-9]{2,3}[- ]?)[0-9]{7,8}"
    r"|1[3-9][0-9]{9}|[48]00[- ]?[0-9]{3}[- ]?[0-9]{4})"
    r"(?:(?: ?转 ?|-)(?P<ext>[0-9]{1,5}))?(?![A-Za-z0-9./-]))"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a repository tells its readers, each in paragraphs: empty where its settings say nothing."""

    hours: Message = _NOTHING
    address: Message = _NOTHING
    contact: Message = _NOTHING
    closed: Message = _NOTHING
    objection: Message = _NOTHING
    copyright: Message = _NOTHING


TOLD = tuple(one.name for one in fields(Told))
"""What a repository tells, by name, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class FootLink:
    """A line at the foot of every page; ``url`` is empty for a text alone."""

    text: Message
    url: str = ""


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture at the head of every page."""

    media_type: str
    data: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """Return its address, another one for other bytes."""
        return f"/logo/{hashlib.sha256(self.data).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Institution:
    """Who runs the site, what it tells of itself in paragraphs of a line each; ``accent`` is its colour as ``#rrggbb``."""

    operator: Message = _NOTHING
    about: Message = _NOTHING
    links: tuple[FootLink, ...] = ()
    logo: Logo | None = None
    accent: str = ""


@dataclass(frozen=True, slots=True)
class SiteWords:
    """What the settings say of the site: its address as the public writes it, without a slash at its end
    (empty: not told), what its repositories tell by their codes, whether one lets files be taken away, at that moment, and whose site it is.
    """

    address: str = ""
    repositories: Mapping[str, Told] = field(default_factory=dict)
    may_download: Callable[[str], bool] = lambda _: False
    institution: Institution = field(default_factory=Institution)


def linked(text: str) -> Markup:
    """Return a paragraph as HTML, its addresses, mail addresses and telephone numbers linked."""
    return Markup("").join(_parts(text))


def _parts(text: str) -> Iterator[Markup]:
    end = 0
    for found in _FOUND.finditer(text):
        yield Markup.escape(text[end : found.start()])
        yield Markup('<a href="{}" rel="nofollow">{}</a>').format(_address(found), found[0])
        end = found.end()
    yield Markup.escape(text[end:])


def _address(found: re.Match[str]) -> str:
    if found["url"]:
        return found["url"]
    if found["mail"]:
        return f"mailto:{found['mail']}"
    number = found["phone"][: found.start("ext") - found.start("phone")] if found["ext"] else found["phone"]
    number = number.replace("(0)", "") if number.startswith("+") else number  # dialled within the country alone
    digits = "".join(one for one in number if one in "+0123456789")
    return f"tel:{digits}" + (f";ext={found['ext']}" if found["ext"] else "")
