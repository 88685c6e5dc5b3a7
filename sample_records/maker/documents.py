"""New electronic documents: one of each kind that an archives receives, made by kept libraries or by hand."""

import io
import re
import wave
import zipfile
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import cv2
import docx
import numpy as np
import openpyxl
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl.styles import Alignment, Font
from PIL import Image

from maker.born_digital_pdf import write_pdf
from maker.documents_text import DUTY, LEVELS, MAIL, NOTICE, RAIN, RULES, RULES_TITLE, SUMMARY, TELEPHONE

_MOMENT = (2014, 11, 7, 9, 0, 0)


def pdf(path: Path) -> None:
    """Write a born-digital PDF of two pages."""
    write_pdf(path, RULES_TITLE, RULES)


def word(path: Path) -> None:
    """Write a DOCX with a heading, paragraphs and a table."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "SimSun", Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    document.core_properties.author = "澜浦市水利局办公室"
    document.core_properties.title = "全市防汛工作总结"
    heading = document.add_heading("2014年全市防汛工作总结", 1)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in SUMMARY:
        document.add_paragraph(text).paragraph_format.first_line_indent = Pt(28)
    document.add_paragraph("附表：主要测站最高水位")
    table = document.add_table(rows=0, cols=4)
    table.style = "Table Grid"
    for row in LEVELS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    closing = document.add_paragraph("澜浦市水利局\n2014年10月20日")
    closing.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    kept = io.BytesIO()
    document.save(kept)
    _same_bytes(kept.getvalue(), path)


def workbook(path: Path) -> None:
    """Write an XLSX with two sheets, a merged title and a formula-free total."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "雨量"
    sheet.append(["2014年5月各测站雨量统计表"])
    sheet.merge_cells("A1:E1")
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")
    sheet.append(["测站", "雨量（毫米）", "雨日", "最大日雨量", "出现日期"])
    for row in RAIN:
        sheet.append(row)
    sheet.append(["平均", round(sum(row[1] for row in RAIN) / len(RAIN), 1), "", "", ""])
    remarks = book.create_sheet("说明")
    remarks.append(["资料由市水文站整编，大岭站五月十二日缺测半天，已按邻站插补。"])
    remarks.append(["制表：陈志远", "审核：何建民"])
    kept = io.BytesIO()
    book.save(kept)
    _same_bytes(kept.getvalue(), path)


def ofd(path: Path) -> None:
    """Write an OFD 1.1 (GB/T 33190-2016) of one page."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    objects = "".join(_ofd_line(number, line) for number, line in enumerate(NOTICE))
    parts = {
        "OFD.xml": f'<ofd:OFD {space} DocType="OFD" Version="1.1"><ofd:DocBody><ofd:DocInfo><ofd:DocID>5f1c2a9e0b7d4d3c8a6e1f2030405060</ofd:DocID><ofd:Title>关于印发防汛值班制度的通知</ofd:Title><ofd:Author>澜浦市水利局</ofd:Author><ofd:CreationDate>2014-04-02</ofd:CreationDate></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": f'<ofd:Document {space}><ofd:CommonData><ofd:MaxUnitID>60</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/PublicRes.xml": f'<ofd:Res {space} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="2" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>',
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="3">{objects}</ofd:Layer></ofd:Content></ofd:Page>',
    }
    with zipfile.ZipFile(path, "w") as container:
        for name, body in parts.items():
            _member(container, name, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode())


def mail(path: Path) -> None:
    """Write an e-mail with Chinese headers in encoded words and an attachment with a Chinese name."""
    letter = EmailMessage()
    letter["From"] = "林秀兰 <linxl@slj.lanpu.example>"
    letter["To"] = "何建民 <hejm@swj.qingqiao.example>"
    letter["Cc"] = "陈志远 <chenzy@slj.lanpu.example>"
    letter["Date"] = "Fri, 07 Nov 2014 09:00:00 +0800"
    letter["Subject"] = "汛期值班表（十一月）请核对"
    letter["Message-ID"] = "<20141107090000.1183@slj.lanpu.example>"
    letter.set_content(MAIL, cte="base64")
    letter.add_attachment(DUTY.encode("gb18030"), maintype="text", subtype="csv", filename="十一月值班表.csv")
    letter.set_boundary("----=_NextPart_000_0021_01CFFA69")
    path.write_bytes(letter.as_bytes(policy=SMTP))


def note(path: Path) -> None:
    """Write plain text in GB18030."""
    path.write_bytes(TELEPHONE.replace("\n", "\r\n").encode("gb18030"))


def photograph(path: Path) -> None:
    """Write a JPEG photograph (a made landscape: hills, a dyke, a river in flood) with EXIF."""
    random = np.random.default_rng(7)
    height, width = 720, 1080
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    sky = _tint(_fractal(random, height, width), (188, 194, 200), (226, 229, 232))
    picture = sky - (rows / height * 14)[:, :, None]
    for level, rough, near, far in (
        (250, 46, (118, 134, 138), (150, 160, 164)),
        (300, 34, (66, 88, 66), (96, 112, 84)),
    ):
        ridge = level + rough * 4 * (_fractal(random, 8, width)[4] - 0.5)
        hill = _tint(_fractal(random, height, width), near, far)
        picture = np.where((rows > ridge[None, :])[:, :, None], hill, picture)
    bank = 372 - columns * 0.035 + 5 * (_fractal(random, 8, width)[4] - 0.5)
    grass = _tint(_fractal(random, height, width), (84, 92, 52), (140, 136, 92))
    picture = np.where((rows > bank)[:, :, None], grass, picture)
    shore = bank + 74 + columns * 0.06
    ripple = cv2.resize(
        random.normal(0, 1, (height, 60)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    water = (
        _tint(_fractal(random, height, width), (126, 108, 82), (158, 140, 110))
        + (ripple * rows / height * 11)[:, :, None]
    )
    picture = np.where((rows > shore)[:, :, None], water, picture)
    for post in range(60, width, 132):
        top = round(float(bank[0, post])) - 44
        cv2.line(picture, (post, top), (post, top + 52), (70, 68, 64), 4, cv2.LINE_AA)
    picture = cv2.GaussianBlur(picture, (0, 0), 1.1) + random.normal(0, 3.5, picture.shape)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "SEAGULL", "DC-33", "2014:07:09 17:42:10"
    exif[0x010E] = "Flood at the Pu river dyke"
    exif.get_ifd(0x8769).update({0x9003: "2014:07:09 17:42:10", 0x829A: (1, 125), 0x829D: (56, 10), 0x8827: 400})
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(path, "JPEG", quality=80, exif=exif, dpi=(72, 72))


def sound(path: Path) -> None:
    """Write four seconds of rain on a roof and a distant siren as WAV (8 kHz, mono, 16 bits)."""
    random = np.random.default_rng(11)
    rate, seconds = 8000, 4
    moments = np.arange(rate * seconds) / rate
    rain = np.convolve(random.normal(0, 1, moments.size), np.ones(3) / 3, "same") * (900 + 300 * np.sin(moments * 2.1))
    drops = (random.random(moments.size) > 0.9985) * random.uniform(2000, 7000, moments.size)
    rain += np.convolve(drops, np.exp(-np.arange(160) / 28.0), "same")
    siren = 1700 * np.sin(2 * np.pi * np.cumsum(420 + 130 * np.sin(moments * 1.6)) / rate)
    samples = np.clip(rain + siren, -32000, 32000).astype("<i2")
    with wave.open(str(path), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(rate)
        target.writeframes(samples.tobytes())


DOCUMENTS: tuple[tuple[str, str, str, str, str, Callable[[Path], None]], ...] = (
    ("J019-WS·2014·Y·办公室-0101", "澜浦市防汛物资储备管理办法", "浦水〔2014〕15号", "2014-03-18", "pdf", pdf),
    ("J019-WS·2014·Y·办公室-0102", "2014年全市防汛工作总结", "", "2014-10-20", "docx", word),
    ("J019-WS·2014·Y·办公室-0103", "关于印发防汛值班制度的通知", "浦水〔2014〕21号", "2014-04-02", "ofd", ofd),
    ("J019-WS·2014·D30·办公室-0104", "五月雨量统计表", "", "2014-06-05", "xlsx", workbook),
    ("J019-WS·2014·D10·办公室-0105", "汛期值班表往来邮件", "", "2014-11-07", "eml", mail),
    ("J019-WS·2014·D10·办公室-0106", "石桥水库防汛电话记录", "", "2014-07-09", "txt", note),
    ("J019-ZP·2014·Y·办公室-0107", "浦河大堤洪水照片", "", "2014-07-09", "jpg", photograph),
    ("J019-LY·2014·D10·办公室-0108", "抗洪抢险现场录音", "", "2014-07-09", "wav", sound),
)


def _ofd_line(number: int, line: str) -> str:
    size = 6.5 if number in (0, 2) else 5.0
    width = size * len(line)
    left = {0: (210 - width) / 2, 1: (210 - width) / 2, 2: (210 - width) / 2, 11: 185 - width, 12: 185 - width}.get(
        number, 25 + (0 if number == 3 else 10)
    )
    top = 30 + 12 * number
    identifier = 10 + number
    steps = f"g {len(line) - 1} {size:g}"
    return f'<ofd:TextObject ID="{identifier}" Boundary="{left:g} {top} {width + 1:g} {size + 2:g}" Font="2" Size="{size:g}"><ofd:TextCode X="0" Y="{size:g}" DeltaX="{steps}">{line}</ofd:TextCode></ofd:TextObject>'


def _fractal(random: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Clouds between 0 and 1: noise of many sizes laid over one another."""
    total = np.zeros((height, width), np.float32)
    for octave in range(1, 7):
        coarse = random.random((2 ** max(1, octave - 1) + 2, 2**octave + 2)).astype(np.float32)
        total += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * 0.6**octave
    return (total - total.min()) / (total.max() - total.min())


def _tint(shade: np.ndarray, dark: Sequence[int], light: Sequence[int]) -> np.ndarray:
    return np.array(dark, np.float32) + shade[:, :, None] * (np.array(light, np.float32) - np.array(dark, np.float32))


def _same_bytes(data: bytes, path: Path) -> None:
    """Write a ZIP again with one moment for all members, so that the same content has the same bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?", b"2014-11-07T09:00:00Z", content)
            _member(target, name, content)


def _member(container: zipfile.ZipFile, name: str, content: bytes) -> None:
    container.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
