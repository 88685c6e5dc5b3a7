"""The settings of the public site: where it answers, whose it is, what its repositories tell."""

import re
from collections import Counter
from operator import itemgetter
from typing import Annotated

from pydantic import Field, field_validator

from archives.message import message
from cli.home.settings.section import Section

OUR_NAME = "金匮 · 开放档案"
"""What a site is called that has no name of its own."""
PAPER = "#fbf8f2"
"""The ground of the site's pages, on which links stand in the colour that is chosen."""
LEAST_CONTRAST = 4.5
"""What text needs to be read by all (WCAG 2.2, 1.4.3)."""
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_SITE = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+/?")
_ADDRESS = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?(?:[/?#][^\s\"<>\\^`{|}]*)?"
    r"|/(?![/\\])[^\s\"<>\\^`{|}]*"
    r"|mailto:[^\s\"<>@]+@[A-Za-z0-9.-]+|tel:\+?[0-9()./-]+(?:;ext=[0-9]+)?"
)


class RepositoryTold(Section):
    """What the public site tells of one repository, in paragraphs of a line each, and whether files may be taken away."""

    code: str = Field(min_length=1)
    downloads: bool = False
    name_hant: str = ""
    hours: str = ""
    hours_en: str = ""
    hours_hant: str = ""
    address: str = ""
    address_en: str = ""
    address_hant: str = ""
    contact: str = ""
    contact_en: str = ""
    contact_hant: str = ""
    closed: str = ""
    closed_en: str = ""
    closed_hant: str = ""
    objection: str = ""
    objection_en: str = ""
    objection_hant: str = ""
    copyright: str = ""
    copyright_en: str = ""
    copyright_hant: str = ""


class PortalLink(Section):
    """A line at the foot of every page: a text, where it leads, empty for a text alone, and a picture beside or instead of it."""

    text: str = Field(min_length=1)
    text_en: str = ""
    text_hant: str = ""
    url: str = ""
    image: str = ""
    image_alone: bool = False

    @field_validator("url")
    @classmethod
    def _leads_somewhere(cls, url: str) -> str:
        if url and not _ADDRESS.fullmatch(url):
            raise ValueError(
                message(
                    "须是完整的 https://、http://、mailto: 或 tel: 地址，或本网站内以 / 开头的地址",
                    "it has to be a whole address with https://, http://, mailto: or tel:, or one of this site that begins with /",
                )
            )
        return url


class PortalPage(Section):
    """A page of the institution's own, at ``/pages/<name>`` and at the foot of every page."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")
    title: str = Field(min_length=1)
    title_en: str = ""
    title_hant: str = ""
    text: str = Field(min_length=1)
    text_en: str = ""
    text_hant: str = ""


class PortalSetting(Section):
    """The public site."""

    host: str = "127.0.0.1"
    port: int = Field(default=8077, ge=1, le=65535)
    group: str = ""
    hosts: tuple[Annotated[str, Field(pattern=r"^(\*\.)?[A-Za-z0-9.:-]+$")], ...] = ()
    public_key: str = ""
    site_name: str = OUR_NAME
    site_name_en: str = "Jinkui Open Archives"
    site_name_hant: str = ""
    address: str = ""
    operator: str = ""
    operator_en: str = ""
    operator_hant: str = ""
    about: str = ""
    about_en: str = ""
    about_hant: str = ""
    logo: str = ""
    accent: str = ""
    site_code: str = Field(default="", pattern=r"^[A-Za-z0-9]{0,40}$")
    links: tuple[PortalLink, ...] = ()
    pages: tuple[PortalPage, ...] = ()
    repositories: tuple[RepositoryTold, ...] = ()

    @field_validator("pages")
    @classmethod
    def _have_names_of_their_own(cls, pages: tuple[PortalPage, ...]) -> tuple[PortalPage, ...]:
        name, number = max(Counter(one.name for one in pages).items(), key=itemgetter(1), default=("", 0))
        if number > 1:
            raise ValueError(
                message("有 {n} 页都叫“{name}”", "{n} {n:page|pages} {n:is|are} called “{name}”", n=number, name=name)
            )
        return pages

    @field_validator("address")
    @classmethod
    def _is_where_it_answers(cls, address: str) -> str:
        if address and not _SITE.fullmatch(address):
            raise ValueError(
                message(
                    "须以 https:// 或 http:// 开头，只写到域名（和端口），例如 https://archives.example.org",
                    "it has to begin with https:// or http:// and end with the name (and port), such as https://archives.example.org",
                )
            )
        return address

    @field_validator("accent")
    @classmethod
    def _can_be_read(cls, accent: str) -> str:
        if not accent:
            return accent
        if not _COLOUR.fullmatch(accent):
            raise ValueError(
                message("须是 #1d4f91 这样的颜色（#rrggbb）", "it has to be a colour such as #1d4f91 (#rrggbb)")
            )
        if (least := min(contrast(accent, ground) for ground in ("#ffffff", PAPER))) < LEAST_CONTRAST:
            raise ValueError(
                message(
                    "颜色太浅：白字在其上、其字在页面底色上，对比度须有 4.5:1，只有 {ratio}:1；请用深一些的颜色",
                    "the colour is too light: white text on it, and it on the page, need a contrast of 4.5:1 and have {ratio}:1; "
                    "use a darker one",
                    ratio=f"{int(least * 100) / 100:.2f}",
                )
            )
        return accent


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours ``#rrggbb`` (WCAG 2.2), from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
