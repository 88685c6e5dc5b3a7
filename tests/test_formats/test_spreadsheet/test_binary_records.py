"""What an old workbook says beside its cells is read, by sheets."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from formats.spreadsheet.binary_records import readings, words_beside, worksheet_places

BOX = struct.pack("<10xH6x", 5)


def record(kind: int, data: bytes) -> bytes:
    """Return a record."""
    return struct.pack("<HH", kind, len(data)) + data


def begins(of: int = 0x10, version: int = 0x0600) -> bytes:
    """Return the record with which a sheet (0x10), a chart (0x20) or what is of the whole book (5) begins."""
    return record(0x0809, struct.pack("<HH12x", version, of))


END = record(0x0A, b"")


def text(words: str, size: str = "H") -> bytes:
    """Return a text behind the number of its letters."""
    return struct.pack(f"<{size}B", len(words), 1) + words.encode("utf-16-le")


def test_boxes_heads_and_feet_are_told_by_sheet_and_part() -> None:
    words = "岑梧桐批注".encode("utf-16-le")
    first = begins() + record(0x1B6, BOX) + record(0x3C, b"\1" + words) + record(0x3C, b"\0" * 8) + END
    second = (
        begins() + record(0x14, text("&L目录&R&12机密★10年")) + record(0x15, struct.pack("<HB", 3, 0) + b"&Pf") + END
    )
    book = begins(5) + END
    assert words_beside(book + first + second) == {
        len(book): [("box", "岑梧桐批注")],
        len(book + first): [("head", "目录"), ("head", "机密★10年"), ("foot", "f")],
    }


def test_heads_of_excel_5_are_in_its_code_page() -> None:
    words = "机密".encode("gbk")
    data = (
        begins(version=0x0500) + record(0x42, struct.pack("<H", 936)) + record(0x14, bytes([len(words)]) + words) + END
    )
    assert words_beside(data) == {0: [("head", "机密")]}


def test_a_chart_tells_its_titles_names_and_values_and_cells_are_not_told_twice() -> None:
    number = record(0x203, struct.pack("<HHHd", 0, 0, 0, 12.5))
    label = record(0x204, bytes(6) + text("大坝"))
    chart = begins(0x20) + record(0x100D, b"\0\0" + text("产量", "B")) + label + number + END
    assert words_beside(begins() + label + number + chart + END) == {
        0: [("chart", "产量"), ("chart", "大坝"), ("chart", "12.5")]
    }


def test_only_worksheets_have_places() -> None:
    sheets = [
        record(0x85, struct.pack("<IBB", place, 0, kind) + b"\1\0a") for place, kind in ((9, 0), (50, 2), (80, 0))
    ]
    assert worksheet_places(b"".join(sheets)) == [9, 80]


def spoken(words: str) -> bytes:
    """Return how a string is pronounced ([MS-XLS] 2.5.86)."""
    body = words.encode("utf-16-le")
    return struct.pack("<HHHHHHH", 1, len(body) + 10, 0, 0, 0, len(words), len(words)) + body


def test_how_words_are_pronounced_is_told_however_they_are_cut_into_records() -> None:
    said = spoken("トヨタ")
    strings = struct.pack("<HB", 3, 0) + b"abc"
    strings += struct.pack("<HBHI", 4, 1 | 4 | 8, 1, len(said)) + "豊田車会".encode("utf-16-le") + bytes(4) + said
    strings = struct.pack("<II", 2, 2) + strings
    for cut in (8, 20, 23, 25, 29, 31, 34, 40, len(strings) - 2):
        again = b"\1" if 23 <= cut < 31 else b""
        data = record(0xFC, strings[:cut]) + record(0x3C, again + strings[cut:])
        assert list(readings(begins(5) + data + END)) == ["トヨタ"], cut


def test_letters_may_go_on_in_another_width() -> None:
    said = spoken("カ")
    head = struct.pack("<II", 1, 1) + struct.pack("<HBI", 4, 1 | 4, len(said))
    data = record(0xFC, head + "ab".encode("utf-16-le")) + record(0x3C, b"\0cd" + said)
    assert list(readings(begins(5) + data + END)) == ["カ"]


@given(st.binary(max_size=200))
def test_whatever_the_bytes_nothing_breaks(data: bytes) -> None:
    for one in (data, begins(0x20) + record(0xFC, data) + record(0x100D, data) + data):
        assert isinstance(words_beside(one), dict)
        assert all(isinstance(place, int) for place in worksheet_places(one))
        assert all(readings(one))
