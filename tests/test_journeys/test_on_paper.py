"""The page of a record on paper: image and text as they are, and nothing is printed that only a screen needs."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from archives.text.page import Box, Line, Page, Word
from search.doors.portal.record.address import record_path
from search.index.document import TextOrigin
from search.published.pages import write_page
from search.published.view import PublishedPage
from tests.test_journeys.test_browser import browser, serving
from tests.test_search.test_doors.test_portal import Site, make_view
from tests.test_search.test_doors.test_record_pages import drawn

__all__ = ["browser"]

TALL, WORD = (800, 2600), Box(400, 1300, 200, 40)
GROUND = """one => one instanceof SVGElement ? getComputedStyle(one).fill : getComputedStyle(one).backgroundColor"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = Site(tmp_path_factory.mktemp("paper"))
    read = Page(*TALL, 100, "", "horizontal", (Line((Word("防汛", WORD, 1.0),), WORD),))
    page = write_page(
        site.images / "7", PublishedPage(1, "防汛", None, origin=TextOrigin.RECOGNISED), drawn(TALL), read
    )
    site.views.put(replace(make_view("7"), pages=(page, PublishedPage(2, "", None))))
    with serving(site) as there:
        yield there


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_looked_for_is_marked_on_the_screen_and_not_on_paper(
    browser: Any, printed: str, scripts: bool
) -> None:
    context = browser.new_context(viewport={"width": 794, "height": 1123}, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(printed + record_path(make_view("7"), page=1, words="防汛", hit=1))
    drawn_over = ".box.current" if scripts else "rect.current"
    page.locator(drawn_over).wait_for()
    marked = page.locator(drawn_over).evaluate(GROUND), page.locator("#hit").evaluate(GROUND)
    assert marked[0] in ("none", "rgba(0, 0, 0, 0)"), "the word on the image is framed, not covered"
    assert marked[1] != "rgba(0, 0, 0, 0)"
    page.emulate_media(media="print")
    assert 0 < page.locator(".plain img").bounding_box()["width"] < 700, "the image is as high as fits on the paper"
    assert not page.locator(".box, .marks, rect").locator("visible=true").count()
    assert page.locator("#hit").evaluate(GROUND) == "rgba(0, 0, 0, 0)"
    assert page.locator("#hit").evaluate("one => getComputedStyle(one).outlineStyle") == "none"
    assert page.locator(".leafing .turn").is_visible(), "the number of the page stands at the image"
    for unprinted in (".hitting", ".jump", ".leafing a", ".integrity:not([open])", ".copying"):
        assert not any(one.is_visible() for one in page.locator(unprinted).all()), unprinted
    context.close()
