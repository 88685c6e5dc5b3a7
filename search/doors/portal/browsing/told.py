"""What the archives say on the site of itself and of each repository: opening hours, whom to ask, how to object."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Literal

from markupsafe import Markup

from archives.message import Message
from search.doors.portal.languages import Tongue, institution, said

_BLANK = re.compile(r"\r?\n[^\S\n]*\n")
_HEADING = re.compile(r"#{1,6}[^\S\n]+(?P<text>[^\n]*\S)[^\S\n]*(?:\n|$)")
_POINT = re.compile(r"[^\S\n]*[-*][^\S\n]+(?=\S)")
_FOUND = re.compile(
    r"\[(?P<words>[^\[\]\n]+)\]\((?P<to>(?:https?://|/(?!/))[^\s()<>\"']*)\)"
    r"|(?P<url>https?://[A-Za-z0-9\[][^\s\"'<>“”‘’（）()，。；、！？]*[A-Za-z0-9/=_~-])"
    r"|(?P<mail>(?<![A-Za-z0-9.@_%+-])[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})"
    r"|(?P<phone>(?<![A-Za-z0-9+./-])(?:"
    r"\+[0-9]{1,3}(?:[ -]?(?:\([0-9]{1,4}\)|[0-9]{2,5})){2,5}"
    r"|(?:\(0[0-9]{2,3}\) ?|0[0-9]{2,3}[- ]?)[0-9]{7,8}"
    r"|1[3-9][0-9]{9}|[48]00[- ]?[0-9]{3}[- ]?[0-9]{4})"
    r"(?:(?: ?转 ?|-)(?P<ext>[0-9]{1,5}))?(?![A-Za-z0-9./-]))"
)


@dataclass(frozen=True, slots=True)
class Given:
    """What an institution wrote, in the languages in which it did: names and numbers are never converted."""

    zh: str = ""
    en: str = ""
    hant: str = ""

    def to(self, tongue: Tongue) -> str:
        """Return it as the reader sees it; what is not written in that language stands as it is written in another."""
        written = {"zh": self.zh, "zh-Hant": self.hant or self.zh, "en": self.en}[tongue]
        return written or self.zh or self.en or self.hant


@dataclass(frozen=True, slots=True)
class Told:
    """What a repository tells its readers, each in paragraphs: empty where its settings say nothing.

    ``name_hant`` is what it is called in traditional characters, which the catalogue does not know.
    """

    hours: Given = Given()
    address: Given = Given()
    contact: Given = Given()
    closed: Given = Given()
    objection: Given = Given()
    copyright: Given = Given()
    name_hant: str = ""


TOLD = tuple(one.name for one in fields(Told) if one.name != "name_hant")
"""What a repository tells, by name, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class FootLink:
    """A line at the foot of every page; ``url`` is empty for a text alone, ``image`` stands before the text or, ``is_alone``, instead."""

    text: Given
    url: str = ""
    image: "Logo | None" = None
    is_alone: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page: a heading, the points of a list, or a paragraph, which is one text."""

    kind: Literal["heading", "list", "text"]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page of the institution's own: privacy, accessibility and the like; blank lines part its paragraphs.

    A line that begins with ``#`` is a heading, lines that begin with ``-`` are the points of a list.
    """

    name: str
    title: Given
    text: Given

    @property
    def path(self) -> str:
        """Return its address."""
        return f"/pages/{self.name}"

    def blocks(self, tongue: Tongue) -> list[Block]:
        """Return its parts as the reader sees them."""
        return [block for one in _BLANK.split(self.text.to(tongue)) for block in _blocks(one.strip())]


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture of the institution: at the head of every page, or of a line at their foot."""

    media_type: str
    data: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """Return its address, another one for other bytes."""
        return f"/logo/{hashlib.sha256(self.data).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Institution:
    """Who runs the site, what it tells of itself in paragraphs of a line each; ``accent`` is its colour as ``#rrggbb``.

    ``site_code`` is the number of the site of a government (网站标识码), empty for others.
    """

    operator: Given = Given()
    about: Given = Given()
    links: tuple[FootLink, ...] = ()
    logo: Logo | None = None
    accent: str = ""
    pages: tuple[OwnPage, ...] = ()
    site_code: str = ""

    @property
    def tells_site_code(self) -> bool:
        """Whether the foot of a page has to tell the number of the site: no line there does."""
        texts = (text for one in self.links for text in (one.text.zh, one.text.en, one.text.hant))
        return bool(self.site_code) and not any(self.site_code in text for text in texts)

    @property
    def pictures(self) -> dict[str, Logo]:
        """Its pictures by their addresses."""
        shown = (self.logo, *(one.image for one in self.links))
        return {one.path: one for one in shown if one}


@dataclass(frozen=True, slots=True)
class SiteWords:
    """What the settings say of the site: its address as the public writes it, without a slash at its end
    (empty: not told), what its repositories tell by their codes, whether one lets files be taken away, at that moment, and whose site it is.
    """

    address: str = ""
    repositories: Mapping[str, Told] = field(default_factory=dict)
    may_download: Callable[[str], bool] = lambda _: False
    institution: Institution = field(default_factory=Institution)

    def holder(self, code: str, name: str, name_en: str, tongue: Tongue) -> str:
        """Return what a repository is called on the site's own pages."""
        told = self.repositories.get(code) if tongue == "zh-Hant" else None
        return told.name_hant if told and told.name_hant else institution(name, name_en, tongue)


def to_reader(one: Message | Given, tongue: Tongue) -> str:
    """Return what the site says, or what its institution wrote, as the reader sees it."""
    return one.to(tongue) if isinstance(one, Given) else said(one, tongue)


def _blocks(text: str) -> Iterator[Block]:
    while heading := _HEADING.match(text):
        yield Block("heading", (heading["text"],))
        text = text[heading.end() :].strip()
    begins = [found.start() for found in re.finditer(rf"^{_POINT.pattern}", text, re.MULTILINE)]
    before = text[: begins[0]].strip() if begins else text
    if before:
        yield Block("text", (before,))
    if begins:
        points = (text[start:end] for start, end in pairwise([*begins, len(text)]))
        yield Block("list", tuple(_POINT.sub("", point, count=1).strip() for point in points))


def linked(text: str) -> Markup:
    """Return a paragraph as HTML, its addresses, mail addresses and telephone numbers linked, and ``[words](address)``."""
    return Markup("").join(_parts(text))


def _parts(text: str) -> Iterator[Markup]:
    end = 0
    for found in _FOUND.finditer(text):
        yield Markup.escape(text[end : found.start()])
        yield Markup('<a href="{}" rel="nofollow">{}</a>').format(_address(found), found["words"] or found[0])
        end = found.end()
    yield Markup.escape(text[end:])


def _address(found: re.Match[str]) -> str:
    if found["url"] or found["to"]:
        return found["url"] or found["to"]
    if found["mail"]:
        return f"mailto:{found['mail']}"
    number = found["phone"][: found.start("ext") - found.start("phone")] if found["ext"] else found["phone"]
    number = number.replace("(0)", "") if number.startswith("+") else number  # dialled within the country alone
    digits = "".join(one for one in number if one in "+0123456789")
    return f"tel:{digits}" + (f";ext={found['ext']}" if found["ext"] else "")
