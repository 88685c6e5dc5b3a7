"""The languages of the public site: 简体, 繁體 and English; what is written in records stays as it is in all of them."""

import re
from functools import cache, lru_cache
from typing import Any, Literal

from fastapi import Request
from markupsafe import Markup

from archives.message import Language, Message

Tongue = Literal["zh", "zh-Hant", "en"]

TONGUES: dict[Tongue, tuple[str, str]] = {
    "zh": ("简体", "zh-Hans"),
    "zh-Hant": ("繁體", "zh-Hant"),
    "en": ("English", "en"),
}
"""What each is called, and its tag (RFC 5646)."""
COOKIE = "lang"
COOKIE_SECONDS = 31_536_000
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
_INSTEAD = {
    "取自文件": "取自電子檔",
    "電子文件": "電子檔",
    "原件文件": "原始電子檔",
    "文件名": "檔名",
    "文件未變": "電子檔未變",
    "文件中附帶": "電子檔中附帶",
    "下載的文件": "下載的電子檔",
    "元數據": "詮釋資料",
    "業務數據": "業務資料",
    "數字化": "數位化",
    "信息": "資訊",
    "社交媒體": "社群媒體",
    "聯繫": "聯絡",
    "全角": "全形",
    "半角": "半形",
    "錄像": "錄影",
    "圖像": "影像",
    "縮略圖": "縮圖",
    "反饋": "回饋",
    "屏幕": "螢幕",
    "全屏": "全螢幕",
    "滾動": "捲動",
    "程序": "程式",
    "公鑰": "公開金鑰",
    "逐字節": "逐位元組",
    "識別": "辨識",
    "高級檢索": "進階檢索",
    "查看": "檢視",
    "瞭解": "了解",
    "頁腳": "頁尾",
    "幫助": "說明",
    "銷燬": "銷毀",
    "“": "「",
    "”": "」",
    "‘": "『",
    "’": "』",
}
"""What readers of traditional characters say otherwise, as it comes out of the conversion of characters alone; of two that
begin alike, the longer one stands first."""
_REVIEWED = re.compile("|".join(_INSTEAD))
_OWN = ("zh",)
"""Values of messages that are our own words, not somebody's."""


def chosen_tongue(request: Request) -> Tongue | None:
    """Return the language that a request asks for by its address."""
    return _named(request.query_params.get("lang"))


def tongue_of(request: Request, default: Language) -> Tongue:
    """Return the language in which a request is answered: the chosen one, the one of the cookie, the browser's."""
    told = chosen_tongue(request) or _named(request.cookies.get(COOKIE))
    if told:
        return told
    for wanted in re.split(r"[,;]", request.headers.get("accept-language", "")):
        tag = wanted.strip().lower()
        if tag[:2] == "zh":
            return "zh-Hant" if tag.startswith(_TRADITIONAL) else "zh"
        if tag[:2] == "en":
            return "en"
    return default


def in_tongue(path: str, tongue: Tongue | Literal[""]) -> str:
    """Return the address of a page in a language, of the page as it is answered to anybody where that is empty."""
    return f"{path}{'&' if '?' in path else '?'}lang={tongue}" if tongue else path


def language_of(tongue: Tongue) -> Language:
    """Return the language in which names are told to a reader of this one."""
    return "en" if tongue == "en" else "zh"


def said(one: Message, tongue: Tongue) -> str:
    """Return one of the site's own sentences as the reader sees it, what it names as that is written."""
    return (_traditional(one) if tongue == "zh-Hant" else one).text(language_of(tongue))


def own(text: str, tongue: Tongue) -> str:
    """Return a word of the site's own as the reader sees it."""
    return traditional(text) if tongue == "zh-Hant" else text


def institution(name: str, name_en: str, tongue: Tongue) -> str:
    """Return what an archives is called: in Chinese as it writes its name itself."""
    return name_en or name if tongue == "en" else name


def lang(language: str) -> Markup:
    """Return the attribute that says the language of a part of a page, nothing for what is no tag of one (RFC 5646)."""
    return Markup(' lang="{}"').format(language) if _TAG.fullmatch(language) else Markup()


def named(one: Message, **values: str | int) -> Message:
    """Return a sentence with the values that it names."""
    return Message(one.zh, one.en, tuple(values.items()))


@lru_cache(maxsize=1 << 12)
def traditional(text: str) -> str:
    """Return a text of ours in traditional characters."""
    converted: str = _converter().convert(text)
    return _REVIEWED.sub(lambda found: _INSTEAD[found[0]], converted)


def _traditional(one: Message) -> Message:
    values = tuple((name, _value(name, value)) for name, value in one.values)
    return Message(traditional(one.zh), one.en, values)


def _value(name: str, value: str | int | Message) -> str | int | Message:
    if isinstance(value, Message):
        return _traditional(value)
    return traditional(value) if name in _OWN and isinstance(value, str) else value


def _named(text: str | None) -> Tongue | None:
    return next((one for one in TONGUES if one == text), None)


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("s2tw")
