"""Hits gone through one by one: the way to the next one and the hit itself stay in sight, and what has focus is not covered."""

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

TALL, LINES = (800, 1100), 40
HITS_ON = {1: (3, 20, 38), 2: (1, 39)}
WINDOWS = {"phone": (390, 844), "desktop": (1280, 800)}
IN_SIGHT = """selector => [...document.querySelectorAll(selector)].map(one => {
  const at = one.getBoundingClientRect();
  const met = document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2);
  return at.top >= 0 && at.bottom <= innerHeight && one.contains(met);
})"""
COVERED = """() => {
  const one = document.activeElement, bar = document.querySelector(".hitting");
  if (one === document.body || bar.contains(one)) { return null; }
  const at = one.getBoundingClientRect(), over = bar.getBoundingClientRect();
  return Math.max(0, Math.min(at.bottom, over.bottom) - Math.max(at.top, over.top));
}"""
"""How much of what has focus the bar covers, in pixels; null where that is in the bar, or nothing has focus."""


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = Site(tmp_path_factory.mktemp("walked"))
    pages = []
    for number, on in HITS_ON.items():
        lines = []
        for n in range(1, LINES + 1):
            box = Box(100, 25 * n, 600, 20)
            lines.append(Line((Word("防汛" if n in on else f"第{n}行。", box, 1.0),), box))
        read = Page(*TALL, 100, "", "horizontal", tuple(lines))
        one = PublishedPage(number, read.text, None, origin=TextOrigin.RECOGNISED)
        pages.append(write_page(site.images / "7", one, drawn(TALL), read))
    site.views.put(replace(make_view("7"), pages=tuple(pages)))
    with serving(site) as there:
        yield there


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("window", WINDOWS)
def test_the_hit_and_the_way_to_the_next_one_stay_in_sight(
    browser: Any, walked: str, window: str, scripts: bool
) -> None:
    width, height = WINDOWS[window]
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(walked + record_path(make_view("7"), words="防汛"))
    assert page.evaluate(IN_SIGHT, ".hitting a") == [True, True], "before anything is gone to"
    steps = 0
    while (onward := page.locator(".hitting a", has_text="下一处")).count():
        onward.click()
        page.wait_for_load_state("networkidle")
        if scripts:
            page.locator(".plain").wait_for(state="hidden")
        steps += 1
        assert page.evaluate(IN_SIGHT, "#hit") == [True], steps
        assert all(page.evaluate(IN_SIGHT, ".hitting a")), steps
    assert steps == sum(len(on) for on in HITS_ON.values()) - 1
    context.close()


def test_the_picture_comes_without_moving_the_text(browser: Any, walked: str) -> None:
    tops = {}
    for window, (width, height) in WINDOWS.items():
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        for viewer in ("kept from coming", "come"):
            if viewer == "kept from coming":
                page.route("**/viewer.js", lambda route: route.abort())
            else:
                page.unroute("**/viewer.js")
            page.goto(walked + record_path(make_view("7"), words="防汛"))
            page.wait_for_load_state("networkidle")
            if viewer == "come":
                page.locator(".plain").wait_for(state="hidden")
            tops[viewer] = page.locator("section.text").bounding_box()["y"]
        assert tops["come"] == pytest.approx(tops["kept from coming"], abs=1), window
        context.close()


@pytest.mark.parametrize("window", WINDOWS)
def test_what_has_focus_is_not_covered(browser: Any, walked: str, window: str) -> None:
    width, height = WINDOWS[window]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(walked + record_path(make_view("7"), page=1, words="防汛", hit=2) + "#hit")
    page.locator(".plain").wait_for(state="hidden")
    covered = []
    for key in ("Tab",) * 30 + ("Shift+Tab",) * 50:
        page.keyboard.press(key)
        covered.append(page.evaluate(COVERED))
    page.close()
    told = [one for one in covered if one is not None]
    assert len(told) > 50 and max(told) == 0
