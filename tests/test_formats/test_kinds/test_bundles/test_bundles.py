"""What lies in a bundle is read or named; what is damaged, cut short or encrypted is told as that and nothing else."""

import gzip
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives.errors import FormatError
from formats.characterize import characterize
from formats.identify import identify
from formats.kinds.bundles import readable, sealed
from formats.kinds.registry import kind_of
from formats.text import ExtractedText, extract_text
from tests.support.files import docx_bytes, image_bytes, put, sealed_bytes, tar_bytes, zip_bytes

INSIDE = {"一.txt": "水位十二点四米".encode(), "卷/二.docx": docx_bytes("附件里的字"), "__MACOSX/._x": b"junk"}
RAR4 = b"Rar!\x1a\x07\x00"
RAR5 = b"Rar!\x1a\x07\x01\x00"


def codes(path: Path) -> list[str]:
    """Return what is found wrong with a file."""
    return [one.code for one in characterize(path, identify(path)).findings]


def read(path: Path) -> ExtractedText:
    """Return the text of a file."""
    return extract_text(path, identify(path))


def locked(data: bytes) -> bytes:
    """Return a ZIP whose members are said to be encrypted."""
    at = data.index(b"PK\x01\x02")
    return data[:6] + b"\x01\x00" + data[8 : at + 8] + b"\x01\x00" + data[at + 10 :]


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.zip", zip_bytes(INSIDE)), ("a.tar", tar_bytes(INSIDE)), ("a.tar.gz", gzip.compress(tar_bytes(INSIDE)))],
)
def test_what_lies_in_a_bundle_is_read(tmp_path: Path, name: str, data: bytes) -> None:
    path = put(tmp_path, name, data)
    extracted = read(path)
    assert (codes(path), extracted.findings) == ([], ())
    assert "水位十二点四米" in extracted.pages[0]
    assert "附件里的字" in extracted.pages[1]
    assert extracted.pages[-1].splitlines() == [*INSIDE][:2]


def test_a_single_file_that_was_packed_is_read(tmp_path: Path) -> None:
    assert read(put(tmp_path, "a.txt.gz", gzip.compress("水位".encode()))).pages == ("水位",)


def test_names_in_a_zip_of_a_chinese_system_are_read(tmp_path: Path) -> None:
    data = zip_bytes({"ABCD.xyz": b"\x01"}).replace(b"ABCD", "报告".encode("gb18030"))
    (found,) = read(put(tmp_path, "a.zip", data)).findings
    assert "报告.xyz" in found.message.text("en")


def test_files_in_it_that_nothing_reads_are_named_together(tmp_path: Path) -> None:
    pictures = {f"{n}.jpg": image_bytes("JPEG") for n in range(30)}
    (found,) = read(put(tmp_path, "a.zip", zip_bytes(pictures))).findings
    assert found.code == "text-no-reader"
    assert "30 " in found.message.text("en")
    assert "0.jpg" in found.message.text("en")


def rar5(*blocks: tuple[int, int, bytes]) -> bytes:
    """Return a RAR 5 of blocks: kind, flags, what follows."""
    out = RAR5
    for kind, flags, rest in blocks:
        body = bytes([kind, flags]) + rest
        out += b"\0\0\0\0" + bytes([len(body)]) + body
    return out


def rar4(*blocks: tuple[int, int]) -> bytes:
    """Return a RAR 4 of blocks without data: kind, flags."""
    return RAR4 + b"".join(struct.pack("<HBHH", 0, kind, flags, 7) for kind, flags in blocks)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.zip", zip_bytes(INSIDE)[:300], ["file-unreadable"]),
        ("a.zip", locked(zip_bytes({"a": b"x"})), ["file-encrypted"]),
        ("a.docx", docx_bytes()[:3000], ["file-unreadable"]),
        ("a.gz", gzip.compress(bytes(range(256)) * 50)[:-20], ["file-unreadable"]),
        ("a.tar", tar_bytes({"a": b"x" * 5000})[:3000], ["file-unreadable"]),
        ("a.7z", sealed_bytes(), []),
        ("a.7z", sealed_bytes()[:-1], ["file-unreadable"]),
        ("a.7z", sealed_bytes(b"\x01\x06\xf1\x07\x01"), ["file-encrypted"]),
        ("a.rar", rar5((1, 0, b"\0"), (5, 0, b"\0")), []),
        ("a.rar", rar5((1, 0, b"\0")), ["file-unreadable"]),
        ("a.rar", rar5((4, 0, b"\0\0")), ["file-encrypted"]),
        ("a.rar", rar4((0x73, 0), (0x7B, 0)), []),
        ("a.rar", rar4((0x73, 0x80)), ["file-encrypted"]),
        ("a.rar", rar4((0x73, 0))[:-2], ["file-unreadable"]),
    ],
)
def test_what_is_wrong_with_a_bundle_is_told_once(tmp_path: Path, name: str, data: bytes, expected: list[str]) -> None:
    path = put(tmp_path, name, data)
    assert codes(path) == expected
    if expected:
        assert read(path) == ExtractedText()


def test_of_very_many_files_the_first_are_read_and_the_rest_is_told(tmp_path: Path) -> None:
    extracted = read(put(tmp_path, "a.zip", zip_bytes({f"{n}.txt": b"x" for n in range(2010)})))
    assert (len(extracted.pages), [one.code for one in extracted.findings]) == (2000 + 1, ["text-cut-off"])


def test_a_damaged_member_is_found(tmp_path: Path) -> None:
    data = bytearray(zip_bytes({"a.txt": "水位".encode() * 400}))
    data[60] ^= 0xFF
    assert codes(put(tmp_path, "a.zip", bytes(data))) == ["file-unreadable"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from([zip_bytes(INSIDE), tar_bytes(INSIDE), sealed_bytes(), rar5((1, 0, b"\0"), (5, 0, b"\0"))]),
    st.binary(max_size=6),
    st.integers(0, 400),
)
def test_a_bundle_changed_anywhere_breaks_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, put_in: bytes, place: int
) -> None:
    path = put(tmp_path_factory.mktemp("box"), "a.box", whole[:place] + put_in + whole[place + len(put_in) :])
    for kind in (readable.KIND, sealed.KIND, kind_of(identify(path).mime)):
        try:
            if kind.look:
                kind.look(path)
        except FormatError as broken:
            assert broken.subject == "a.box"
