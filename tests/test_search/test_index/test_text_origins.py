"""Records are counted and narrowed by whether they have text, and by how it came about."""

from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from archives.record.holding import Holding
from search.index.document import Place, TextOrigin, public_record, staff_record
from search.index.embedded import EmbeddedIndex
from search.index.memory import MemoryIndex
from search.index.query import Facet, Narrowed, parse_query
from search.index.search_index import Change, SearchIndex
from search.published.pages import draw_pages
from tests.support.elastic import make_elastic
from tests.test_search.test_index.test_search_index import ids, make_record
from tests.test_search.test_published.test_publish import decision, make_holding

DAY = date(2026, 1, 1)


def mixed() -> Holding:
    """Return a record with a text taken from the file on its first page and one that was recognised on its second."""
    holding = make_holding(1, 1, decision())
    original, text = holding.files
    second = replace(text, path=PurePosixPath("data/representations/text/data/0002.txt"), page=2)
    layout = replace(second, path=second.path.with_suffix(".xml"), mime="application/xml")
    return replace(holding, files=(original, text, second, layout))


@pytest.mark.parametrize(
    ("texts", "origin"),
    [
        ({}, ""),
        ({1: " \n", 2: ""}, ""),
        ({1: "石桥"}, TextOrigin.EXTRACTED),
        ({1: "石桥", 2: " "}, TextOrigin.EXTRACTED),
        ({2: "水库"}, TextOrigin.RECOGNISED),
        ({1: "石桥", 2: "水库"}, TextOrigin.RECOGNISED),
    ],
)
def test_a_record_tells_how_the_texts_of_the_given_pages_came_about_and_of_no_others(
    texts: dict[int, str], origin: str
) -> None:
    holding = mixed()
    for record in (public_record(holding, texts, ""), staff_record(holding, texts, DAY)):
        assert (record.text_origin, Facet.TEXT.value_of(record)) == (origin, origin or "no")


def test_what_is_said_of_items_is_no_text_of_their_volume() -> None:
    holding = make_holding(1, 1)
    record = staff_record(holding, {}, DAY, [replace(mixed(), item="item")])
    assert [place.item for place in record.places] == ["item"]
    assert Facet.TEXT.value_of(record) == "no"


def test_a_page_that_is_published_tells_the_same_of_its_text_though_no_place_of_words_can_be_read(
    tmp_path: Path,
) -> None:
    class Damaged:
        def read(self, _: Holding, file: object) -> bytes:
            return "石桥".encode()

    def image_of(*_: object) -> None:
        return None

    holding = mixed()
    pages = list(draw_pages(Damaged(), holding, tmp_path / "1", image_of, DAY))  # type: ignore[arg-type]
    assert [(page.number, page.origin) for page in pages] == [(1, TextOrigin.EXTRACTED), (2, TextOrigin.RECOGNISED)]
    assert public_record(holding, {page.number: page.text for page in pages}, "").text_origin == TextOrigin.RECOGNISED


@pytest.fixture(params=["memory", "embedded", "elastic"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    if request.param == "memory":
        return MemoryIndex()
    return EmbeddedIndex(tmp_path / "index.db") if request.param == "embedded" else make_elastic()


def test_texts_are_counted_and_narrow_by_how_they_came_about(index: SearchIndex) -> None:
    origins = ("", "", *[TextOrigin.EXTRACTED] * 3, *[TextOrigin.RECOGNISED] * 4)
    records = [
        replace(make_record(str(n), *(["水库"] if origin else []), title="水库"), text_origin=origin)
        for n, origin in enumerate(origins)
    ]
    records[1] = replace(records[1], places=(Place(None, "水库", "开放", item="item"),))
    index.replace_all([Change(one.package_id, one, 1) for one in records])
    index.commit(1)
    counts = (("recognised", 4), ("extracted", 3), ("no", 2))
    for text, found in (
        ("", "012345678"),
        ("no", "01"),
        ("yes", "2345678"),
        ("extracted", "234"),
        ("recognised", "5678"),
        ("proofread", ""),
        ("Yes", ""),
    ):
        query = replace(parse_query("水库"), narrowed=Narrowed(text=text, year="1986"), counted=(Facet.TEXT,))
        answer = index.search(query)
        assert (sorted(ids(answer)), answer.total) == (list(found), len(found)), text
        assert answer.counts[Facet.TEXT] == counts, text
        assert index.totals([query]) == [len(found)]
    other = replace(parse_query("水库"), narrowed=Narrowed(text="yes", year="1985"))
    assert index.search(other).total == 0
    assert sorted(one.text_origin for one in index.every()) == sorted(origins)


def test_a_text_that_is_recognised_after_all_is_counted_so(index: SearchIndex) -> None:
    record = replace(make_record("1", "水库"), text_origin=TextOrigin.EXTRACTED)
    query = replace(parse_query("水库"), counted=(Facet.TEXT,))
    for sequence, origin in enumerate(("extracted", "recognised"), 1):
        index.replace("1", replace(record, text_origin=origin), sequence=sequence)
        index.commit(sequence)
        assert index.search(query).counts[Facet.TEXT] == ((origin, 1),)
