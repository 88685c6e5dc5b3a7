"""PDF: counted, read and drawn; a page that is nothing but a picture is that picture."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from archives.errors import FormatError
from formats.characterize import characterize
from formats.identify import identify
from formats.kinds.kind import Enclosed, PageImage
from formats.kinds.pdf import KIND
from tests.support.files import image_bytes, pages_of, pdf_bytes, put


def draw(path: Path, page_index: int = 0) -> PageImage:
    """Draw a page."""
    assert KIND.draw
    return KIND.draw(path, page_index)


def test_version_and_pages_are_properties(tmp_path: Path) -> None:
    assert KIND.look
    seen = KIND.look(put(tmp_path, "a.pdf", pdf_bytes(pages=2)))
    assert seen.pages == 2
    assert dict(seen.properties).keys() == {"pdf_version", "pages"}


def test_text_is_read_page_by_page(tmp_path: Path) -> None:
    assert [text.strip() for text in pages_of(KIND, put(tmp_path, "a.pdf", pdf_bytes(pages=2)))] == ["page 1", "page 2"]


def test_a_drawn_page_has_300_dpi(tmp_path: Path) -> None:
    drawn = draw(put(tmp_path, "a.pdf", pdf_bytes(size=(144, 72))))
    assert (drawn.resolution_dpi, drawn.jpeg, drawn.pixels.shape) == (300, None, (300, 600, 3))


def test_a_page_that_is_one_jpeg_is_passed_through_with_its_resolution(tmp_path: Path) -> None:
    jpeg = image_bytes("JPEG", size=(400, 200))
    drawn = draw(put(tmp_path, "a.pdf", pdf_bytes(size=(144, 72), jpeg=jpeg)))
    assert drawn.jpeg == jpeg
    assert (drawn.resolution_dpi, drawn.pixels.shape) == (200, (200, 400, 3))


def test_a_page_in_printing_colours_is_drawn(tmp_path: Path) -> None:
    jpeg = image_bytes("JPEG", mode="CMYK")
    assert draw(put(tmp_path, "a.pdf", pdf_bytes(jpeg=jpeg))).jpeg is None


def test_a_jpeg_that_is_cut_short_inside_is_drawn_as_far_as_it_goes(tmp_path: Path) -> None:
    jpeg = image_bytes("JPEG", size=(400, 400))
    whole = pdf_bytes(size=(144, 144), jpeg=jpeg)
    damaged = whole.replace(jpeg[-300:], b"\0" * 300)
    assert draw(put(tmp_path, "a.pdf", damaged)).pixels.shape[2] == 3


def test_a_page_too_large_to_draw_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="too large"):
        draw(put(tmp_path, "a.pdf", pdf_bytes(size=(14_000, 14_000))))


def test_a_password_is_named_in_the_error(tmp_path: Path) -> None:
    assert KIND.look
    with pytest.raises(FormatError, match=r"(?i)password"):
        KIND.look(put(tmp_path, "a.pdf", pdf_bytes(password="secret")))


def test_a_page_that_is_not_there_is_a_format_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        draw(put(tmp_path, "a.pdf", pdf_bytes()), 7)


def noted_pdf(*notes: pikepdf.Dictionary, form: bool = False, attached: dict[str, bytes] | None = None) -> bytes:
    """Return a PDF of one page with one line of text and these notes on it."""
    with pikepdf.open(io.BytesIO(pdf_bytes())) as pdf:
        pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note) for note in notes]))
        if form:
            fields = pikepdf.Array(list(pdf.pages[0].Annots))
            pdf.Root.AcroForm = pikepdf.Dictionary(Fields=fields)
        for name, data in (attached or {}).items():
            pdf.attachments[name] = data
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def note(subtype: str, *, flags: int = 4, **more: Any) -> pikepdf.Dictionary:
    """Return a note without an appearance of its own."""
    kind = pikepdf.Name("/" + subtype)
    box = pikepdf.Array([10, 40, 120, 60])
    return pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=kind, Rect=box, F=flags, **more)


@pytest.mark.parametrize("subtype", ["FreeText", "Text", "Stamp", "Highlight"])
@pytest.mark.parametrize(("flags", "seen"), [(4, True), (0, True), (2, False), (32, False)])
def test_what_a_note_says_is_text_when_it_can_be_seen(tmp_path: Path, subtype: str, flags: int, seen: bool) -> None:
    (text,) = pages_of(KIND, put(tmp_path, "a.pdf", noted_pdf(note(subtype, flags=flags, Contents="同意。王喆"))))
    assert ("page 1" in text, "同意。王喆" in text) == (True, seen)


@pytest.mark.parametrize(("flags", "seen"), [(0, True), (1 << 13, False)])
def test_what_is_filled_in_is_text_and_passwords_are_not(tmp_path: Path, flags: int, seen: bool) -> None:
    field = note("Widget", FT=pikepdf.Name.Tx, T="name", V="岑梧桐", Ff=flags)
    (text,) = pages_of(KIND, put(tmp_path, "a.pdf", noted_pdf(field, form=True)))
    assert ("岑梧桐" in text) is seen


def test_what_a_note_shows_is_read_once(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(pdf_bytes())) as pdf:
        shown = pdf.make_stream(b"BT /F0 12 Tf 0 0 Td (STAMP) Tj ET", Type=pikepdf.Name.XObject)
        shown.Subtype, shown.BBox = pikepdf.Name.Form, pikepdf.Array([0, 0, 100, 20])
        shown.Resources = pdf.pages[0].Resources
        stamp = note("Stamp", Contents="STAMP", AP=pikepdf.Dictionary(N=shown))
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(stamp)])
        pdf.save(tmp_path / "a.pdf")
    (text,) = pages_of(KIND, tmp_path / "a.pdf")
    assert text.count("STAMP") == 1


def test_what_is_attached_is_handed_over(tmp_path: Path) -> None:
    assert KIND.read
    read = list(KIND.read(put(tmp_path, "a.pdf", noted_pdf(attached={"表.txt": b"x"}))))
    assert Enclosed("表.txt", b"x") in read


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (b"", b"", 0),
        (b"", b"\r\n\r\n", 0),
        (b"\n", b"\r", 1),
        (b"\r\n--boundary\r\n\r\n", b"", 1),
        (b"\xef\xbb\xbf", b"\0" * 5000, 2),
        (b"", b"\0", 1),
        (b"", None, 1),
    ],
)
def test_bytes_around_a_pdf_hinder_nothing_and_are_told(
    tmp_path: Path, before: bytes, after: bytes | None, found: int
) -> None:
    whole = pdf_bytes()
    data = before + (whole + after if after is not None else whole.rstrip().removesuffix(b"%%EOF"))
    path = put(tmp_path, "a.pdf", data)
    known = identify(path)
    character = characterize(path, known)
    assert known.mime == "application/pdf"
    assert character.pages == 1
    assert [one.code for one in character.findings] == ["pdf-off-specification"] * found
    assert [text.strip() for text in pages_of(KIND, path)] == ["page 1"]


def test_a_text_about_pdf_is_no_pdf(tmp_path: Path) -> None:
    assert identify(put(tmp_path, "a.txt", b"A header is written %PDF-1.4 and nothing else, " * 3)).mime == "text/plain"
