"""A letter typed for a digit of an archival code is named with the code that was likely meant, and its files with the row."""

from pathlib import Path

import pytest

from archives.record.identifiers import digits_meant, parse_archival_code
from tests.support.batches import make_batch, make_image
from tests.test_ingest.test_readers.test_catalogued_folder import codes, plan

REST = ("一", "2011-05-01", "永久", "英语", "1")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("J005-WS·l998·D30-BGS-0031", "J005-WS·1998·D30-BGS-0031"),
        ("J0O5-WS·1998·D1O-BGS-OO3l", "J005-WS·1998·D10-BGS-0031"),
        ("J005-WS·1998·D30-BGS-0031", None),
        ("J005-KO·1998·D30-IT01-0031", None),
        ("O-WS·1998·Y-II-0031", None),
    ],
)
def test_letters_among_digits_are_read_as_digits_and_no_others(written: str, meant: str | None) -> None:
    found = digits_meant(parse_archival_code(written))
    assert (found and found.written) == meant


def test_a_row_whose_number_has_letters_is_named_with_the_likely_code_and_goes_in_all_the_same(tmp_path: Path) -> None:
    found = plan(make_batch(tmp_path, [("Z109-WS·2O11-Y-BGS-0001", *REST)]))
    assert codes(found) == ["code-letters"]
    (told,) = found.records[0].findings
    assert told.message.text("en").endswith("likely meant: Z109-WS·2011-Y-BGS-0001")
    assert told.message.text("en").startswith("O for 0")
    assert (told.row, told.cell) == (2, "A2")


def test_a_row_without_files_and_files_without_a_row_that_letters_alone_keep_apart_are_joined(tmp_path: Path) -> None:
    make_batch(tmp_path, [("Z1O9-WS·2011-Y-BGS-0001", *REST)], images=False)
    make_image(tmp_path / "Z109-WS·2011-Y-BGS-0001-001.jpg")
    found = plan(tmp_path)
    (row,) = found.rejected
    by_code = {one.code: one for one in row.findings}
    assert by_code.keys() == {"files-missing", "fonds-unknown", "code-letters"}
    assert "(1 file without a row bears it)" in by_code["code-letters"].message.text("en")
    advice = by_code["fonds-unknown"].advice
    assert advice is not None
    assert "the registered fonds Z109 reads alike" in advice.text("en")
    (loose,) = [one for one in found.findings if one.code == "file-without-row"]
    assert "the code of row 2, Z1O9-WS·2011-Y-BGS-0001, differs from it by letters" in loose.message.text("en")


def test_a_short_part_with_a_letter_is_left_alone_unless_something_speaks_for_the_digit(tmp_path: Path) -> None:
    assert codes(plan(make_batch(tmp_path / "a", [("Z109-WS·2011-Y-I01-0001", *REST)]))) == []
    make_batch(tmp_path / "b", [("Z109-WS·2011-Y-I01-0001", *REST)])
    make_image(tmp_path / "b/Z109-WS·2011-Y-101-0001/1.jpg")
    assert "code-letters" in codes(plan(tmp_path / "b"))
