"""The portal under a thumb: narrow screens with long names, targets for fingers, a swipe over the picture of a page."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from archives.message import message
from archives.record.rights import OnlineScope
from search.doors.portal.app import create_app
from search.doors.portal.browsing.told import Given, Institution, Logo, SiteWords, Told
from search.doors.portal.record.address import record_path
from search.published.view import PublishedPage
from tests.test_journeys.test_browser import browser, serving
from tests.test_search.test_doors.test_portal import Site, make_view
from tests.test_search.test_doors.test_record_pages import published

__all__ = ["browser"]

LONG = "Linglan University Archives and Special Collections"
ADDRESS = f"https://archives.example.org/{'reading-rooms/' * 5}{'r' * 80}"
LOGO = Logo("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 60" width="400" height="60"/>')
DRAWN, CODE = "9", "J019-WS·1987·Y·防汛办公室-0005"
LEAST_PX = 44
LINES = """element => {
  const text = element.firstChild, lines = [];
  let top = null;
  for (let at = 0; at < text.length; at++) {
    const range = document.createRange();
    range.setStart(text, at); range.setEnd(text, at + 1);
    const here = Math.round(range.getBoundingClientRect().top / 10);
    if (top === null || Math.abs(here - top) > 1) { lines.push(""); top = here; }
    lines[lines.length - 1] += text.data[at];
  }
  return lines;
}"""
"""What stands on each line of an element."""
MARK = """element => {
  const mark = document.createElement("span");
  mark.textContent = "\u4e2d\u201c\u4e2d";
  element.append(mark);
  return mark.getBoundingClientRect().width / parseFloat(getComputedStyle(mark).fontSize) - 2;
}"""
"""How wide a quotation mark is between two characters, in parts of their size."""
TARGETS = ".top nav a, .order a, .crumbs a, .turn a, .choices a, .narrow a, .filters > summary, .copying button"


@pytest.fixture(scope="module")
def phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = Site(tmp_path_factory.mktemp("phones"))
    picture = BytesIO()
    Image.new("RGB", (600, 800), "white").save(picture, "JPEG")
    (site.images / "1/0001.jpg").write_bytes(picture.getvalue())
    for number in range(3, 9):
        elements = {**make_view("3").elements, "title": "Groundwater" * 12, "year": 1980 + number}
        view = replace(make_view(str(number), scope=OnlineScope.CATALOGUE_ONLY), repository="990901", elements=elements)
        site.views.put(replace(view, repository_name="岭澜大学档案馆", repository_name_en=LONG))
    drawn = published(site, PublishedPage(1, "防汛", None), PublishedPage(2, "", None), view_id=DRAWN)
    site.views.put(replace(drawn, elements={**drawn.elements, "archival_code": CODE}))
    words = SiteWords(
        repositories={"990001": Told(contact=Given(f"网址 {ADDRESS}", f"See {ADDRESS}"))},
        institution=Institution(logo=LOGO),
    )
    name = message("金匮", "National Archives of China: Open Archives")
    site.client = TestClient(create_app(site.views, site.index, site.images, site_name=name, words=words))
    with serving(site) as there:
        yield there


@pytest.mark.parametrize("width", [320, 390])
def test_long_names_and_words_do_not_run_over_the_edge(browser: Any, phones: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    paths = ("/", "/search?q=防汛", "/search", "/fonds/990901", "/fonds/990901/Z109", "/about", "/about/990001")
    for path in (*paths, record_path(make_view("3"))):
        page.goto(f"{phones}{path}{'&' if '?' in path else '?'}lang=en")
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        name, logo = (page.locator(f".brand {one}").bounding_box() for one in ("span", "img"))
        assert name and logo and name["width"] > logo["width"], "the name has the whole line, not what a logo leaves"
    context.close()


def test_what_is_touched_is_as_large_as_a_finger(browser: Any, phones: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    seen = 0
    for path in ("/search?q=防汛", "/fonds/990901/Z109", record_path(make_view("1"))):
        page.goto(phones + path)
        assert page.evaluate("matchMedia('(pointer: coarse)').matches")
        boxes = [one.bounding_box() for one in page.locator(TARGETS).all() if one.is_visible()]
        heights = [box["height"] for box in boxes if box]
        assert min(heights) >= LEAST_PX, path
        seen += len(heights)
    assert seen > 10
    context.close()


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_tool_of_the_image_is_in_sight_and_no_code_breaks_within_its_parts(
    browser: Any, phones: str, width: int, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(f"{phones}{record_path(make_view(DRAWN))}?lang={language}")
    page.locator("#tools").wait_for()
    boxes = [one.bounding_box() for one in page.locator("#tools button, .jump button").all()]
    assert len(boxes) == 7
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    parts = page.locator(".description .code").evaluate(LINES)
    assert "".join(parts) == CODE and len(parts) > 1
    assert all(part.endswith(("-", "·")) for part in parts[:-1]), parts
    context.close()


def test_a_quotation_mark_is_as_wide_as_a_character_in_chinese_alone(browser: Any, phones: str) -> None:
    page = browser.new_page()
    widths = {}
    for language in ("zh", "en"):
        page.goto(f"{phones}/help?lang={language}")
        widths[language] = [page.locator(f"main {tag}").first.evaluate(MARK) for tag in ("h1", "p")]
    page.close()
    if min(widths["zh"]) < 0.9:
        pytest.skip("no font for Chinese is installed")
    assert max(widths["en"]) < 0.7, widths
