"""How a scanned record's pages are kept: page files, multi-page TIFF, PDF of scans, JPEG 2000, PNG."""

import io
import struct
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from maker.sample import SampleRecord

_QUALITY = 62
_PATTERNS = {
    "folder": "{code}/{n:04}.jpg",
    "dash": "{code}-{n:03}.jpg",
    "underscore": "{plain}-{n:03}.jpg",
    "listed": "扫描件/处理单_{n}.jpg",
    "png": "{code}/{n:03}.png",
    "jp2": "{code}-{n:02}.jp2",
}
LISTED_FOLDER = "扫描件"


def write_pages(record: SampleRecord, batch: Path, images: Sequence[Image.Image], dpi: int) -> list[str]:
    """Write a record's pages the way its form says; return the file of each page."""
    code = record.code
    if record.form == "tiff":
        first, *rest = [image.convert("YCbCr") for image in images]
        first.save(
            batch / f"{code}.tif",
            save_all=True,
            append_images=rest,
            compression="jpeg",
            quality=_QUALITY,
            dpi=(dpi, dpi),
        )
        return [f"{code}.tif"] * len(images)
    if record.form == "pdf":
        _write_pdf(batch / f"{code}.pdf", images, dpi)
        return [f"{code}.pdf"] * len(images)
    pattern, plain = _PATTERNS[record.form], code.replace("·", "_")
    names = [pattern.format(code=code, plain=plain, n=number) for number in range(1, len(images) + 1)]
    for name, image in zip(names, images, strict=True):
        path = batch / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if record.form == "png":
            image.quantize(56, dither=Image.Dither.NONE).save(path, dpi=(dpi, dpi), optimize=True)
        elif record.form == "jp2":
            _write_jp2(path, image, dpi)
        else:
            image.save(path, quality=_QUALITY, dpi=(dpi, dpi))
    return names


def _write_pdf(path: Path, images: Sequence[Image.Image], dpi: int) -> None:
    with pikepdf.Pdf.new() as document:
        for image in images:
            kept = io.BytesIO()
            image.save(kept, "JPEG", quality=_QUALITY, dpi=(dpi, dpi))
            width, height = image.width * 72 / dpi, image.height * 72 / dpi
            picture = Stream(
                document, kept.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=image.width, Height=image.height,
                ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode,
            )  # fmt: skip
            content = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im0 Do Q".encode()
            page = Dictionary(
                Type=Name.Page, MediaBox=Array([0, 0, round(width, 2), round(height, 2)]),
                Contents=Stream(document, content), Resources=Dictionary(XObject=Dictionary(Im0=picture)),
            )  # fmt: skip
            document.pages.append(pikepdf.Page(page))
        document.save(path, deterministic_id=True)


def _write_jp2(path: Path, image: Image.Image, dpi: int) -> None:
    """Write JPEG 2000 with the capture resolution, which the library leaves out, in its header."""
    kept = io.BytesIO()
    image.save(kept, "JPEG2000", quality_mode="rates", quality_layers=[40])
    data = kept.getvalue()
    per_metre = round(dpi / 0.0254)
    capture = struct.pack(">I4sHHHHBB", 18, b"resc", per_metre, 1, per_metre, 1, 0, 0)
    resolution = struct.pack(">I4s", 8 + len(capture), b"res ") + capture
    start = data.index(b"jp2h") - 4
    (length,) = struct.unpack(">I", data[start : start + 4])
    header = struct.pack(">I", length + len(resolution)) + data[start + 4 : start + length] + resolution
    path.write_bytes(data[:start] + header + data[start + length :])
