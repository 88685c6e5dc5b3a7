"""What is harmless can be shown on a terminal and stand in XML, letter for letter what it was but for what is no text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.exchange.xml import xml_text
from archives.text.harmless import harmless, spreadsheet_text, writable


@given(st.text())
def test_what_is_harmless_stands_in_xml_and_has_no_control_characters(text: str) -> None:
    for made in (harmless(text), spreadsheet_text(text)):
        assert xml_text(made) == made
        assert not any(unicodedata.category(one) in ("Cc", "Cs") for one in made if one not in "\t\n")
    assert len(harmless(text)) == len(text)


@pytest.mark.parametrize(
    "text", ["甲\x0b乙", "甲\x00乙", "甲\x7f乙", "甲\x85乙", "甲\ufffe乙", "甲\uffff乙", "甲\ud800乙"]
)
def test_what_is_no_text_is_replaced(text: str) -> None:
    assert writable(text) == harmless(text) == "甲�乙"


@pytest.mark.parametrize("text", ["一行\r\n二行", "a\tb", "喆𠮷😀", "Ελληνικά ไทย", "甲\u3000乙", "张\ue5e5"])
def test_what_people_write_is_kept(text: str) -> None:
    assert writable(text) == text
