"""New electronic documents: one of each kind that an archives receives, made by kept libraries or by hand."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pikepdf
from fontTools import subset
from fontTools.ttLib import TTCollection
from PIL import Image

from maker.paper import SERIF

_MOMENT = (2014, 11, 7, 9, 0, 0)


def pdf(path: Path) -> None:
    """Write a born-digital PDF with an embedded subset font and a ToUnicode map."""
    lines = (
        "澜浦市防汛物资储备管理办法",
        "第一条 为规范防汛物资的储备和调用，制定本办法。",
        "第二条 物资实行分级储备，由各级防汛指挥机构统一调度。",
        "第三条 调用物资须填写调拨单，汛后一个月内归还或者核销。",
    )
    characters = sorted(set("".join(lines)))
    font = TTCollection(SERIF).fonts[2]
    chooser = subset.Subsetter(
        subset.Options(layout_features=[], name_IDs=[], notdef_outline=True, recalc_timestamp=False)
    )
    chooser.populate(unicodes=[ord(character) for character in characters])
    chooser.subset(font)
    glyphs = {character: font.getGlyphID(font.getBestCmap()[ord(character)]) for character in characters}
    program = font["CFF "].compile(font)
    with pikepdf.Pdf.new() as document:
        unicode_map = "".join(f"<{glyph:04X}> <{ord(character):04X}>\n" for character, glyph in glyphs.items())
        cmap = f"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n{len(glyphs)} beginbfchar\n{unicode_map}endbfchar endcmap end end"
        descriptor = pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=pikepdf.Name("/ABCDEF+NotoSerif"),
            Flags=4,
            FontBBox=[0, -200, 1000, 900],
            ItalicAngle=0,
            Ascent=880,
            Descent=-120,
            CapHeight=700,
            StemV=80,
            FontFile3=pikepdf.Stream(document, program, Subtype=pikepdf.Name("/CIDFontType0C")),
        )
        descendant = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.CIDFontType0,
            BaseFont=pikepdf.Name("/ABCDEF+NotoSerif"),
            CIDSystemInfo=pikepdf.Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            FontDescriptor=document.make_indirect(descriptor),
            DW=1000,
        )
        face = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=pikepdf.Name("/ABCDEF+NotoSerif"),
            Encoding=pikepdf.Name("/Identity-H"),
            DescendantFonts=[document.make_indirect(descendant)],
            ToUnicode=pikepdf.Stream(document, cmap.encode()),
        )
        shown = "".join(
            f"1 0 0 1 72 {740 - 30 * row} Tm <{''.join(f'{glyphs[c]:04X}' for c in line)}> Tj\n"
            for row, line in enumerate(lines)
        )
        page = pikepdf.Dictionary(
            Type=pikepdf.Name.Page,
            MediaBox=[0, 0, 595, 842],
            Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F0=document.make_indirect(face))),
            Contents=pikepdf.Stream(document, f"BT /F0 16 Tf\n{shown}ET".encode()),
        )
        document.pages.append(pikepdf.Page(page))
        document.save(path, deterministic_id=True)


def word(path: Path) -> None:
    """Write a DOCX with a heading, paragraphs and a table."""
    document = docx.Document()
    document.add_heading("全市防汛工作总结", 1)
    document.add_paragraph("今年汛期共经历三次洪水过程，全市未发生人员伤亡，沿江大堤安然无恙。")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("河流", "最高水位", "浦河", "十二点四米"), strict=True
    ):
        cell.text = text
    kept = io.BytesIO()
    document.save(kept)
    _same_bytes(kept.getvalue(), path)


def workbook(path: Path) -> None:
    """Write an XLSX with two sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "雨量"
    for row in (("测站", "月份", "雨量毫米"), ("石桥", "五月", 312), ("下湾", "五月", 287)):
        sheet.append(row)
    book.create_sheet("说明").append(("资料由水文站提供",))
    kept = io.BytesIO()
    book.save(kept)
    _same_bytes(kept.getvalue(), path)


def ofd(path: Path) -> None:
    """Write a small OFD 1.1 (GB/T 33190-2016)."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    text = ("关于印发防汛值班制度的通知", "各县水利局：现将防汛值班制度印发给你们，请遵照执行。")
    objects = "".join(
        f'<ofd:TextObject ID="{10 + n}" Boundary="25 {30 + 14 * n} 160 8" Font="2" Size="5"><ofd:TextCode X="0" Y="5" DeltaX="g {len(line) - 1} 5">{line}</ofd:TextCode></ofd:TextObject>'
        for n, line in enumerate(text)
    )
    parts = {
        "OFD.xml": f'<ofd:OFD {space} DocType="OFD" Version="1.1"><ofd:DocBody><ofd:DocInfo><ofd:DocID>5f1c2a9e0b7d4d3c8a6e1f2030405060</ofd:DocID><ofd:Title>防汛值班制度</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": f'<ofd:Document {space}><ofd:CommonData><ofd:MaxUnitID>20</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/PublicRes.xml": f'<ofd:Res {space} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="2" FontName="宋体"/></ofd:Fonts></ofd:Res>',
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="3">{objects}</ofd:Layer></ofd:Content></ofd:Page>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, body in parts.items():
            container.writestr(
                zipfile.ZipInfo(name, _MOMENT), f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', zipfile.ZIP_DEFLATED
            )


def mail(path: Path) -> None:
    """Write an e-mail with Chinese headers and an attachment."""
    letter = EmailMessage()
    letter["From"] = "林秀兰 <linxl@lanpu.example>"
    letter["To"] = "何建民 <hejm@qingqiao.example>"
    letter["Date"] = "Fri, 07 Nov 2014 09:00:00 +0800"
    letter["Subject"] = "汛期值班表"
    letter["Message-ID"] = "<20141107.1@lanpu.example>"
    letter.set_content("建民同志：\n附上十一月的防汛值班表，请核对后回复。\n秀兰\n")
    letter.add_attachment(
        "日期,值班人\n十一月八日,何建民\n".encode("gb18030"), maintype="text", subtype="csv", filename="值班表.csv"
    )
    letter.set_boundary("jinkui-sample-boundary")
    path.write_bytes(letter.as_bytes())


def note(path: Path) -> None:
    """Write plain text in GB18030."""
    path.write_bytes(
        "电话记录\r\n时间：七月九日二十时\r\n内容：石桥水库水位二十八点三米，防汛队伍已经到位。\r\n".encode("gb18030")
    )


def photograph(path: Path) -> None:
    """Write a JPEG photograph (a made landscape) with EXIF."""
    random = np.random.default_rng(7)
    rows, columns = np.mgrid[0:480, 0:720].astype(np.float32)
    ridge = 210 + 40 * np.sin(columns / 90) + 18 * np.sin(columns / 31)
    sky = np.stack([150 + rows * 0.2, 185 + rows * 0.12, np.full_like(rows, 225)], axis=-1)
    water = np.stack([90 + 12 * np.sin(rows / 5), 120 + 12 * np.sin(rows / 5), np.full_like(rows, 118)], axis=-1)
    picture = np.where(
        (rows < ridge)[:, :, None], sky, np.where((rows < 330)[:, :, None], np.array([70, 104, 66]), water)
    )
    picture += random.normal(0, 4, picture.shape)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "Seagull", "DF-1", "2014:07:09 20:00:00"
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(path, "JPEG", quality=82, exif=exif)


def sound(path: Path) -> None:
    """Write two seconds of a rising tone as WAV."""
    rate = 8000
    moments = np.arange(2 * rate) / rate
    wave = (9000 * np.sin(2 * np.pi * (300 + 150 * moments) * moments)).astype("<i2").tobytes()
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + len(wave),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        rate,
        2 * rate,
        2,
        16,
        b"data",
        len(wave),
    )
    path.write_bytes(head + wave)


DOCUMENTS: tuple[tuple[str, str, str, str, Callable[[Path], None]], ...] = (
    ("J019-WS·2014·Y·办公室-0101", "防汛物资储备管理办法", "2014-03-18", "pdf", pdf),
    ("J019-WS·2014·Y·办公室-0102", "全市防汛工作总结", "2014-10-20", "docx", word),
    ("J019-WS·2014·Y·办公室-0103", "关于印发防汛值班制度的通知", "2014-04-02", "ofd", ofd),
    ("J019-WS·2014·D30·办公室-0104", "五月雨量统计", "2014-06-05", "xlsx", workbook),
    ("J019-WS·2014·D10·办公室-0105", "汛期值班表往来邮件", "2014-11-07", "eml", mail),
    ("J019-WS·2014·D10·办公室-0106", "石桥水库电话记录", "2014-07-09", "txt", note),
    ("J019-ZP·2014·Y·办公室-0107", "浦河大堤照片", "2014-07-09", "jpg", photograph),
    ("J019-LY·2014·D10·办公室-0108", "抗洪抢险现场录音", "2014-07-09", "wav", sound),
)


def _same_bytes(data: bytes, path: Path) -> None:
    """Write a ZIP again with one moment for all members, so that the same content has the same bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = source.read(name)
            if name == "docProps/core.xml":
                member = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?", b"2014-11-07T09:00:00Z", member)
            target.writestr(zipfile.ZipInfo(name, _MOMENT), member, zipfile.ZIP_DEFLATED)
