"""The 页号 of an item is read in every form in which lists of contents have it."""

import pytest

from archives.errors import FormatError
from archives.record.volume.page_cell import parse_page_spans


@pytest.mark.parametrize(
    ("cell", "spans"),
    [
        *((one, [("34", None)]) for one in ("34", "P34", "第34页", "34页", "p.34", "34-", "34，")),
        ("034", [("034", None)]),
        *((one, [("34", "41")]) for one in ("34-41", "34—41", "34–41", "34——41", "34~41", "34～41页", "第34-41页")),
        *(
            (one, [("34", "41")])
            for one in ("34至41", "34 - 41", "pp. 34-41", "34页-41页", "34-41（共8页）", "３４－４１")
        ),
        ("三十四至四十一", [("三十四", "四十一")]),
        ("34、36", [("34", None), ("36", None)]),
        ("34-36；40", [("34", "36"), ("40", None)]),
        ("44-45-1", [("44", "45-1")]),
        ("45-1-46", [("45-1", "46")]),
        ("45-1—46", [("45-1", "46")]),
        *((one, []) for one in ("", " ", "-", "—", "/")),
    ],
)
def test_a_cell_names_first_and_last_page(cell: str, spans: list[tuple[str, str | None]]) -> None:
    assert [(one.first.text, one.last and one.last.text) for one in parse_page_spans(cell)] == spans


def test_what_looks_like_a_span_is_a_slip_where_the_volume_has_one() -> None:
    (span,) = parse_page_spans("45-1")
    (slip,) = parse_page_spans("45—45-1")
    assert slip.last is not None
    assert span.as_in(frozenset({slip.last.place})).first.text == "45-1"
    assert span.as_in(frozenset()).is_descending


def test_a_column_of_its_own_may_hold_the_last_page() -> None:
    assert [(one.first.text, one.last and one.last.text) for one in parse_page_spans("34", "41")] == [("34", "41")]


@pytest.mark.parametrize("cell", ["见附件", "34?", "三册", "1-2-3-4-5", "3-2-1"])
def test_what_names_no_page_is_said(cell: str) -> None:
    with pytest.raises(FormatError):
        parse_page_spans(cell)
