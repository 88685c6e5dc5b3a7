"""The binary formats of Word and PowerPoint are read as they are shown; what is encrypted or older is said to be so."""

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives.errors import FormatError
from formats.characterize import characterize
from formats.identify import identify
from formats.kinds.office import presentation_binary, word_binary
from formats.text import extract_text
from tests.support.compound_files import compound_bytes, doc_bytes, ppt_bytes
from tests.support.files import pages_of, put


def codes(path: Path) -> list[str]:
    """Return what is found wrong with a file, and with its text."""
    found = identify(path)
    return [one.code for one in (*characterize(path, found).findings, *extract_text(path, found).findings)]


@pytest.mark.parametrize("name", ["a.doc", "a.wps", "noname"])
def test_a_word_document_is_read_piece_by_piece(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, name, doc_bytes("水库", b" caf\xe9\r", "表格\x07一\x07\x07\r末"))
    assert identify(path).mime == "application/msword"
    assert pages_of(word_binary.KIND, path) == ["水库 café\n表格\t一\n末"]


def test_codes_of_fields_are_not_shown_and_their_results_are(tmp_path: Path) -> None:
    path = put(tmp_path, "a.doc", doc_bytes("前\x13 HYPERLINK \x13 X \x14 y\x15 \x14链接\x15后\x13 TOC\x15"))
    assert pages_of(word_binary.KIND, path) == ["前链接后"]


def test_hidden_pieces_are_left_out_and_told_before_they_are_opened(tmp_path: Path) -> None:
    path = put(tmp_path, "a.doc", doc_bytes("公开", "不可见", b" end", unseen=[1]))
    assert pages_of(word_binary.KIND, path) == ["公开 end"]
    assert word_binary.KIND.hides
    (hidden,) = word_binary.KIND.hides(path)
    assert "不可见" in str(hidden.said)


def test_the_numbers_that_word_puts_before_paragraphs_are_part_of_its_text(tmp_path: Path) -> None:
    levels = [(39, "第\0条", 1), (2, "\0.\1)", 3)]
    paragraphs = ("目录\r", "总则\r", b"scope\r", b"terms\r", "附则\r", b"again\r")
    path = put(tmp_path, "a.doc", doc_bytes(*paragraphs, levels=levels, listed={1: 0, 2: 1, 3: 1, 4: 0, 5: 1}))
    assert pages_of(word_binary.KIND, path) == [
        "目录\n第一条 总则\n一.iii) scope\n一.iv) terms\n第二条 附则\n二.iii) again"
    ]


def test_a_paragraph_that_is_hidden_with_its_mark_is_not_counted(tmp_path: Path) -> None:
    data = doc_bytes("甲\r", "隐\r", "乙\r", levels=[(0, "\0.", 1)], listed={0: 0, 1: 0, 2: 0}, unseen=[1])
    assert pages_of(word_binary.KIND, put(tmp_path, "a.doc", data)) == ["1. 甲\n2. 乙"]


def test_lists_whose_tables_are_damaged_cost_their_numbers_only_and_it_is_said(tmp_path: Path) -> None:
    whole = doc_bytes("甲\r", "乙\r", levels=[(0, "\0.", 1)], listed={0: 0, 1: 0})
    at = whole.index(struct.pack("<Hi", 1, 77))
    path = put(tmp_path, "a.doc", whole[:at] + b"\xff\x0f" + whole[at + 2 :])
    read = extract_text(path, identify(path))
    assert read.pages == ("甲\n乙",)
    assert [one.code for one in read.findings] == ["list-numbers-not-read"]


def test_slides_are_pages_in_the_order_of_the_presentation(tmp_path: Path) -> None:
    path = put(tmp_path, "a.ppt", ppt_bytes("一", "二", "三"))
    assert pages_of(presentation_binary.KIND, path) == ["一", "二", "三"]
    assert characterize(path, identify(path)).pages == 3


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.doc", doc_bytes(encrypted=True)),
        ("a.ppt", ppt_bytes(encrypted=True)),
        ("a.docx", compound_bytes({"EncryptionInfo": b"x", "EncryptedPackage": b"y"})),
        ("a.xlsx", compound_bytes({"EncryptionInfo": b"x", "EncryptedPackage": b"y"})),
    ],
)
def test_what_is_encrypted_is_said_to_be_and_nothing_else(tmp_path: Path, name: str, data: bytes) -> None:
    assert codes(put(tmp_path, name, data)) == ["file-encrypted"]


def test_a_presentation_older_than_its_reader_is_not_supported_rather_than_damaged(tmp_path: Path) -> None:
    path = put(tmp_path, "a.ppt", compound_bytes({"PowerPoint Document": b"x"}))
    assert codes(path) == ["format-not-supported"]


@pytest.mark.parametrize("cut", [100, 600, 3000, 5000])
def test_one_that_is_cut_short_is_told_as_damaged(tmp_path: Path, cut: int) -> None:
    assert codes(put(tmp_path, "a.doc", doc_bytes()[:cut])) == ["file-unreadable"]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from([doc_bytes("水库报告\r", b"x" * 50), ppt_bytes("一", "二")]),
    st.integers(0, 8000),
    st.binary(max_size=4),
)
def test_whatever_is_changed_in_them_breaks_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, place: int, put_in: bytes
) -> None:
    data = whole[:place] + put_in + whole[place + len(put_in) :]
    path = put(tmp_path_factory.mktemp("ole"), "a.ole", data)
    for kind in (word_binary.KIND, presentation_binary.KIND):
        try:
            pages_of(kind, path)
        except FormatError as broken:
            assert broken.subject == "a.ole"


def test_a_workbook_of_before_2007_with_a_password_is_said_to_be_encrypted(tmp_path: Path) -> None:
    begins = b"\x09\x08\x10\x00" + b"\0" * 16
    password = b"\x2f\x00\x06\x00" + b"\0" * 6
    assert codes(put(tmp_path, "a.xls", compound_bytes({"Workbook": begins + password}))) == ["file-encrypted"]
