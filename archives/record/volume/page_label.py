"""The label of a page: what people see, cite and search (封面 FM, 目录 ML001, 页号 045, 附页 003-1, 备考表 BK), apart from its order.

A page that is on paper has a number there, and its images a running order: the two differ from the first cover on. A
label is kept as one text, which ``parse_label`` reads back without loss.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from archives.message import Message, message
from archives.text.numerals import HAN, han_value, roman_value


class PageKind(StrEnum):
    """What a page of a volume is; the values are the codes that scanning contracts in China write in file names."""

    COVER = "FM"
    CONTENTS = "ML"
    PAGE = "页"
    CLOSING = "BK"
    BACK = "FD"
    OTHER = ""


_RANKS = {
    PageKind.COVER: 0,
    PageKind.CONTENTS: 1,
    PageKind.PAGE: 2,
    PageKind.OTHER: 2,
    PageKind.CLOSING: 3,
    PageKind.BACK: 4,
}
_AFTER_ALL = 10**9
_BACK_COVER = 4
"""封底 is the fourth side of a cover (封四); 封三 stands before it."""
_SHOWN = {
    PageKind.COVER: ("封面", "cover"),
    PageKind.CONTENTS: ("目录", "list of contents"),
    PageKind.CLOSING: ("备考表", "closing note"),
    PageKind.BACK: ("底封", "back cover"),
}

Place = tuple[int, int, tuple[tuple[int, str], ...]]
"""Where a page stands on paper: the part of the body, its number, and what its slips are numbered by."""


@dataclass(frozen=True, slots=True)
class PageLabel:
    """What a page is called.

    ``number`` is the 页号 by value, or the running number within its kind; ``digits`` the same as written (``045``,
    ``iv``); ``slips`` number what is pasted to the page or inserted behind it (浮帖, 附页), from the outermost. ``side`` is
    ``r``, ``v`` or empty; ``is_blank``: said to be an empty page. ``item`` is the number of the item within which pages
    are counted, where each item counts its own. Of a kind that no rule knows ``digits`` is the name as written.
    """

    kind: PageKind
    number: int | None = None
    digits: str = ""
    slips: tuple[str, ...] = ()
    side: str = ""
    is_blank: bool = False
    item: str = ""

    @property
    def text(self) -> str:
        """The label as one text, such as ``FM``, ``ML001``, ``045``, ``003-1``, ``012v``."""
        if self.kind is PageKind.OTHER:
            return self.digits
        kind = "" if self.kind is PageKind.PAGE else self.kind.value
        slips = "".join(one if one.isalpha() else f"-{one}" for one in self.slips)
        blank = "白" if self.is_blank else ""
        return f"{self.item}{'/' if self.item else ''}{kind}{self.digits}{slips}{self.side}{blank}"

    @property
    def is_body(self) -> bool:
        """Whether it can belong to an item; cover, list of contents and closing note are the volume's."""
        return self.kind in (PageKind.PAGE, PageKind.OTHER)

    @property
    def place(self) -> Place:
        """Where it stands in its kind; both sides of a leaf stand at one place."""
        slips = tuple((int(one), "") if one.isdecimal() else (_AFTER_ALL, one) for one in self.slips)
        return int(not self._is_roman), self._value, slips

    @property
    def order(self) -> tuple[object, ...]:
        """What orders the pages of a volume: FM, ML, the body with slips behind their pages, BK, FD."""
        if self.kind is PageKind.OTHER:
            return _order_of_other(self.digits)
        item = int(self.item) if self.item.isdecimal() else _AFTER_ALL if self.item else 0
        return _RANKS[self.kind], item, *self.place, self.side == "v", self.is_blank, self.text

    @property
    def shown(self) -> Message:
        """The label in words: 第45页, 封面, 目录第1页, 第3页附页1."""
        if self.kind is PageKind.OTHER:
            return message("{name}", "{name}", name=self.digits)
        item = message("第{n}件", "item {n}, ", n=self.item) if self.item else message("", "")
        side = {"v": message("背面", " verso"), "r": message("正面", " recto")}.get(self.side, message("", ""))
        blank = message("（空白）", " (blank)") if self.is_blank else message("", "")
        return message(
            "{item}{page}{slips}{side}{blank}",
            "{item}{page}{slips}{side}{blank}",
            item=item,
            page=self._page_shown(),
            slips=self._slips_shown(),
            side=side,
            blank=blank,
        )

    def _page_shown(self) -> Message:
        digits = self.digits if self._is_roman or not self.digits else str(self.number)
        if self.kind is PageKind.PAGE:
            return message("第{n}页", "p. {n}", n=digits)
        zh, en = _SHOWN[self.kind]
        return message(f"{zh}第{{n}}页", f"{en}, p. {{n}}", n=digits) if digits else message(zh, en)

    def _slips_shown(self) -> Message:
        if all(one.isalpha() for one in self.slips):
            return message("{letters}", "{letters}", letters="".join(self.slips))
        numbers = "-".join(str(int(one)) if one.isdecimal() else one for one in self.slips)
        return message("附页{n}", ", slip {n}", n=numbers)

    @property
    def _is_roman(self) -> bool:
        return self.digits.isascii() and self.digits.isalpha()

    @property
    def _value(self) -> int:
        if self.number is not None:
            return self.number
        return _BACK_COVER if self.kind is PageKind.BACK else 0


_NUMBER = rf"(?P<digits>\d{{1,6}}|[{HAN}]{{1,6}}|[ivxl]{{2,7}}|[ivx])"
_SIDE = r"[-_. ]?(?P<side>r(?:ecto)?|v(?:erso)?|[正反背](?:面|页|頁)?|front|back)"
_SLIPS = r"(?:(?:[-_. /]|[-_. /]?(?:浮[帖贴]|附[页頁]?|粘[页頁]?|夹[页頁]?|slip)[-_. /]?)\d{1,3}(?!\d)|[-_. ]?[a-z](?![a-z]))"
_BLANK = r"[-_. ]?(?P<blank>空?白[页頁]?|空[页頁]?|blank)"
_PAGE = re.compile(
    rf"(?:第|pp?\.?|pg\.?|page|[页頁]号?|[张張])?[-_. ]*{_NUMBER}[-_. ]*(?:[页頁张張葉叶]|(?<=\d)p(?![a-z]))?"
    rf"(?P<slips>(?:(?!{_SIDE.replace('?P<side>', '?:')}(?:$|[-_. (\d白空])){_SLIPS})*)(?:{_SIDE})?(?P<more>(?:[-_.]\d{{1,3}})*)"
    rf"(?:{_BLANK})?"
)
_SLIP = re.compile(r"\d+|(?<![a-z])[a-z](?![a-z])|[a-z]$")
_VERSO = ("v", "反", "背", "back")
_CODE = re.compile(r"(?P<kind>FM|ML|BK|FD)(?P<digits>\d{0,6})(?P<side>[rv]?)(?P<blank>白?)")
_LEADING = re.compile(r"\d{1,9}")


def parse_label(text: str) -> PageLabel:
    """Read a label as ``PageLabel.text`` gives it; what is none is one of the kind ``OTHER``."""
    item, _, rest = text.rpartition("/")
    if found := _CODE.fullmatch(rest):
        digits = found["digits"]
        kind, number = PageKind(found["kind"]), int(digits) if digits else None
        return PageLabel(kind, number, digits, (), found["side"], bool(found["blank"]), item)
    label = parse_page_number(rest)
    if label is None or (item and not item.isalnum()):
        return PageLabel(PageKind.OTHER, digits=text)
    return PageLabel(label.kind, label.number, label.digits, label.slips, label.side, label.is_blank, item)


def parse_page_number(text: str) -> PageLabel | None:
    """Read a 页号 as it is written on paper, in file names and in cells: ``045``, ``P45``, ``第45页``, ``003-1``, ``012v``."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip(" -_.·/")
    found = _PAGE.fullmatch(plain)
    if not found:
        return None
    digits = found["digits"]
    number = int(digits) if digits.isdecimal() else han_value(digits) if digits[0] in HAN else roman_value(digits)
    if not number and not digits.isdecimal():
        return None
    side = ("v" if found["side"].startswith(_VERSO) else "r") if found["side"] else ""
    slips = tuple(_SLIP.findall(re.sub(r"slip", "", found["slips"]) + found["more"]))
    return PageLabel(PageKind.PAGE, number, digits, slips, side, bool(found["blank"]))


def _order_of_other(name: str) -> tuple[object, ...]:
    """Return where a name that no rule knows stands: behind the page by whose number it begins, else behind the body."""
    found = _LEADING.match(unicodedata.normalize("NFKC", name))
    return (
        _RANKS[PageKind.OTHER],
        0,
        1,
        int(found[0]) if found else _AFTER_ALL,
        ((_AFTER_ALL, "~"),),
        False,
        False,
        name,
    )
