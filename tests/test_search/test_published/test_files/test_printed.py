"""On the page of a PDF stands the published text, whole and in its order."""

import pytest

from archives.text.page import Box, Direction, Page
from search.published.files.printed import page_of
from search.published.shown.page_file import PageTold
from search.published.shown.word_places import LinePlace, Place, TextPlaces


def told(*lines: LinePlace, direction: Direction = "horizontal") -> PageTold:
    """Return what the file of a page tells that has these lines."""
    return PageTold(1000, 1400, 512, 1, TextPlaces(direction, lines))


def line(start: int, text: str, top: int, *words: str) -> LinePlace:
    """Return a line of words, each 20 px wide for a character."""
    places, at = [], start
    for word in words or (text,):
        left = 100 + 20 * (at - start)
        places.append(Place(at, at + len(word), Box(left, top, 20 * len(word), 30)))
        at += len(word) + (1 if len(words) > 1 else 0)
    return LinePlace(Place(start, start + len(text), Box(100, top, 20 * len(text), 30)), tuple(places))


def said(page: Page) -> list[str]:
    """Return the lines of a page."""
    return [one.text for one in page.lines]


def test_every_line_stands_in_its_place_with_its_words() -> None:
    text = "Dear Sirs,\n防汛通知"
    page = page_of(told(line(0, "Dear Sirs,", 100, "Dear", "Sirs,"), line(11, "防汛通知", 200)), text)
    assert said(page) == ["Dear Sirs,", "防汛通知"]
    assert [word.box.left for word in page.lines[0].words] == [100, 200]
    assert page.lines[1].box == Box(100, 200, 80, 30)


@pytest.mark.parametrize("direction", ["horizontal", "vertical"])
def test_a_line_without_a_place_is_kept_in_the_order_of_the_text(direction: Direction) -> None:
    text = "改过的首行\n防汛通知\n改过的一行\n各市县\n改过的末行"
    page = page_of(told(line(6, "防汛通知", 100), line(17, "各市县", 200), direction=direction), text)
    assert said(page) == text.split("\n")
    boxes = [one.box for one in page.lines]
    if direction == "horizontal":
        assert [box.top for box in boxes] == sorted(box.top for box in boxes)
    assert all(box.width > 0 and box.height > 0 and box.left >= 0 and box.top >= 0 for box in boxes)


def test_a_text_without_places_is_spread_over_the_page() -> None:
    page = page_of(told(), "\n".join(f"第{n}行" for n in range(200)))
    assert len(page.lines) == 200
    tops = [one.box.top for one in page.lines]
    assert tops == sorted(tops)
    assert tops[-1] + page.lines[-1].box.height <= page.height_px


def test_what_nobody_sees_is_in_no_line() -> None:
    page = page_of(told(), "甲\x00\u200b乙\t丙\n\x07\n \n\ue000")
    assert said(page) == ["甲乙 丙", "\ue000"]


def test_a_page_is_as_long_as_a_sheet_of_a4() -> None:
    page = page_of(told(), "")
    assert page.height_px * 72 / page.resolution_dpi == pytest.approx(842, rel=0.01)
    assert page.lines == ()
