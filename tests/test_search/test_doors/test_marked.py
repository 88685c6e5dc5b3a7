"""What is shown of a text around its hits reads on as the text does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from search.doors.portal.marked import excerpt, flowing_text
from search.doors.portal.record.flow import Flow


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


class Watched(tuple[tuple[int, int], ...]):
    """Marks that count how often one of them is looked at."""

    looked = 0

    def __getitem__(self, number: object) -> object:  # type: ignore[override] # one at a time
        Watched.looked += 1
        return super().__getitem__(number)  # type: ignore[call-overload]


def test_a_text_of_many_lines_and_hits_looks_at_each_hit_only_where_it_stands() -> None:
    lines = 2_000
    text = "防汛，水库\n" * lines
    spans = [(6 * n, 6 * n + 5) for n in range(lines)]
    marks = Watched((6 * n, 6 * n + 2) for n in range(lines))
    _, shown = flowing_text(text, Flow((), (tuple(spans),)), marks, 2)
    assert (shown.count("<mark>"), shown.count('<mark id="hit">')) == (lines - 1, 1)
    assert Watched.looked <= 3 * lines


def test_a_mark_over_two_lines_is_shown_in_both_and_can_be_gone_to_once() -> None:
    flow = Flow((), (((0, 3), (4, 7)),))
    _, shown = flowing_text("甲防汛\n水库乙", flow, ((1, 6),), 1)
    assert shown.count('<mark id="hit">防汛</mark>') == 1
    assert shown.count("<mark>水库</mark>乙") == 1
