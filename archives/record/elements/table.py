"""The elements of description, one row each: what an element is called, how it is written, read and shown, and to whom.

Whatever speaks of elements one by one (catalogue sheets, ``record.xml``, Dublin Core, differences, ``show``, search, the
published view, the portal) is a loop over ``ELEMENTS``. A new element is a field of ``Description`` and a row here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from archives.message import Message, message
from archives.record.description import Description, as_written
from archives.record.elements.kinds import (
    CODE,
    COUNT,
    DATE,
    DAY,
    IDENTIFIER,
    LANGUAGE,
    PAIRS,
    RETENTION,
    SECURITY,
    TEXT,
    Data,
    Kind,
    Public,
    Written,
)
from archives.record.identifiers import ArchivalCode

DublinCore = Literal[
    "title", "creator", "subject", "description", "date", "identifier", "language", "publisher", "type"
]
"""Terms of Dublin Core 1.1 in the order in which they stand in ``dc.xml``."""


@dataclass(frozen=True, slots=True)
class InCode:
    """The part of an archival code that says the same; ``differs`` is what is said of a cell that says otherwise."""

    part: Callable[[ArchivalCode], Public]
    differs: Message


@dataclass(frozen=True, slots=True)
class Element:
    """A row: one field of ``Description``.

    ``name`` is what DA/T 46-2009 calls it (``number`` says where) and its name in ``record.xml``; ``label`` what our
    readers call it, ``portal`` what the public calls it: without that it is never published. A sheet may head its
    column with any of them or with one of ``also``. ``key`` names it in JSON, in sheets and in findings,
    ``public_key`` in published views. ``is_searched``: its text is indexed, for the public if it is public.
    ``shows_empty``: as from the first, it stands in ``record.xml`` and in published views even where nobody gave it;
    an element that came later stands there only with a value, so that nothing written before becomes different.
    """

    field: str
    kind: Kind[object]
    name: str
    label: Message
    number: str = ""
    also: tuple[str, ...] = ()
    dc: DublinCore | None = None
    portal: Message | None = None
    is_searched: bool = False
    shows_empty: bool = False
    in_code: InCode | None = None
    key: str = ""
    public_key: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self.key or self.field)
        object.__setattr__(self, "public_key", self.public_key or self.key)

    @property
    def headings(self) -> tuple[str, ...]:
        """What may head its column in a sheet; nothing for an element that no column holds."""
        return (self.name, self.label.zh, self.label.en, *self.also) if self.kind.parse else ()

    def of(self, description: Description) -> object:
        """Return the element's value."""
        value: object = getattr(description, self.field)
        return value

    def written(self, description: Description) -> Sequence[Written]:
        """Return the value as it stands in ``record.xml``."""
        written = self.kind.write(self.of(description))
        return [one for one in written if one.text or one.attributes or self.shows_empty]

    def text(self, description: Description) -> str:
        """Return the value as text, empty where nobody gave one."""
        return self.kind.text(self.of(description))

    def data(self, description: Description) -> Data:
        """Return the value as it stands in JSON."""
        return self.kind.data(self.of(description))


def describe(values: Mapping[str, object]) -> Description:
    """Return the description of these values by field, each the value of its element's kind."""
    given: dict[str, Any] = dict(values)
    return Description(**given)


def kept_as_written(description: Description) -> dict[str, str]:
    """Return what stands as it was written of elements that nobody could read, by their keys."""
    return {_KEPT_AS_WRITTEN[name]: text for name, text in description.other if name in _KEPT_AS_WRITTEN}


def is_read_now(description: Description, name: str) -> bool:
    """Say whether a name is that of what nobody could read of an element that has a value, and nothing beside it."""
    element = next((one for one in ELEMENTS if one.key == _KEPT_AS_WRITTEN.get(name)), None)
    return element is not None and bool(element.of(description)) and name not in dict(description.other)


def public_elements(description: Description) -> dict[str, Public]:
    """Return everything of a description that may be published, by ``public_key``; what nobody could read, as it is written."""
    kept = kept_as_written(description)
    said = [(element, element.kind.public(element.of(description))) for element in ELEMENTS if element.portal]
    values = [(one, kept.get(one.key, value) if value in ("", None) else value) for one, value in said]
    return {element.public_key: value for element, value in values if element.shows_empty or value not in ("", None)}


_YEAR_IN_CODE = InCode(
    lambda code: code.year,
    Message("年度 {value} 与档号中的 {code} 不一致", "the year {value} is not the archival code's {code}"),
)
_RETENTION_IN_CODE = InCode(
    lambda code: code.retention,
    Message(
        "保管期限“{value}”与档号中的“{code}”不一致", "the retention period {value} is not the archival code's {code}"
    ),
)

ELEMENTS: tuple[Element, ...] = (
    Element(
        "code", CODE, "档号", message("档号", "archival code"), "M8",
        ("reference code", "reference number", "reference no", "reference", "档案号", "档案编号", "catalogue reference", "catalogue number",
         "catalog number", "shelfmark", "ref no", "ref number", "refno", "ref", "典藏号", "component unique identifier", "unit id",
         "identifier", "unitid", "call number", "record id", "item id", "object id"),
        "identifier",
        portal=message("档号", "Reference code"), public_key="archival_code", is_searched=True, shows_empty=True,
    ),
    Element(
        "title", TEXT, "题名", message("题名", "title"), "M22",
        ("文件题名", "案卷题名", "正题名", "标题", "文件标题", "unittitle", "title proper", "document title", "record title",
         "file title", "item title", "caption"), "title",
        portal=message("题名", "Title"), is_searched=True, shows_empty=True,
    ),
    Element(
        "author", TEXT, "责任者", message("责任者", "author"), "M32",
        ("creator", "作者", "发文机关", "发文单位", "形成单位", "形成者", "责任人", "name of creator", "creators", "creator name", "originator",
         "corporate author", "拍摄者", "摄影者"), "creator",
        portal=message("责任者", "Author"), is_searched=True, shows_empty=True,
    ),
    Element(
        "document_number", IDENTIFIER, "文件编号", message("文号", "document number"), "M31",
        ("发文字号", "文件字号", "文件号", "发文号", "document no", "doc no", "document reference"), "identifier",
        portal=message("文号", "Document number"), is_searched=True, shows_empty=True,
    ),
    Element(
        "formed", DATE, "日期", message("日期", "date"), "M33",
        ("成文日期", "形成日期", "形成时间", "成文时间", "文件日期", "date of creation", "creation date", "dates", "unitdate", "date created", "created",
         "document date", "date of document", "date of doc", "covering dates", "covering date", "inclusive dates", "date range", "event dates",
         "起止日期", "起止时间", "起止年月", "文件形成时间", "文件形成日期", "拍摄时间", "拍摄日期", "摄影时间", "录制时间"),
        "date",
        key="date", portal=message("日期", "Date"), shows_empty=True,
    ),
    Element(
        "year", COUNT, "年度", message("年度", "year"), "M11", ("年份", "归档年度"),
        portal=message("年度", "Year"), in_code=_YEAR_IN_CODE, shows_empty=True,
    ),
    Element("year_basis", TEXT, "年度依据", message("年度依据", "basis of the year")),
    Element(
        "retention", RETENTION, "保管期限", message("保管期限", "retention"), "M12",
        ("retention period", "保存期限", "保管年限", "保存年限"),
        in_code=_RETENTION_IN_CODE, shows_empty=True,
    ),
    Element(
        "security", SECURITY, "密级", message("密级", "security classification"), "M38",
        ("密级和保密期限", "密级及保密期限", "密级与保密期限", "文件密级", "保密等级", "保密级别", "涉密等级", "涉密级别", "定密等级",
         "定密级别", "定密", "密等", "秘密等级", "机密等级", "classification", "security", "security level", "secrecy level",
         "classification level", "protective marking"),
        shows_empty=True,
    ),
    Element("declassified_on", DAY, "解密日期", message("解密日期", "declassified on"), also=("解密时间",), shows_empty=True),
    Element(
        "declassification_basis", TEXT, "解密依据", message("解密依据", "basis of declassification"),
        also=("declassification basis",), shows_empty=True,
    ),
    Element("opening_proposal", TEXT, "开放审核意见", message("开放审核意见", "opening proposal"), shows_empty=True),
    Element(
        "pages", COUNT, "页数", message("页数", "pages"), "M43",
        ("extent", "number of pages", "no of pages", "page count", "pagecount", "number of leaves", "张数", "叶数"),
        shows_empty=True,
    ),
    Element(
        "language", LANGUAGE, "语种", message("语种", "language"), "M44", ("语言",), dc="language",
        portal=message("语种", "Language"), shows_empty=True,
    ),
    Element("note", TEXT, "附注", message("备注", "note"), "M76", ("notes", "remarks"), is_searched=True, shows_empty=True),
    Element(
        "former_code", IDENTIFIER, "原档号", message("原档号", "former code"), also=("旧档号", "former reference", "previous code"),
        is_searched=True,
    ),
    Element("sequence", TEXT, "顺序号", message("顺序号", "number in the list"), also=("卷内序号", "sequence number")),
    Element("page_range", TEXT, "页号", message("页号", "pages in the volume"), also=("起止页号", "首页号", "页次", "page numbers")),
    Element("place", TEXT, "存放位置", message("存放位置", "physical place"), also=("存储位置", "库位", "physical location")),
    Element("box", IDENTIFIER, "盒号", message("盒号", "box"), also=("box number",)),
    Element("carrier", TEXT, "载体形态", message("载体形态", "carrier"), also=("载体类型", "载体")),
    Element("genesis", TEXT, "生成方式", message("生成方式", "how it came about")),
    Element("draft", TEXT, "稿本", message("稿本", "draft or copy")),
    Element("script", TEXT, "文种", message("文种", "kind of document")),
    Element("attachments", TEXT, "附件", message("附件", "annexes"), also=("附件题名", "annexes")),
    Element("names", TEXT, "名称沿革", message("名称沿革", "names, with dates"), also=("历史名称", "history of names"), portal=message("名称沿革", "Names")),
    Element("fonds_kind", TEXT, "全宗属类", message("全宗属类", "kind of fonds")),
    Element("fonds_state", TEXT, "全宗状态", message("全宗状态", "state of the fonds"), also=("封闭全宗",)),
    Element("relations", TEXT, "演变关联情况", message("演变关联情况", "related fonds"), also=("全宗关系", "related units")),
    Element("history", TEXT, "机构沿革", message("机构沿革", "history"), also=("全宗介绍", "administrative history"), portal=message("机构沿革", "History")),
    Element("persons", PAIRS, "人名", message("人名", "persons"), is_searched=True),
    Element("other", PAIRS, "其他著录项", message("其他著录项", "other elements"), is_searched=True),
)  # fmt: skip
"""Every element, in the order of ``Description`` and of ``record.xml``; staff alone see one without ``portal``."""
_KEPT_AS_WRITTEN = {as_written(element.name): element.key for element in ELEMENTS}
