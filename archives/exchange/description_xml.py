"""Descriptions as XML, with the element names of DA/T 46-2009: ``record.xml`` and a volume's ``items.xml``, read back.

``dc.xml`` is for everybody else.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import get_args

from lxml import etree

from archives.errors import FormatError
from archives.exchange.xml import parse_xml, serialize_xml, xml_text
from archives.message import message
from archives.record.description import Description, Fonds, Repository
from archives.record.elements.kinds import Written
from archives.record.elements.table import ELEMENTS, DublinCore, describe
from archives.record.identifiers import CodeRule, RepositoryCode
from archives.record.volume.structure import VolumeItem

NAMESPACE = "urn:jinkui:record:1"
_DC = "http://purl.org/dc/elements/1.1/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"


def write_record_xml(
    description: Description, repository: Repository, fonds: Fonds | None, *, batch_id: str, level: str
) -> bytes:
    """Return everything that is said of a record, its fonds and its repository (DA/T 46-2009 M1 to M44).

    ``level`` is the level of aggregation.
    """
    root = etree.Element(_tag("文件"), nsmap={None: NAMESPACE})
    add = partial(_add, root)
    add("聚合层次", level)
    add("批次", batch_id)
    origin = _add(root, "来源", None)
    _add(
        origin,
        "档案馆名称",
        repository.name,
        英文=repository.name_en,
        类型=repository.kind,
        上级=str(repository.parent or ""),
        档号规则="" if repository.codes is CodeRule.DA_T else repository.codes.value,
    )
    _add(origin, "档案馆代码", repository.code.value)
    if fonds:
        _add(origin, "全宗号", fonds.number)
        _add(origin, "全宗名称", fonds.name, 可能为="；".join(fonds.candidates))
        _add(origin, "立档单位名称", fonds.creator)
        _add(origin, "起止年", fonds.years)
        _add(origin, "全宗介绍", fonds.history)
    for element in ELEMENTS:
        for written in element.written(description):
            _add(root, element.name, written.text, **written.attributes)
    return serialize_xml(root)


def read_record_xml(data: bytes) -> tuple[Description, Repository, Fonds | None, str]:
    """Return what ``write_record_xml`` was given; raises ``FormatError`` for anything else."""
    root = parse_xml(data, subject="record.xml")
    text = partial(_text, root)
    try:
        home = _find(root, "档案馆名称")
        parent = home.get("上级", "")
        repository = Repository(
            RepositoryCode(text("档案馆代码")),
            home.text or "",
            home.get("英文", ""),
            "馆" if home.get("类型") == "馆" else "室",
            RepositoryCode(parent) if parent else None,
            CodeRule(home.get("档号规则", CodeRule.DA_T.value)),
        )
        has_fonds = root.find(f".//{_tag('全宗号')}") is not None
        fonds = (
            Fonds(
                repository.code,
                text("全宗号"),
                text("全宗名称"),
                text("立档单位名称"),
                text("起止年"),
                text("全宗介绍"),
                candidates=tuple(filter(None, _find(root, "全宗名称").get("可能为", "").split("；"))),
            )
            if has_fonds
            else None
        )
        description = describe({e.field: e.kind.read(_written(root, e.name)) for e in ELEMENTS})
        return description, repository, fonds, text("批次")
    except ValueError as cause:
        raise FormatError(
            message("record.xml 内容不合规范", "record.xml does not hold what it should"), subject="record.xml"
        ) from cause


def write_items_xml(items: Sequence[VolumeItem]) -> bytes:
    """Return the descriptions of a volume's items, each under its identifier (DA/T 46-2009, as ``write_record_xml``)."""
    root = etree.Element(_tag("卷内文件"), nsmap={None: NAMESPACE})
    for item in items:
        one = _add(root, "文件", None, 标识=item.unit_id)
        for element in ELEMENTS:
            for written in element.written(item.description):
                _add(one, element.name, written.text, **written.attributes)
    return serialize_xml(root)


def read_items_xml(data: bytes) -> dict[str, Description]:
    """Return the descriptions by identifier that ``write_items_xml`` wrote; raises ``FormatError`` for anything else."""
    root = parse_xml(data, subject="items.xml")
    try:
        return {
            one.get("标识", ""): describe({e.field: e.kind.read(_written(one, e.name)) for e in ELEMENTS})
            for one in root.iter(_tag("文件"))
        }
    except ValueError as cause:
        raise FormatError(
            message("items.xml 内容不合规范", "items.xml does not hold what it should"), subject="items.xml"
        ) from cause


def write_dc(description: Description, repository: Repository, *, identifier: str, types: Sequence[str]) -> bytes:
    """Return unqualified Dublin Core in its OAI container (dc elements 1.1); ``types`` are DCMI types."""
    said = [(e.dc, e.text(description)) for e in ELEMENTS if e.dc]
    said += [("identifier", identifier), ("publisher", repository.name)]
    said += [("type", one) for one in types]
    return write_dublin_core(said)


def write_dublin_core(said: Iterable[tuple[DublinCore, str]]) -> bytes:
    """Return what is said under terms of Dublin Core, in the order of these; what is empty is left out."""
    root = etree.Element(f"{{{_OAI_DC}}}dc", nsmap={"oai_dc": _OAI_DC, "dc": _DC})
    for name, value in sorted(said, key=lambda pair: get_args(DublinCore).index(pair[0])):
        if value:
            element = etree.SubElement(root, f"{{{_DC}}}{name}")
            element.text = xml_text(value)
    return serialize_xml(root)


def _add(parent: etree._Element, name: str, value: str | None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, _tag(name), {key: xml_text(text) for key, text in attributes.items() if text})
    if value is not None:
        element.text = xml_text(value).replace("\r", "\n")
    return element


def _find(root: etree._Element, name: str) -> etree._Element:
    found = root.find(f".//{_tag(name)}")
    if found is None:
        raise FormatError(message("record.xml 缺少 {name}", "record.xml lacks {name}", name=name), subject="record.xml")
    return found


def _text(root: etree._Element, name: str) -> str:
    found = root.find(f".//{_tag(name)}")
    return "" if found is None else found.text or ""


def _written(root: etree._Element, name: str) -> Sequence[Written]:
    return [
        Written(e.text or "", {str(key): str(text) for key, text in e.attrib.items()}) for e in root.iter(_tag(name))
    ]


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
