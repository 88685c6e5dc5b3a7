"""A part of a page in another language says so, as far as its script does."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.text.script import language_beside, language_written
from search.doors.portal.record.address import record_path
from tests.test_search.test_doors.test_portal import Site, make_view


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("澜浦市水利局全宗", "zh-Hans"),
        ("J019-WS·2012·D30·工程科-0910", "zh"),
        ("瀾浦市水利局", "zh-Hant"),
        ("范后里", "zh"),
        ("水庫与水库", "zh"),
        ("水利建设成就展（AVI）", "zh-Hans"),
        ("1947 (written “民国三十六年”)", ""),
        ("ダムの記録", "ja"),
        ("한국전쟁", "ko"),
        ("Letter to Harrow", ""),
        ("J019-2-0007", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text_is_told_by_its_script(text: str, tag: str) -> None:
    assert language_written(text) == tag


@pytest.mark.parametrize(
    ("text", "page", "tag"),
    [
        ("澜浦", "en", "zh-Hans"),
        ("范后里", "en", "zh"),
        ("澜浦", "zh-Hans", ""),
        ("澜浦", "zh-Hant", "zh-Hans"),
        ("范后里", "zh-Hant", ""),
        ("瀾浦", "zh-Hans", ""),
        ("Harrow", "en", ""),
    ],
)
def test_only_what_is_in_another_language_than_the_page_says_so(text: str, page: str, tag: str) -> None:
    assert language_beside(text, page) == tag


@pytest.mark.parametrize(
    ("text", "known", "page", "tag"),
    [
        ("哈罗公司关于水文资料交换的来函（英文）", "en", "zh-Hans", ""),
        ("哈罗公司关于水文资料交换的来函（英文）", "en", "en", "zh-Hans"),
        ("Letter to Harrow", "en", "zh-Hans", "en"),
        ("Letter to Harrow", "fr-CA", "en", "fr-CA"),
        ("水利局关于疏浚的批复", "zh-Hant", "zh-Hans", ""),
        ("水利局关于疏浚的批复", "zh-Hant", "en", "zh-Hans"),
        ("瀾浦石橋", "zh-Hant", "zh-Hans", "zh-Hant"),
        ("范后里", "zh-Hant", "en", "zh-Hant"),
        ("ダムの記録", "ja", "zh-Hans", "ja"),
        ("Harrow", "zh-Hans", "zh-Hans", ""),
        ("1947", "", "en", ""),
    ],
)
def test_the_language_of_a_record_holds_as_far_as_the_script_says_nothing_else(
    text: str, known: str, page: str, tag: str
) -> None:
    assert language_beside(text, page, known) == tag


@given(st.text())
def test_any_text_has_a_tag_or_none(text: str) -> None:
    assert language_written(text) in ("", "zh", "zh-Hans", "zh-Hant", "ja", "ko")


class Spoken(HTMLParser):
    """Reads a page, and keeps the texts of its body, each with the language that the nearest element says."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []
        self.said: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "input", "img", "br"):
            above = self._open[-1][1] if self._open else ""
            self._open.append((tag, dict(attrs).get("lang") or above))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and any(tag == "body" for tag, _ in self._open):
            self.said.append((data, self._open[-1][1]))


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh"])
def test_every_name_that_a_page_shows_as_it_is_written_says_its_language(tmp_path: Path, language: str) -> None:
    site = Site(tmp_path)
    for number in ("3", "4"):
        view = make_view(number, title="石桥水库清淤")
        said = {"author": "澜浦市水利局", "archival_code": f"Z109-WS·1986·财务科-{number}", "language": ""}
        site.views.put(
            replace(view, elements={**view.elements, **said}, fonds_name="澜浦市水利局全宗", repository_name_en="")
        )
    names = set()
    paths = [record_path(make_view("3")), "/fonds/990001/Z109", "/search?q=防汛", "/recent", "/"]
    for path in [*paths, *([] if language == "zh-Hant" else ["/fonds/990001"])]:  # a name within a sentence of ours
        page = Spoken()
        page.feed(site.client.get(f"{path}{'&' if '?' in path else '?'}lang={language}").text)
        tag = "zh-Hans" if language == "zh" else language
        assert [(path, *one) for one in page.said if language_beside(one[0], tag) and one[1] == tag] == []
        names |= {text for text, told in page.said if told.startswith("zh") and told != tag}
    expected = {"Z109 澜浦市水利局全宗", "澜浦市水利局", "石桥水库清淤"} if language != "zh" else set()
    assert expected <= {one.strip() for one in names}
