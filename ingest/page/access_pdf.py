"""The access copy of a scanned record: a searchable PDF/A-2b, page images passed through, text laid invisibly over them.

The text layer uses a two-glyph TrueType font of our own making, embedded, with a ToUnicode map: any viewer can mark
and copy the text, none shows it (text rendering mode 3, ISO 32000-1 §9.3.6).
"""

import io
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import zip_longest
from pathlib import Path
from statistics import median

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

from archives.errors import FormatError
from archives.message import message
from archives.text.page import Box, Direction, Line, Page, Word
from formats.foreign import words_of
from formats.processes.opened import Opened

_EM = 1000
_CIDS_A_BLOCK = 100
_LEAST_SIDE, _MOST_SIDE = 3, 14_400  # of a page in points (ISO 32000-1 Annex C; ISO 19005-2 6.1.13)
_GAP_EMS, _FAR_EMS = 0.3, 2.0  # between words, and between what stands apart
_MADE_NOW = re.compile(rb"<xmp:MetadataDate>[^<]*</xmp:MetadataDate>")
_EPOCH = 3_786_912_000  # 2024-01-01 in seconds since 1904, so that the font's bytes stay the same


@dataclass(frozen=True, slots=True)
class AccessPage:
    """One page: how long its JPEG is, and the text read on it; boxes are on that image, or on a larger one of its shape."""

    jpeg_bytes: int
    page: Page


def write_access_pdf(
    images: Path,
    target: Opened,
    pages: Sequence[AccessPage],
    *,
    title: str,
    language: str,
    created_at: datetime | None,
    code: str = "",
    holder: str = "",
) -> None:
    """Write the pages, whose JPEGs stand one behind the other in ``images``, as one searchable PDF/A-2b file.

    ``code`` and ``holder`` are told in the metadata: the reference code, and who keeps the record.
    Without ``created_at`` the same pages give the same bytes. Raises ``FormatError`` when the result does not conform.
    """
    characters = sorted({character for page in pages for line in page.page.lines for character in line.text} | {" "})
    cids = {character: number for number, character in enumerate(characters, 1)}
    with Pdf.new() as pdf:
        font = _font(pdf, cids)
        with images.open("rb") as source:
            for page in pages:
                _add_page(pdf, source.read(page.jpeg_bytes), page.page, font, cids)
        pdf.Root.Lang = String(language)
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
            if code:
                metadata["dc:identifier"] = metadata["pdf:Keywords"] = code
            if holder:
                metadata["dc:publisher"] = {holder}
            if code or holder:
                metadata["dc:description"] = ", ".join(filter(None, (code, holder)))
            metadata["xmp:CreatorTool"] = "Jinkui"
            if created_at:
                metadata["xmp:CreateDate"] = created_at.isoformat(timespec="seconds")
                metadata["xmp:ModifyDate"] = created_at.isoformat(timespec="seconds")
        try:
            pikepdf.pdfa.prepare(pdf, "2b")
            if created_at is None:
                pdf.Root.Metadata.write(_MADE_NOW.sub(b"", pdf.Root.Metadata.read_bytes()))
            with os.fdopen(os.dup(target.handle), "wb") as out:
                pikepdf.pdfa.save(pdf, out, "2b", repair=False, deterministic_id=True)
        except pikepdf.pdfa.PdfaError as cause:
            raise FormatError(
                message(
                    "生成的利用件不符合 PDF/A-2b：{reason}",
                    "the access copy does not conform to PDF/A-2b: {reason}",
                    reason=words_of(cause),
                ),
                subject=target.name,
            ) from cause


def _add_page(pdf: Pdf, data: bytes, page: Page, font: pikepdf.Object, cids: Mapping[str, int]) -> None:
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        width_px, height_px, grey = picture.width, picture.height, picture.mode == "L"
    across, down = page.width_px or width_px, page.height_px or height_px
    scale = min(max(72 / page.resolution_dpi, _LEAST_SIDE / min(across, down)), _MOST_SIDE / max(across, down))
    width, height = across * scale, down * scale
    image = Stream(
        pdf,
        data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width_px,
        Height=height_px,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray if grey else Name.DeviceRGB,
        Filter=Name.DCTDecode,
    )
    text = "".join(_show(word, page, scale, cids) for line in page.lines for word in _words(line, page.direction))
    content = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im0 Do Q\nBT 3 Tr\n{text}ET\n"
    pdf.pages.append(
        pikepdf.Page(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, round(width, 2), round(height, 2)]),
                Resources=Dictionary(XObject=Dictionary(Im0=image), Font=Dictionary(F0=font)),
                Contents=Stream(pdf, content.encode("ascii")),
            )
        )
    )


def _words(line: Line, direction: Direction) -> Iterator[Word]:
    """Yield the words of a line, and what stands between two of them in a box of its own, all of one height on one base.

    Readers that order text by where it stands take words of other heights, that reach into one another, or that are as far
    apart as those of a typewriter, for other lines.
    """
    if direction == "vertical" or not line.words:
        yield from (replace(word, text=word.text + line.separator) for word in line.words)
        return
    height = max(word.box.height for word in line.words)
    top = round(median(word.box.top + word.box.height for word in line.words)) - height
    for word, following in zip_longest(line.words, line.words[1:]):
        width, gap = word.box.width, 0
        if line.separator and following:
            gap = max(1, following.box.left - word.box.left - width)
            closer = max(1, round(_GAP_EMS * height))
            if closer < gap < _FAR_EMS * height:
                width, gap = width + gap - closer, closer
        yield replace(word, box=Box(word.box.left, top, width, height))
        if gap:
            yield Word(line.separator, Box(word.box.left + width, top, gap, height), word.confidence)


def _show(word: Word, page: Page, scale: float, cids: Mapping[str, int]) -> str:
    """Return the operators that lay one word over its box."""
    box = word.box
    left, top = box.left * scale, (page.height_px - box.top) * scale
    if page.direction == "vertical" and box.height > box.width:
        size, length = max(1.0, box.width * scale), box.height * scale
        matrix = f"0 -1 1 0 {left + 0.15 * size:.2f} {top:.2f}"
    else:
        size, length = max(1.0, box.height * scale), box.width * scale
        matrix = f"1 0 0 1 {left:.2f} {top - 0.85 * size:.2f}"
    stretch = 100 * length / (size * max(1, len(word.text)))
    codes = "".join(f"{cids[character]:04X}" for character in word.text)
    return f"/F0 {size:.2f} Tf {stretch:.2f} Tz {matrix} Tm <{codes}> Tj\n"


def _font(pdf: Pdf, cids: Mapping[str, int]) -> pikepdf.Object:
    """Return a Type 0 font in which every character of the document is one unseen glyph of full width."""
    count = max(cids.values()) + 1
    program = Stream(pdf, _blank_truetype(), Length1=len(_blank_truetype()))
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/JinkuiBlank"),
        Flags=4,
        FontBBox=Array([0, 0, _EM, _EM]),
        ItalicAngle=0,
        Ascent=_EM,
        Descent=0,
        CapHeight=_EM,
        StemV=80,
        FontFile2=program,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/JinkuiBlank"),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=_EM,
        CIDToGIDMap=Stream(pdf, b"\x00\x00" + b"\x00\x01" * (count - 1)),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/JinkuiBlank"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=Stream(pdf, _to_unicode(cids)),
        )
    )


def _to_unicode(cids: Mapping[str, int]) -> bytes:
    pairs = [f"<{cid:04X}> <{character.encode('utf-16-be').hex().upper()}>" for character, cid in cids.items()]
    blocks = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in _blocks(pairs))
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{blocks}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _blocks(pairs: Sequence[str]) -> Iterator[Sequence[str]]:
    return (pairs[start : start + _CIDS_A_BLOCK] for start in range(0, len(pairs), _CIDS_A_BLOCK))


@cache
def _blank_truetype() -> bytes:
    from fontTools.fontBuilder import FontBuilder

    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupCharacterMap({0x20: "blank"})
    builder.setupGlyf({".notdef": _square(), "blank": _square()})
    builder.setupHorizontalMetrics({".notdef": (_EM, 0), "blank": (_EM, 0)})
    builder.setupHorizontalHeader(ascent=_EM, descent=0)
    builder.setupNameTable({"familyName": "JinkuiBlank", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.updateHead(created=_EPOCH, modified=_EPOCH)
    builder.font.recalcTimestamp = False
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def _square() -> object:
    """Return a full square: never painted, but readers that measure glyphs pass over text without any extent."""
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, _EM), (_EM, _EM), (_EM, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()
