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
from formats.text import extract_text
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


def with_letters(data: bytes, names: list[str | int], drawn: bytes) -> bytes:
    """Return a PDF whose first page draws letters of a font that has these names for its glyphs."""
    encoding = [pikepdf.Name(f"/{name}") if isinstance(name, str) else name for name in names]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name("/ABCDEF+Odd"),
            FirstChar=65,
            LastChar=67,
            Widths=pikepdf.Array([600, 600, 600]),
            Encoding=pikepdf.Dictionary(Differences=pikepdf.Array(encoding)),
        )
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F0=pdf.make_indirect(font)))
        pdf.pages[0].Contents = pdf.make_stream(b"BT /F0 20 Tf 20 40 Td (" + drawn + b") Tj ET")
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def test_letters_that_two_readers_read_differently_are_kept_in_both_readings_and_told(tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf", with_letters(pdf_bytes(size=(200, 100)), [65, "f_f", "s", "t"], b"BCA"))
    extracted = extract_text(path, identify(path))
    assert "stff" in extracted.pages[0].split()
    (found,) = extracted.findings
    assert (found.code, "stff" in found.message.text("en")) == ("letters-doubtful", True)


@pytest.mark.parametrize("names", [[65, "a", "s", "t"], [65, "uni6C34", "uni5E93", "uni4E00"]])
def test_letters_beyond_doubt_are_no_finding(tmp_path: Path, names: list[str | int]) -> None:
    path = put(tmp_path, "a.pdf", with_letters(pdf_bytes(size=(200, 100)), names, b"BCABCA"))
    assert extract_text(path, identify(path)).findings == ()


def test_letters_outside_the_crop_box_are_not_shown_however_the_page_is_turned(tmp_path: Path) -> None:
    data = with_letters(pdf_bytes(size=(200, 100)), [65, "a", "s", "t"], b"BCABCA")
    for turn in (0, 90, 180, 270):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pdf.pages[0].CropBox = pikepdf.Array([0, 60, 200, 100])
            pdf.pages[0].Rotate = turn
            pdf.save(tmp_path / "a.pdf")
        assert extract_text(tmp_path / "a.pdf", identify(tmp_path / "a.pdf")).findings == ()


def test_a_note_without_a_look_of_its_own_is_read_and_told(tmp_path: Path) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[10, 10, 150, 40], Contents="批注 NOTE", F=4
    )
    with pikepdf.open(io.BytesIO(pdf_bytes())) as pdf:
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])
        pdf.save(tmp_path / "a.pdf")
    extracted = extract_text(tmp_path / "a.pdf", identify(tmp_path / "a.pdf"))
    assert extracted.pages[0].splitlines()[-1] == "批注 NOTE"
    assert [found.code for found in extracted.findings] == ["note-without-look"]


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
