"""ALTO 4.3: a page's text with the place of every word, both ways (pixels, reading order as written)."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.builder import ElementMaker

from archives.errors import FormatError
from archives.exchange.xml import parse_xml, serialize_xml, xml_text
from archives.message import message
from archives.text.page import Box, Direction, Line, Page, Word

_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA = f"{_NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-3.xsd"
_A = ElementMaker(namespace=_NAMESPACE, nsmap={None: _NAMESPACE, "xsi": _XSI})


def write_alto(page: Page, *, image_name: str, software: str) -> bytes:
    """Return a page as ALTO; ``software`` names and versions the program that wrote it.

    Direction and separator stand in ``TAGREFS`` of the block and in ``SP`` elements; resolution in the description.
    """
    block = _A.TextBlock(ID="block-1", **_place(_around(page)))
    for number, line in enumerate(page.lines, 1):
        block.append(_text_line(line, number))
    layout = _A.Page(
        _A.PrintSpace(block, **_place(Box(0, 0, page.width_px, page.height_px))),
        ID="page-1",
        PHYSICAL_IMG_NR="1",
        WIDTH=str(page.width_px),
        HEIGHT=str(page.height_px),
    )
    block.set("LANG", page.language)
    block.set("TAGREFS", f"direction-{page.direction}")
    root = _A.alto(
        _A.Description(
            _A.MeasurementUnit("pixel"),
            _A.sourceImageInformation(_A.fileName(xml_text(image_name))),
            _A.Processing(
                _A.processingCategory("contentGeneration"),
                _A.processingStepDescription("text recognition"),
                _A.processingStepSettings(f"resolution_dpi={page.resolution_dpi}"),
                _A.processingSoftware(
                    _A.softwareName(xml_text(page.engine)), _A.applicationDescription(xml_text(software))
                ),
                ID="processing-1",
            ),
        ),
        _A.Tags(
            _A.OtherTag(ID="direction-horizontal", LABEL="horizontal"),
            _A.OtherTag(ID="direction-vertical", LABEL="vertical"),
        ),
        _A.Layout(layout),
        SCHEMAVERSION="4.3",
    )
    root.set(f"{{{_XSI}}}schemaLocation", _SCHEMA)
    return serialize_xml(root)


def read_alto(data: bytes, *, subject: str = "ALTO") -> Page:
    """Return the page that ``write_alto`` wrote; raises ``FormatError`` for anything else."""
    root = parse_xml(data, subject=subject)
    try:
        layout, block = next(root.iter(_tag("Page"))), next(root.iter(_tag("TextBlock")))
        settings = next(root.iter(_tag("processingStepSettings"))).text or ""
        direction: Direction = "vertical" if block.get("TAGREFS") == "direction-vertical" else "horizontal"
        return Page(
            width_px=int(layout.get("WIDTH", "")),
            height_px=int(layout.get("HEIGHT", "")),
            resolution_dpi=int(re.sub(r"\D", "", settings)),
            language=block.get("LANG", ""),
            direction=direction,
            lines=tuple(_read_lines(block)),
            engine=next(root.iter(_tag("softwareName"))).text or "",
        )
    except (StopIteration, ValueError) as cause:
        raise FormatError(message("不是本系统写的 ALTO", "not an ALTO file of ours"), subject=subject) from cause


def _text_line(line: Line, number: int) -> etree._Element:
    element = _A.TextLine(ID=f"line-{number}", **_place(line.box))
    for place, word in enumerate(line.words):
        if place and line.separator:
            element.append(_A.SP())
        element.append(
            _A.String(CONTENT=xml_text(word.text), WC=f"{min(1.0, max(0.0, word.confidence)):.4f}", **_place(word.box))
        )
    return element


def _read_lines(block: etree._Element) -> Iterator[Line]:
    for element in block.iter(_tag("TextLine")):
        words = tuple(
            Word(string.get("CONTENT", ""), _read_box(string), float(string.get("WC", "0")))
            for string in element.iter(_tag("String"))
        )
        yield Line(words, _read_box(element), " " if element.find(_tag("SP")) is not None else "")


def _around(page: Page) -> Box:
    if not page.lines:
        return Box(0, 0, page.width_px, page.height_px)
    left, top = min(line.box.left for line in page.lines), min(line.box.top for line in page.lines)
    right = max(line.box.left + line.box.width for line in page.lines)
    bottom = max(line.box.top + line.box.height for line in page.lines)
    return Box(left, top, right - left, bottom - top)


def _place(box: Box) -> dict[str, str]:
    return {"HPOS": str(box.left), "VPOS": str(box.top), "WIDTH": str(box.width), "HEIGHT": str(box.height)}


def _read_box(element: etree._Element) -> Box:
    return Box(*(int(element.get(name, "")) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")))


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"
