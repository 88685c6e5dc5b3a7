"""A born-digital PDF: text set with an embedded subset of a font and a map back to its characters."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTCollection
from pikepdf import Array, Dictionary, Name, Stream

from maker.paper import SERIF

_PER_LINE = 28
_LINES_A_PAGE = 22
_FONT_NAME = "/ABCDEF+NotoSerifCJKsc-Regular"


def write_pdf(path: Path, title: str, paragraphs: Sequence[str]) -> None:
    """Write a title and paragraphs in 16 points, as many pages as they need."""
    lines = [(True, title), (False, ""), *((False, line) for text in paragraphs for line in _wrapped(text))]
    font, glyphs = _subset(sorted(set("".join(line for _, line in lines))))
    with pikepdf.Pdf.new() as document:
        face = document.make_indirect(_face(document, font["CFF "].compile(font), glyphs))
        for start in range(0, len(lines), _LINES_A_PAGE):
            shown = "".join(
                _shown(place, *line, glyphs) for place, line in enumerate(lines[start : start + _LINES_A_PAGE])
            )
            page = Dictionary(
                Type=Name.Page, MediaBox=Array([0, 0, 595, 842]), Resources=Dictionary(Font=Dictionary(F0=face)),
                Contents=Stream(document, f"BT\n{shown}ET".encode()),
            )  # fmt: skip
            document.pages.append(pikepdf.Page(page))
        document.docinfo["/Title"] = title
        document.save(path, deterministic_id=True)


def _wrapped(text: str) -> Iterator[str]:
    rest, indent = text, "　　"
    while rest:
        room = _PER_LINE - len(indent)
        cut = min(room, len(rest))
        while cut < len(rest) and rest[cut] in "，。；：、）》":
            cut -= 1
        yield indent + rest[:cut]
        rest, indent = rest[cut:], ""


def _shown(place: int, is_title: bool, line: str, glyphs: dict[str, int]) -> str:
    size, left = (20, (595 - 20 * len(line)) / 2) if is_title else (16, 73.5)
    codes = "".join(f"{glyphs[character]:04X}" for character in line)
    return f"/F0 {size} Tf 1 0 0 1 {left:g} {748 - 30 * place} Tm <{codes}> Tj\n"


def _subset(characters: Sequence[str]) -> tuple[object, dict[str, int]]:
    font = TTCollection(SERIF).fonts[2]
    options = subset.Options(layout_features=[], name_IDs=[], notdef_outline=True, recalc_timestamp=False)
    chooser = subset.Subsetter(options)
    chooser.populate(unicodes=[ord(character) for character in characters])
    chooser.subset(font)
    names = font.getBestCmap()
    # A CID-keyed font is addressed by its own CIDs, which the names of its glyphs hold ("cid01234").
    return font, {character: int(names[ord(character)].removeprefix("cid")) for character in characters}


def _face(document: pikepdf.Pdf, program: bytes, glyphs: dict[str, int]) -> Dictionary:
    pairs = [f"<{glyph:04X}> <{ord(character):04X}>" for character, glyph in glyphs.items()]
    blocks = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar"
        for block in (pairs[start : start + 100] for start in range(0, len(pairs), 100))
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{blocks}\nendcmap end end"
    )
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name(_FONT_NAME), Flags=4, FontBBox=Array([0, -200, 1000, 900]), ItalicAngle=0,
        Ascent=880, Descent=-120, CapHeight=700, StemV=80,
        FontFile3=Stream(document, program, Subtype=Name("/CIDFontType0C")),
    )  # fmt: skip
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name(_FONT_NAME), DW=1000,
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0),
        FontDescriptor=document.make_indirect(descriptor),
        W=_widths(glyphs),
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name(_FONT_NAME), Encoding=Name("/Identity-H"),
        DescendantFonts=Array([document.make_indirect(descendant)]), ToUnicode=Stream(document, cmap.encode()),
    )  # fmt: skip


def _widths(glyphs: dict[str, int]) -> Array:
    """The widths of digits and the blank, which are half as wide as characters."""
    widths: list[object] = []
    for character, glyph in sorted(glyphs.items(), key=lambda item: item[1]):
        if character.isascii():
            widths += [glyph, Array([224 if character == " " else 540])]
    return Array(widths)
