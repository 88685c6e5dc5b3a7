"""Descriptions as XML: ``record.xml`` with the element names of DA/T 46-2009, read back; ``dc.xml`` for everybody else."""

from datetime import date
from functools import partial

from lxml import etree

from archives.errors import FormatError
from archives.exchange.xml import parse_xml, serialize_xml, xml_text
from archives.message import message
from archives.record.description import (
    Description,
    Fonds,
    RecordDate,
    Repository,
    Retention,
    SecurityClassification,
    parse_retention,
)
from archives.record.identifiers import RepositoryCode, parse_archival_code

NAMESPACE = "urn:jinkui:record:1"
_DC = "http://purl.org/dc/elements/1.1/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"


def write_record_xml(description: Description, repository: Repository, fonds: Fonds | None, *, batch_id: str) -> bytes:
    """Return everything that is said of a record, its fonds and its repository (DA/T 46-2009 M2 to M44)."""
    root = etree.Element(_tag("文件"), nsmap={None: NAMESPACE})
    add = partial(_add, root)
    add("聚合层次", "文件")
    add("批次", batch_id)
    origin = _add(root, "来源", None)
    _add(
        origin,
        "档案馆名称",
        repository.name,
        英文=repository.name_en,
        类型=repository.kind,
        上级=str(repository.parent or ""),
    )
    _add(origin, "档案馆代码", repository.code.value)
    if fonds:
        _add(origin, "全宗号", fonds.number)
        _add(origin, "全宗名称", fonds.name)
        _add(origin, "立档单位名称", fonds.creator)
        _add(origin, "起止年", fonds.years)
        _add(origin, "全宗介绍", fonds.history)
    add("档号", description.code.written)
    add("题名", description.title)
    add("责任者", description.author)
    add("文件编号", description.document_number)
    if description.formed:
        formed = description.formed
        add("日期", formed.written, 起=formed.earliest.isoformat(), 止=formed.latest.isoformat())
    add("年度", _number(description.year))
    add("保管期限", str(description.retention or ""))
    add("密级", description.security or "")
    add("解密日期", description.declassified_on.isoformat() if description.declassified_on else "")
    add("解密依据", description.declassification_basis)
    add("开放审核意见", description.opening_proposal)
    add("页数", _number(description.pages))
    add("语种", description.language)
    add("附注", description.note)
    for name, value in description.other:
        add("其他著录项", value, 名称=name)
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
            )
            if has_fonds
            else None
        )
        description = Description(
            code=parse_archival_code(text("档号")),
            title=text("题名"),
            author=text("责任者"),
            document_number=text("文件编号"),
            formed=_formed(root),
            year=_optional_number(text("年度")),
            retention=_retention(text("保管期限")),
            security=SecurityClassification(text("密级")) if text("密级") else None,
            declassified_on=date.fromisoformat(text("解密日期")) if text("解密日期") else None,
            declassification_basis=text("解密依据"),
            opening_proposal=text("开放审核意见"),
            pages=_optional_number(text("页数")),
            language=text("语种"),
            note=text("附注"),
            other=tuple((e.get("名称", ""), e.text or "") for e in root.iter(_tag("其他著录项"))),
        )
        return description, repository, fonds, text("批次")
    except ValueError as cause:
        raise FormatError(
            message("record.xml 内容不合规范", "record.xml does not hold what it should"), subject="record.xml"
        ) from cause


def write_dc(description: Description, repository: Repository, *, identifier: str) -> bytes:
    """Return unqualified Dublin Core in its OAI container (dc elements 1.1)."""
    root = etree.Element(f"{{{_OAI_DC}}}dc", nsmap={"oai_dc": _OAI_DC, "dc": _DC})
    for name, value in (
        ("title", description.title),
        ("creator", description.author),
        ("date", description.formed.edtf if description.formed else ""),
        ("identifier", description.code.written),
        ("identifier", description.document_number),
        ("identifier", identifier),
        ("language", description.language),
        ("publisher", repository.name),
        ("type", "Text"),
    ):
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


def _formed(root: etree._Element) -> RecordDate | None:
    found = root.find(_tag("日期"))
    if found is None:
        return None
    first, last = (date.fromisoformat(found.get(name, "")) for name in ("起", "止"))
    return RecordDate(found.text or "", first, last)


def _retention(text: str) -> Retention | None:
    return parse_retention(text) if text else None


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _optional_number(text: str) -> int | None:
    return int(text) if text else None


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
