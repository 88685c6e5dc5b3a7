"""The site of the manual builds without a warning, needs nothing of anybody else's server, and finds Chinese by two characters."""

import html.parser
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.manual import LANGUAGES, MANUAL, PAGES
from tests.support.places import ROOT

pytest.importorskip("sphinx", reason="scripts/docs sets it up")
pytest.importorskip("myst_parser", reason="scripts/docs sets it up")
pytest.importorskip("furo", reason="scripts/docs sets it up")

_LOADED = {
    "script": "src",
    "img": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "form": "action",
}
_OUTSIDE = re.compile(r"^(?:[a-z]+:)?//")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as ``scripts/docs`` does."""
    place = tmp_path_factory.mktemp("site")
    for language in LANGUAGES:
        where = f"-c {MANUAL} -d {place}/doctrees/{language} {MANUAL}/{language} {place}/{language}"
        tag = "zh_CN" if language == "zh" else language
        words = f"{sys.executable} -m sphinx -q -W --keep-going -D language={tag} {where}".split()
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return place


class Needed(html.parser.HTMLParser):
    """Collects what a page loads, and what it links to."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See ``HTMLParser``."""
        given = {name: value or "" for name, value in attrs}
        if tag in _LOADED and given.get(_LOADED[tag]):
            self.loads.append(given[_LOADED[tag]])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "html":
            self.language = given.get("lang", "")


def needed(path: Path) -> Needed:
    found = Needed()
    found.feed(path.read_text("utf-8"))
    return found


def test_every_page_is_there_in_its_language_with_its_way_to_the_other(site: Path) -> None:
    for language, other in ("en", "zh"), ("zh", "en"):
        for name in PAGES:
            found = needed(site / language / f"{name}.html")
            assert found.language.startswith(language)
            assert f"../{other}/{name}.html" in found.links


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = [*site.rglob("*.html"), MANUAL / "choose.html"]
    assert [(page, one) for page in pages for one in needed(page).loads if _OUTSIDE.match(one)] == []
    styles = [path.read_text("utf-8") for path in site.rglob("*.css")]
    assert [
        found for style in styles for found in re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\"']*", style)
    ] == []


def test_what_a_page_loads_and_links_to_lies_beside_it(site: Path) -> None:
    shutil.copy(MANUAL / "choose.html", site / "index.html")
    for page in [*site.rglob("*.html")]:
        found = needed(page)
        for one in (*found.loads, *found.links):
            path = one.partition("#")[0].partition("?")[0]
            assert not path or _OUTSIDE.match(path) or (page.parent / path).exists(), f"{page}: {one}"


def test_chinese_is_found_by_every_two_characters(site: Path) -> None:
    index = json.loads(
        (site / "zh" / "searchindex.js").read_text("utf-8").removeprefix("Search.setIndex(").removesuffix(")")
    )
    assert {"副本", "著录", "目录", "检索"} <= {*index["terms"], *index["titleterms"]}
    assert "splitQuery" in (site / "zh" / "_static" / "language_data.js").read_text("utf-8")


def test_the_script_that_builds_it_says_how_it_is_used_and_touches_no_folder_that_is_there(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "docs"
    said = subprocess.run([script, "--help"], capture_output=True, text=True)
    assert (said.returncode, "scripts/docs build" in said.stdout) == (0, True)
    assert subprocess.run([script, "paint"], capture_output=True).returncode == 2
    assert subprocess.run([script, "serve", "no-port"], capture_output=True).returncode == 2
    assert subprocess.run([script, "build", tmp_path], capture_output=True).returncode == 6
