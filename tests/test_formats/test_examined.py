"""A file is opened in a process of its own where it has to be, and only there; what is said of it is the same."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.record.record import FormatIdentification
from formats.characterize import characterize
from formats.examined import look_at
from formats.identify import identify
from formats.kinds.kind import HEAD_BYTES, TAIL_BYTES, UNKNOWN_MIME, Ends
from formats.kinds.registry import KINDS, may_be_recognised, recognised
from formats.processes.opened import Opened
from formats.text import extract_text, extract_text_apart
from formats.unwritten import unwritten_pages
from tests.support.corpora import shared
from tests.support.files import (
    docx_bytes,
    image_bytes,
    mail_bytes,
    ofd_bytes,
    pdf_bytes,
    put,
    wave_bytes,
    xlsx_bytes,
)

BYTES = {
    "a.docx": docx_bytes("字"),
    "a.png": image_bytes(),
    "a.eml": mail_bytes(),
    "a.ofd": ofd_bytes((1, 1, "字")),
    "a.pdf": pdf_bytes(),
    "a.wav": wave_bytes(),
    "a.xlsx": xlsx_bytes((1, 2)),
    "before.pdf": b"junk\n" + pdf_bytes(),
    "renamed.bin": ofd_bytes((1, 1, "字")),
    "box": b"From a@b Thu Jan  1 00:00:00 1970\r\n" + mail_bytes(),
    "cut.jpg": image_bytes()[:200],
    "nothing.bin": b"\x00\x01\x02\x03" * 9,
    "long.bin": b"\x00\x01" * (HEAD_BYTES + TAIL_BYTES),
    "a.rtf": b"{\\rtf1 word}",
    "renamed.dat": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "empty.txt": b"",
    "a.txt": "字".encode(),
}


def ends_of(data: bytes) -> Ends:
    """Return what is looked at of a file's bytes."""
    return Ends(data[:HEAD_BYTES], data[-TAIL_BYTES:])


@pytest.mark.parametrize("name", BYTES)
def test_what_is_said_of_a_file_is_the_same_as_if_it_was_opened(name: str, tmp_path: Path) -> None:
    path = put(tmp_path, name, BYTES[name])
    found = identify(path)
    with Opened.at(path) as opened:
        character = characterize(path, found)
        *seen, text = look_at(opened)
        assert tuple(seen) == (found, character, unwritten_pages(path, found, character.pages))
        assert text == (extract_text(path, found) if name == "a.txt" else None)
        assert extract_text_apart(opened, found) == extract_text(path, found)


def test_a_file_that_only_its_signature_speaks_of_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("opened")

    for module in ("formats.examined.apart", "formats.text.apart"):
        monkeypatch.setattr(module, refuse)
    with Opened.at(put(tmp_path, "nothing.bin", BYTES["nothing.bin"])) as opened:
        assert look_at(opened)[0].mime == UNKNOWN_MIME
        extract_text_apart(opened, FormatIdentification(None, "unknown", "", UNKNOWN_MIME, ""))
    with Opened.at(put(tmp_path, "renamed.bin", BYTES["renamed.bin"])) as opened, pytest.raises(AssertionError):
        look_at(opened)


@given(data=st.one_of(st.sampled_from(sorted(BYTES.values())), st.binary(max_size=200)), cut=st.integers(0, 300))
def test_whatever_a_rule_recognises_its_ends_let_pass(
    data: bytes, cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = put(tmp_path_factory.mktemp("any"), "any.bin", data[cut:])
    if recognised(path):
        assert may_be_recognised(ends_of(data[cut:]))


def test_what_is_recognised_in_files_of_others_would_be_asked_about() -> None:
    for path in sorted(shared("corpora/format-corpus").rglob("*")):
        if path.is_file() and path.stat().st_size < 1 << 20:
            ends = ends_of(path.read_bytes())
            assert all(kind.perhaps(ends) for kind in KINDS if kind.recognise and kind.recognise(path)), path
