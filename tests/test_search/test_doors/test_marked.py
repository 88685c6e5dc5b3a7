"""What is shown of a text around its hits reads on as the text does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from search.doors.portal.marked import excerpt


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("县防\n汛指挥部", "县<mark>防汛</mark>指挥部"),
        ("县防 \r\n　　汛指挥部", "县<mark>防汛</mark>指挥部"),
        ("上游，\n水库", "上游，水库"),
        ("flood\nreport", "flood report"),
        ("第3\n页", "第3 页"),
        ("한국\n전쟁", "한국 전쟁"),
        ("防汛 工作\n水库", "<mark>防汛</mark> 工作水库"),
        ("水库\n\n防汛\n", "水库<mark>防汛</mark> "),
    ],
)
def test_no_blank_stands_where_chinese_goes_on_in_the_next_line(text: str, shown: str) -> None:
    first, last = text.find("防"), text.find("汛") + 1
    assert str(excerpt(text, ((first, last),) if last else ())) == shown


@given(st.text(alphabet="防汛ab \r\n，　한", max_size=80), st.data())
def test_a_mark_covers_what_it_covered(text: str, data: st.DataObject) -> None:
    places = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    shown = str(excerpt(text, ((places[0], places[1]),)))
    inside = shown.partition("<mark>")[2].partition("</mark>")[0].strip("…")
    said = [one for one in text[places[0] : places[1]] if not one.isspace()]
    assert [one for one in inside if not one.isspace()] == said[: len([one for one in inside if not one.isspace()])]
    if places[1] - places[0] < 60 and said:
        assert "".join(one for one in inside if not one.isspace()) == str(escape("".join(said)))
