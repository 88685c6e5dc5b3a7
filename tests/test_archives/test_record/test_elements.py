"""Every field of a description is a row of the table, and every row is read, written, shown and published alike."""

import csv
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from markupsafe import escape

from archives.exchange.description_xml import NAMESPACE, read_record_xml, write_dc, write_record_xml
from archives.message import message
from archives.record.dates.parse import parse_record_date
from archives.record.dates.record_date import RecordDate
from archives.record.description import (
    Description,
    Fonds,
    Repository,
    Retention,
    SecurityClassification,
)
from archives.record.elements.table import ELEMENTS, Element, describe, public_elements
from archives.record.holding import Holding
from archives.record.identifiers import ArchivalCode, RepositoryCode, parse_archival_code
from cli.commands.record.rendering import LABELS
from ingest.sheets.catalogue import CATALOGUE_HEADINGS, REQUIRED, read_catalogue
from ingest.sheets.headings import fold_heading
from ingest.sheets.languages import Languages
from ingest.sheets.table import read_sheet
from search.doors.portal.app import create_app
from search.index.document import public_record, staff_record
from search.published.tree import published_leaf
from search.published.view import PublishedView
from search.published.views import PublishedViews
from tests.test_search.test_published.test_publish import Setting, Source, decision, make_holding

BEFORE = Path(__file__).parent / "written_before"
HOME = Repository(RepositoryCode("990001"), "岭澜省档案馆", "Linglan", "馆", RepositoryCode("990000"))
BARE = Description(parse_archival_code("Z109-1"), "题名")
FULL = Description(
    code=parse_archival_code("Z109-WS·2011-D30-BGS-0001"), title="关于<防汛>&“水利”\r\n的通知", author="办公厅",
    document_number="岭府办〔2011〕1号", formed=parse_record_date("2011年9月"), year=2011, retention=Retention("定期", 30),
    security=SecurityClassification.CONFIDENTIAL, declassified_on=date(2021, 1, 1), declassification_basis="通知",
    opening_proposal="开放", pages=12, language="zh-Hant", note="附注", other=(("盒号", "007"), ("", "8"), ("盒号", "")),
)  # fmt: skip
"""What the files of ``written_before`` say, which were written when there was no table."""
KEYS_BEFORE = (
    "code", "title", "author", "document_number", "date", "year", "retention", "security", "declassified_on",
    "declassification_basis", "opening_proposal", "pages", "language", "note", "other",
)  # fmt: skip

TYPES = get_type_hints(Description)
Pairs = tuple[tuple[str, str], ...]
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=20
)
RECORD_DATES = st.builds(
    lambda written, days: RecordDate(written, *sorted(days)), WORDS, st.tuples(st.dates(), st.dates())
)
RETENTIONS = st.sampled_from([Retention("永久"), Retention("长期"), Retention("短期")]) | st.integers(1, 999).map(
    lambda years: Retention("定期", years)
)
ANY: dict[object, st.SearchStrategy[object]] = {
    str: WORDS,
    ArchivalCode: st.integers(1, 9999).map(lambda number: parse_archival_code(f"Z109·a-WS·2011-Y-BGS-{number}")),
    RecordDate | None: st.none() | RECORD_DATES,
    int | None: st.none() | st.integers(0, 10**6),
    Retention | None: st.none() | RETENTIONS,
    SecurityClassification | None: st.none() | st.sampled_from(SecurityClassification),
    date | None: st.none() | st.dates(),
    Pairs: st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple),
}
CELLS: dict[object, tuple[str, object]] = {
    str: ("zh-Hant", "zh-Hant"),
    ArchivalCode: ("Z109-7", parse_archival_code("Z109-7")),
    RecordDate | None: ("2011-09", parse_record_date("2011-09")),
    int | None: ("12", 12),
    Retention | None: ("30年", Retention("定期", 30)),
    SecurityClassification | None: ("国内", SecurityClassification.DOMESTIC),
    date | None: ("2021-01-02", date(2021, 1, 2)),
}
"""A cell of each type, and what it says."""
EACH = pytest.mark.parametrize("element", ELEMENTS, ids=[element.field for element in ELEMENTS])


def telltale(number: int, element: Element) -> object:
    """Return a value that stands in no other element."""
    values: dict[object, object] = {
        str: f"canary{element.field}",
        ArchivalCode: parse_archival_code(f"Z109-CANARY-{number}"),
        RecordDate | None: parse_record_date(f"19{number:02}年7月"),
        int | None: 918_200 + number,
        Retention | None: Retention("定期", 900 + number),
        SecurityClassification | None: SecurityClassification.SECRET,
        date | None: date(1907, 7, 1 + number % 30),
        Pairs: (("canaryheading", f"canary{element.field}"),),
    }
    return values[TYPES[element.field]]


def xml_of(description: Description) -> bytes:
    """Return its record.xml."""
    return write_record_xml(description, HOME, None, batch_id="", level="文件")


def same(one: object, other: object) -> bool:
    """Whether two values are equal and of one type (a classification is a text, too)."""
    return one == other and type(one) is type(other)


def test_each_field_of_a_description_has_exactly_one_row_in_its_order() -> None:
    assert [element.field for element in ELEMENTS] == [field.name for field in fields(Description)]


@EACH
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_each_element_comes_back_from_xml(element: Element, data: st.DataObject) -> None:
    changed: dict[str, Any] = {element.field: data.draw(ANY[TYPES[element.field]])}
    described = replace(BARE, **changed)
    back = read_record_xml(xml_of(described))[0]
    assert back == described
    assert same(element.of(back), element.of(described))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values=st.fixed_dictionaries({field: ANY[kind] for field, kind in TYPES.items()}))
def test_whatever_is_said_of_a_record_comes_back_from_xml(values: dict[str, object]) -> None:
    described = describe(values)
    assert read_record_xml(xml_of(described))[0] == described


@pytest.mark.parametrize("element", ELEMENTS[1:], ids=[element.field for element in ELEMENTS[1:]])
def test_a_record_xml_from_before_there_was_the_element_is_read(element: Element) -> None:
    root = etree.fromstring(xml_of(FULL))
    for found in root.findall(f"{{{NAMESPACE}}}{element.name}"):
        root.remove(found)
    default = next(field.default for field in fields(Description) if field.name == element.field)
    back = read_record_xml(etree.tostring(root, encoding="UTF-8"))[0]
    assert element.of(back) == ("" if TYPES[element.field] is str or default is MISSING else default)


@pytest.mark.parametrize(
    ("name", "description", "fonds", "batch_id"),
    [
        ("", FULL, Fonds(HOME.code, "Z109", "全宗", "办公厅", "1980-2015", "介绍"), "b"),
        ("bare_", BARE, None, ""),
    ],
)
def test_record_xml_and_dublin_core_are_written_as_before(
    name: str, description: Description, fonds: Fonds | None, batch_id: str
) -> None:
    written = write_record_xml(description, HOME, fonds, batch_id=batch_id, level="文件")
    assert written == (BEFORE / f"{name}record.xml").read_bytes()
    assert (
        write_dc(description, HOME, identifier="urn:uuid:0", types=("Text",)) == (BEFORE / f"{name}dc.xml").read_bytes()
    )


def test_a_view_that_was_published_before_is_read_and_proved_as_before(tmp_path: Path) -> None:
    views, text = (
        PublishedViews(tmp_path / "public.db", today=lambda: date(2026, 1, 1)),
        (BEFORE / "view.json").read_text("utf-8").strip(),
    )
    data = json.loads(text)
    row = (data["view_id"], data["repository"], data["code_key"], data["sequence"], text)
    assert views.ids() == ()  # the file is made when it is first used
    with closing(sqlite3.connect(tmp_path / "public.db")) as connection, connection:
        connection.execute("INSERT INTO view VALUES (?, ?, ?, ?, ?)", row)
    view = views.get_by_id(data["view_id"])
    assert view is not None
    assert view.elements == public_elements(FULL)
    assert published_leaf(view, tmp_path) == (BEFORE / "leaf.json").read_bytes().strip()
    views.put(view)
    with closing(sqlite3.connect(tmp_path / "public.db")) as connection:
        assert json.loads(connection.execute("SELECT value FROM view").fetchone()[0]) == data


@EACH
def test_a_sheet_may_head_its_column_in_chinese_and_in_english(element: Element, tmp_path: Path) -> None:
    if not element.headings:
        assert TYPES[element.field] is not str, "nobody could fill it in"
        return
    assert any(re.search("[一-鿿]", heading) for heading in element.headings)
    assert any(heading.isascii() for heading in element.headings)
    text, value = CELLS[TYPES[element.field]]
    for heading in element.headings:
        cells = {"档号": "Z109-7", "题名": "件"}
        cells = {h: t for h, t in cells.items() if CATALOGUE_HEADINGS[fold_heading(h)] != element.key} | {heading: text}
        with (tmp_path / "catalogue.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([cells.keys(), cells.values()])
        sheet = read_sheet(tmp_path / "catalogue.csv", CATALOGUE_HEADINGS, required=REQUIRED)
        (row,) = read_catalogue(sheet, languages=Languages("en"), today=date(2026, 1, 1))
        assert row.findings == ()
        assert row.description is not None
        assert same(element.of(row.description), value), heading


def test_no_heading_stands_for_two_elements() -> None:
    folded = Counter(heading for element in ELEMENTS for heading in {fold_heading(h) for h in element.headings})
    assert set(folded.values()) == {1}
    assert fold_heading("文件") not in folded


@EACH
def test_each_element_has_its_words_in_both_languages(element: Element) -> None:
    for said in filter(None, (element.label, element.portal)):
        assert re.fullmatch("[一-鿿]+", said.zh)
        assert said.en.isascii()
        assert said.en
    assert LABELS[element.key] == element.label
    assert re.fullmatch(r"|M[1-8]?\d", element.number)


def test_no_two_elements_share_a_name_a_label_or_a_key() -> None:
    own = ("repository_name", "fonds_name", "openness")
    for taken in (
        [element.name for element in ELEMENTS],
        [element.label.zh for element in ELEMENTS],
        [element.label.en for element in ELEMENTS],
        [element.number for element in ELEMENTS if element.number],
        [*own, *(element.key for element in ELEMENTS)],
        ["id", *(f.name for f in fields(PublishedView)), *(e.public_key for e in ELEMENTS if e.portal)],
    ):
        assert len(taken) == len(set(taken)), taken


def test_no_key_of_json_disappears() -> None:
    assert set(KEYS_BEFORE) <= {element.key for element in ELEMENTS}
    assert json.dumps({element.key: element.data(FULL) for element in ELEMENTS})


def opened(number: int = 1) -> Holding:
    """Return an open record with a telltale value in every element."""
    said = describe({element.field: telltale(place, element) for place, element in enumerate(ELEMENTS)})
    return replace(make_holding(number, 1, decision()), description=said, stored_at=datetime(2026, 1, 1, tzinfo=UTC))


def page_of(setting: Setting, holding: Holding, language: str) -> str:
    """Return the portal's page of a record."""
    public = setting.public
    app = create_app(public.views, public.index, public.images, site_name=message("金匮", "Jinkui"))
    answer = TestClient(app).get(f"/records/990001/{holding.key.code_key}", params={"lang": language})
    assert answer.status_code == 200
    return answer.text


def test_an_element_without_a_word_for_the_public_reaches_no_view_no_page_and_no_index(tmp_path: Path) -> None:
    setting, holding = Setting(tmp_path), opened()
    setting.follow(Source(holding))
    public = setting.raw().decode("utf-8", "replace") + page_of(setting, holding, "zh")
    closed = [element for element in ELEMENTS if not element.portal and element.field != "former_code"]
    assert {e.field for e in closed} >= {"retention", "security", "declassification_basis", "opening_proposal", "note"}
    for element in closed:
        said = element.text(holding.description)
        assert said
        assert said not in public, element.field
        assert element.public_key not in public_elements(holding.description)


def test_an_element_with_a_word_for_the_public_is_published_and_shown_with_it(tmp_path: Path) -> None:
    setting, holding = Setting(tmp_path), opened()
    setting.follow(Source(holding))
    view = setting.public.views.get_by_id(holding.package_id.value)
    assert view is not None
    pages = {"zh": page_of(setting, holding, "zh"), "en": page_of(setting, holding, "en")}
    for element in ELEMENTS:
        if element.portal and element.field != "year":  # the date says it
            assert str(escape(view.said(element.public_key))) in pages["zh"]
        if element.portal and element.field not in ("year", "title", "language"):  # the heading; of the text itself
            assert f"<dt>{element.portal.zh}</dt>" in pages["zh"]
            assert f"<dt>{element.portal.en}</dt>" in pages["en"]


def test_what_is_searched_is_indexed_and_for_the_public_what_is_public_of_it() -> None:
    holding = opened()
    staff = staff_record(holding, {}, date(2026, 1, 1)).text
    public = public_record(holding, {}, "").text
    for element in ELEMENTS:
        said = element.text(holding.description)
        assert (said in staff) == element.is_searched, element.field
        assert (said in public) == (element.is_searched and element.portal is not None), element.field
    cited = replace(holding, description=replace(holding.description, former_code="Z109-7-3"))
    assert "Z109-7-3" in public_record(cited, {}, "").text, "whoever cites a code of before finds the record"


def test_what_could_not_be_read_of_a_public_element_is_public_as_it_is_written() -> None:
    kept = (("日期（照录）", "大跃进时期"), ("年度（照录）", "去年"), ("保管期限（照录）", "随缘"), ("盒号", "7"))
    unread = replace(FULL, formed=None, year=None, other=kept)
    assert (public_elements(unread)["date"], public_elements(unread)["year"]) == ("大跃进时期", "去年")
    assert not {"随缘", "7"} & {*public_elements(unread).values()}
    assert public_elements(replace(FULL, other=kept))["date"] == public_elements(FULL)["date"]
