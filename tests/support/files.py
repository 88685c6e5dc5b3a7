"""One small whole file of every kind, made on the spot; one keyword changes exactly one thing."""

import base64
import io
import struct
import tarfile
import wave
import zipfile
import zlib
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pikepdf
from PIL import Image, ImageDraw

from archives.findings import Finding
from formats.kinds.kind import Kind
from tests.support.compound_files import compound_bytes, doc_bytes, ppt_bytes

OFD_NAMESPACE = "http://www.ofdspec.org/2016"


def image_bytes(
    form: str = "PNG",
    *,
    size: tuple[int, int] = (120, 80),
    mode: str = "RGB",
    dpi: int | None = 200,
    frames: int = 1,
    orientation: int | None = None,
) -> bytes:
    """Return an image with a black square in its upper left corner."""
    pictures = []
    for _ in range(frames):
        picture = Image.new(mode, size, "white")
        ImageDraw.Draw(picture).rectangle((0, 0, 20, 20), fill="black")
        pictures.append(picture)
    options: dict[str, object] = {"dpi": (dpi, dpi)} if dpi else {}
    if frames > 1:
        options |= {"save_all": True, "append_images": pictures[1:]}
    if orientation:
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif
    out = io.BytesIO()
    pictures[0].save(out, form, **options)
    return out.getvalue()


def pdf_bytes(
    *, pages: int = 1, size: tuple[float, float] = (144, 72), jpeg: bytes | None = None, password: str = ""
) -> bytes:
    """Return a PDF of pages with one line of text each, or of one page that is nothing but a JPEG."""
    with pikepdf.Pdf.new() as pdf:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        for number in range(1, pages + 1):
            page = pdf.add_blank_page(page_size=size)
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F0=font))
            page.Contents = pdf.make_stream(f"BT /F0 12 Tf 10 30 Td (page {number}) Tj ET".encode())
            if jpeg:
                with Image.open(io.BytesIO(jpeg)) as picture:
                    width, height, grey = picture.width, picture.height, picture.mode == "L"
                stream = pdf.make_stream(
                    jpeg,
                    Type=pikepdf.Name.XObject,
                    Subtype=pikepdf.Name.Image,
                    Width=width,
                    Height=height,
                    BitsPerComponent=8,
                    ColorSpace=pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB,
                    Filter=pikepdf.Name.DCTDecode,
                )
                page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
                page.Contents = pdf.make_stream(f"q {size[0]} 0 0 {size[1]} 0 0 cm /Im0 Do Q".encode())
        out = io.BytesIO()
        encryption = pikepdf.Encryption(owner=password, user=password) if password else False
        pdf.save(out, encryption=encryption, deterministic_id=not password)
        return out.getvalue()


def scanned_pdf_bytes(*, pages: int = 1, written: int = 0, words: str = "", blank: int = 0) -> bytes:
    """Return a PDF of scanned pages, then of pages with one line of text each, then of blank ones.

    ``words`` stand unseen over every scanned page, as programs that recognise text put them there.
    """
    jpeg = image_bytes("JPEG", size=(60, 90))
    with pikepdf.Pdf.open(io.BytesIO(pdf_bytes(pages=pages + written + blank, size=(600, 900)))) as pdf:
        for page in pdf.pages[:pages]:
            page.Resources.XObject = pikepdf.Dictionary(
                Im0=pdf.make_stream(
                    jpeg,
                    Type=pikepdf.Name.XObject,
                    Subtype=pikepdf.Name.Image,
                    Width=60,
                    Height=90,
                    BitsPerComponent=8,
                    ColorSpace=pikepdf.Name.DeviceRGB,
                    Filter=pikepdf.Name.DCTDecode,
                )
            )
            drawn = f"q 600 0 0 900 0 0 cm /Im0 Do Q BT 3 Tr /F0 12 Tf 10 30 Td ({words}) Tj ET"
            page.Contents = pdf.make_stream(drawn.encode("latin-1"))
        for page in pdf.pages[pages + written :]:
            page.Contents = pdf.make_stream(b"")
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
        return out.getvalue()


def zip_bytes(members: Mapping[str, bytes | str]) -> bytes:
    """Return a ZIP of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in members.items():
            container.writestr(name, data)
    return out.getvalue()


def ofd_bytes(*texts: tuple[float, float, str], version: str = "1.1", namespace: str = OFD_NAMESPACE) -> bytes:
    """Return an OFD of one page with these pieces of text at x and y in millimetres."""
    space = f'xmlns:ofd="{namespace}"'
    objects = "".join(
        f'<ofd:TextObject Boundary="{x} {y} 50 5"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode></ofd:TextObject>'
        for x, y, text in texts or ((10, 10, "通知"),)
    )
    return zip_bytes(
        {
            "OFD.xml": f'<ofd:OFD {space} Version="{version}"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>'
            "</ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f'<ofd:Document {space}><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/P0.xml"/>'
            "</ofd:Pages></ofd:Document>",
            "Doc_0/Pages/P0.xml": f"<ofd:Page {space}><ofd:Content>{objects}</ofd:Content></ofd:Page>",
        }
    )


def docx_bytes(*paragraphs: str) -> bytes:
    """Return a Word document of these paragraphs and a table of one row."""
    document = docx.Document()
    for text in paragraphs or ("水库报告",):
        document.add_paragraph(text)
    cells = document.add_table(rows=1, cols=2).rows[0].cells
    cells[0].text, cells[1].text = "站名", "水位"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx_bytes(*rows: tuple[object, ...], title: str = "水情") -> bytes:
    """Return a workbook of one sheet with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows or (("石桥", 12.4),):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mail_bytes(*, body: str = "今晚值班", html: str = "", attachment: str = "") -> bytes:
    """Return a mail with a plain body, or one in HTML only, perhaps with something attached."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", "值班"
    mail["Date"] = "Fri, 02 Jan 2026 03:04:05 +0000"
    if html:
        mail.set_content(html, subtype="html")
    else:
        mail.set_content(body)
    if attachment:
        mail.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=attachment)
    return mail.as_bytes()


def wave_bytes(*, seconds: float = 0.5, channels: int = 1) -> bytes:
    """Return silence, 8000 samples a second of 16 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * channels * round(8000 * seconds))
    return out.getvalue()


def odt_bytes(content: str = "", *, encrypted: bool = False, **parts: str) -> bytes:
    """Return an OpenDocument text with this content (or one paragraph); ``parts`` are other members by their names."""
    names = ("office", "text", "table", "draw", "style", "fo", "form", "manifest")
    spaces = " ".join(f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in names)
    manifest = "<manifest:encryption-data/>" if encrypted else ""
    body = f"<office:body><office:text>{content or '<text:p>水库报告</text:p>'}</office:text></office:body>"
    members = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": f"<office:document-content {spaces}>{parts.pop('styles_of_content', '')}{body}</office:document-content>",
        "META-INF/manifest.xml": f"<manifest:manifest {spaces}>{manifest}</manifest:manifest>",
    }
    return zip_bytes(members | {f"{name}.xml": f"<x {spaces}>{xml}</x>" for name, xml in parts.items()})


def pptx_bytes(*slides: str, **parts: str) -> bytes:
    """Return a presentation of slides with these words; ``parts`` are what belongs to the first by what they are to it."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    spaces = f'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{office}" '
    spaces += 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'

    def related(kinds: Mapping[str, str]) -> str:
        rows = (f'<Relationship Id="{name}" Type="{office}/{kind}" Target="/{name}"/>' for name, kind in kinds.items())
        return f'<Relationships xmlns="{package}">{"".join(rows)}</Relationships>'

    words = slides or ("水库汇报",)
    names = [f"ppt/slide{n}.xml" for n in range(len(words))]
    listed = "".join(f'<p:sldId id="{256 + n}" r:id="{name}"/>' for n, name in enumerate(names))
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
        'PartName="/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.'
        'presentation.main+xml"/></Types>',
        "_rels/.rels": related({"ppt/presentation.xml": "officeDocument"}),
        "ppt/presentation.xml": f"<p:presentation {spaces}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": related(dict.fromkeys(names, "slide")),
        "ppt/_rels/slide0.xml.rels": related({f"ppt/{kind}.xml": kind for kind in parts}),
    }
    members |= {f"ppt/{kind}.xml": f"<p:x {spaces}>{xml}</p:x>" for kind, xml in parts.items()}
    for name, text in zip(names, words, strict=True):
        shape = f"<p:sp><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        members[name] = f"<p:sld {spaces}><p:cSld><p:spTree>{shape}</p:spTree></p:cSld></p:sld>"
    return zip_bytes(members)


HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAA"
    "AAAERAAAEAAQAAAAABoQABAAAAAAAAAFEAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAA"
    "AADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkA"
    "AAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAA"
    "AAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAF"
    "ltZGF0AAAATSgBrwY48Jf3G/C/dtdYF6Xsk3eEucZcl+O0PrJn7Zf2cVl39ZIvfE56VIDS0Zm6FDUdfb9bSSXC6gbUbCMkPMU3/RnAc8xTg66V"
    "/33A"
)
"""A picture of 64 × 48 dots of a grey of 215, with a square of 70 in its upper left corner (no library here writes one)."""


def tar_bytes(members: Mapping[str, bytes]) -> bytes:
    """Return a TAR of these members."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def sealed_bytes(head: bytes = b"\x01\x00") -> bytes:
    """Return a 7z with this head and one byte in it."""
    start = struct.pack("<QQI", 1, len(head), zlib.crc32(head))
    return b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start + b"x" + head


def video_bytes() -> bytes:
    """Return the boxes of an MP4 that shows nothing."""
    boxes = ((b"ftyp", b"isom\0\0\2\0isomiso2mp41"), (b"moov", b"\0" * 100), (b"mdat", b"\0" * 500))
    return b"".join(struct.pack(">I", 8 + len(data)) + kind + data for kind, data in boxes)


SAMPLES: Mapping[str, bytes] = {
    "a.heic": HEIC,
    "a.webp": image_bytes("WEBP", dpi=None),
    "a.avif": image_bytes("AVIF", dpi=None),
    "a.jpg": image_bytes("JPEG"),
    "a.tif": image_bytes("TIFF"),
    "a.png": image_bytes("PNG"),
    "a.jp2": image_bytes("JPEG2000"),
    "a.bmp": image_bytes("BMP"),
    "a.pdf": pdf_bytes(),
    "a.ofd": ofd_bytes(),
    "a.docx": docx_bytes(),
    "a.xlsx": xlsx_bytes(),
    "a.pptx": pptx_bytes(),
    "a.odt": odt_bytes(),
    "a.rtf": rb"{\rtf1\ansi\ansicpg936 \'cb\'ae\'bf\'e2}",
    "a.doc": doc_bytes(),
    "a.ppt": ppt_bytes(),
    "a.msg": compound_bytes({"__properties_version1.0": bytes(32), "__substg1.0_1000001F": "值班".encode("utf-16-le")}),
    "a.ole": compound_bytes({"Package": docx_bytes()}),
    "a.eml": mail_bytes(),
    "a.txt": "水位十二点四米".encode(),
    "a.html": b"<!DOCTYPE html><html><body><p>water</p></body></html>",
    "a.wav": wave_bytes(),
    "a.mp4": video_bytes(),
    "a.zip": zip_bytes({"值班.txt": "水位".encode()}),
    "a.7z": sealed_bytes(),
}
"""A whole file of every kind there is, by name."""


def pages_of(kind: Kind, path: Path) -> list[str]:
    """Return the text of a file by page, without what was found on the way."""
    assert kind.read
    return [one for one in kind.read(path) if isinstance(one, str)]


def findings_of(kind: Kind, path: Path) -> list[str]:
    """Return the codes of what is found where a file's text is read."""
    assert kind.read
    return [one.code for one in kind.read(path) if isinstance(one, Finding)]


def put(folder: Path, name: str, data: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
