"""What the settings say of the public site, as the site is given it: whose it is, and what its repositories tell."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from archives.errors import ConfigurationError, FormatError, JinkuiError
from archives.exchange.xml import parse_xml
from archives.message import Message, message
from archives.system_reason import reason_of
from cli.home.downloads import AsSet
from cli.home.settings.as_read import PortalAsSet
from cli.home.settings.portal import OUR_NAME, PortalSetting
from cli.home.settings.section import Section
from search.doors.portal.browsing.told import TOLD, FootLink, Given, Institution, Logo, OwnPage, SiteWords, Told

_LARGEST_BYTES = 512 << 10
_SVG = "{http://www.w3.org/2000/svg}svg"
_RUNS = re.compile(r"\s*(?:javascript|data|vbscript):", re.IGNORECASE)


def site_words(
    chosen: PortalSetting,
    may_download: Callable[[str], bool] = lambda _: False,
    *,
    pictures: Mapping[str, Logo] = MappingProxyType({}),
) -> SiteWords:
    """Return what the settings say of the site and its repositories; where only one language is given, that is told to all.

    ``pictures`` are what the settings name, as ``site_pictures`` returns them.
    """
    institution = Institution(
        _given(chosen, "operator"),
        _given(chosen, "about"),
        tuple(FootLink(_given(one, "text"), one.url, pictures.get(one.image), one.image_alone) for one in chosen.links),
        pictures.get(chosen.logo),
        chosen.accent,
        tuple(OwnPage(one.name, _given(one, "title"), _given(one, "text")) for one in chosen.pages),
        chosen.site_code,
    )
    return SiteWords(chosen.address.rstrip("/"), _told(chosen), may_download, institution)


def site_name(chosen: PortalSetting) -> Message | Given:
    """Return what the site is called: as it is written, or as we call one that has no name of its own."""
    if chosen.site_name == OUR_NAME and not chosen.site_name_hant:
        return message(chosen.site_name, chosen.site_name_en)
    return _given(chosen, "site_name")


def site_words_as_set(
    chosen: PortalSetting, home: Path, *, pictures: Mapping[str, Logo] = MappingProxyType({})
) -> SiteWords:
    """Return the same, where what is said of repositories is read anew whenever the settings of a home are others."""
    portal = PortalAsSet(home)
    return replace(site_words(chosen, AsSet(portal), pictures=pictures), repositories=_ToldAsSet(portal, chosen))


def _told(chosen: PortalSetting) -> dict[str, Told]:
    """Return what repositories tell, by their codes."""
    return {
        one.code: Told(**{key: _given(one, key) for key in TOLD}, name_hant=one.name_hant)
        for one in chosen.repositories
    }


class _ToldAsSet(Mapping[str, Told]):
    """What repositories tell, by the settings as they are at that moment; where these cannot be read, as they were before."""

    def __init__(self, portal: PortalAsSet, first: PortalSetting) -> None:
        self._portal = portal
        self._known = (first, _told(first))

    def __getitem__(self, code: str) -> Told:
        return self._now()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def _now(self) -> dict[str, Told]:
        with suppress(OSError, JinkuiError):
            chosen = self._portal()
            if chosen is not self._known[0]:
                self._known = (chosen, _told(chosen))
        return self._known[1]


def site_pictures(home: Path, chosen: PortalSetting) -> dict[str, Logo]:
    """Return the pictures that the settings name, by the names of their files; raises ``ConfigurationError``."""
    names = (chosen.logo, *(one.image for one in chosen.links))
    return {name: _picture(home, name) for name in dict.fromkeys(names) if name}


def _picture(home: Path, name: str) -> Logo:
    path = (home / name).resolve()
    if not path.is_relative_to(home.resolve()):
        raise _unusable(name, message("须放在档案库文件夹之内", "it has to lie in the folder of the archive"))
    try:
        data = path.read_bytes()
    except OSError as cause:
        raise _unusable(name, reason_of(cause)) from cause
    if len(data) > _LARGEST_BYTES:
        raise _unusable(name, message("超过 512 KiB", "it is larger than 512 KiB"))
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Logo("image/png", data)
    if data.startswith(b"\xff\xd8\xff"):
        return Logo("image/jpeg", data)
    _require_plain_svg(name, data)
    return Logo("image/svg+xml", data)


def _require_plain_svg(name: str, data: bytes) -> None:
    try:
        root = parse_xml(data, subject=name)
    except FormatError as cause:
        raise _unusable(name, _NO_PICTURE) from cause
    if root.tag != _SVG:
        raise _unusable(name, _NO_PICTURE)
    for element in root.iter():
        runs = isinstance(element.tag, str) and element.tag.rpartition("}")[2].lower() in ("script", "foreignobject")
        for key, value in element.attrib.items():
            plain = str(key).rpartition("}")[2].lower()
            runs = runs or plain.startswith("on") or (plain == "href" and bool(_RUNS.match(str(value))))
        if runs:
            raise _unusable(name, message("其中有脚本", "there are scripts in it"))


def _given(section: Section, key: str) -> Given:
    return Given(getattr(section, key), getattr(section, f"{key}_en"), getattr(section, f"{key}_hant"))


_NO_PICTURE = message("不是 PNG、JPEG 或没有 DOCTYPE 的 SVG", "it is no PNG, no JPEG and no SVG without a DOCTYPE")


def _unusable(name: str, reason: str | Message) -> ConfigurationError:
    return ConfigurationError(
        message(
            "图片 {name} 不能用：{reason}", "the picture {name} cannot be used: {reason}", name=name, reason=reason
        ),
        subject=name,
        advice=message(
            "请在 jinkui.toml 中改正 [portal] 的 logo（或 [[portal.links]] 的 image），或留空",
            "mend logo in [portal] (or image in [[portal.links]]) of jinkui.toml, or leave it empty",
        ),
    )
