"""What every engine answers to the whole language: forms, years, exclusions and names, the same as memory does."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from search.index.answer import Answer
from search.index.document import UNKNOWN_DATE, Field, IndexedRecord, Place, TextOrigin
from search.index.embedded import EmbeddedIndex
from search.index.language.terms import parse_terms
from search.index.memory import MemoryIndex
from search.index.query import Facet, Narrowed, Order, Query, parse_query
from search.index.search_index import Change, SearchIndex
from tests.support.elastic import ADDRESSES, make_elastic
from tests.support.questions import changes, fill_anew, of_few_words, of_language, questions, standing, unlike
from tests.support.questions import fill as fill_all


def make_record(package: str, title: str = "题名", *pages: str, **other: object) -> IndexedRecord:
    """Return a record of 1986 of the county's water board, as far as nothing else is said."""
    fields: dict[str, object] = {
        "package_id": package,
        "repository": "990001",
        "repository_name": "馆",
        "repository_name_en": "Archives",
        "archival_code": f"Z109-WS·1986-Y-{package}",
        "code_order": package,
        "title": title,
        "date": "1986",
        "date_from": 19860101,
        "date_to": 19861231,
        "year": 1986,
        "openness": "开放",
        "sequence": 1,
        "fonds": "Z109",
        "genre": "WS",
        "author": "县水利局",
        "document_number": "",
        "fonds_name": "岭澜县水利局",
        "places": tuple(Place(number, page, "开放") for number, page in enumerate(pages, 1)),
        "text_origin": TextOrigin.RECOGNISED if pages else "",
    } | other
    said = "\n".join(
        str(fields[name]) for name in ("title", "archival_code", "author", "document_number", "fonds_name")
    )
    return IndexedRecord(**{"text": said} | fields)  # type: ignore[arg-type]


@pytest.fixture(params=["memory", "embedded", "elastic"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    if request.param == "memory":
        return MemoryIndex()
    return EmbeddedIndex(tmp_path / "index.db") if request.param == "embedded" else make_elastic()


def fill(index: SearchIndex, *records: IndexedRecord) -> None:
    """Write records."""
    index.replace_all([Change(one.package_id, one, 1) for one in records])
    index.commit(1)


def found(index: SearchIndex, words: str) -> set[str]:
    """Return what words find."""
    return ids(index.search(parse_query(words)))


def ids(answer: Answer) -> set[str]:
    """Return what was found."""
    return {one.record.package_id for one in answer.found}


def named(words: str = "", **fields: str) -> Query:
    """Return the query for words, and for what is said under names."""
    query = parse_query(words)
    terms = (term for name, text in fields.items() for term in parse_terms(text, Field[name]))
    return replace(query, terms=(*query.terms, *terms))


def test_english_words_are_found_in_all_forms_and_spellings_and_quoted_ones_as_they_stand(index: SearchIndex) -> None:
    fill(
        index,
        make_record("1", "Dredging of the harbor"),
        make_record("2", "题名", "the harbours were dredged"),
        make_record("3", "harbouring dredges café"),
    )
    assert found(index, "dredge harbour") == {"1", "2", "3"}
    assert found(index, '"dredging" harbour') == {"1"}
    assert found(index, "cafe") == found(index, '"Café"') == {"3"}
    marks = [one.marks for one in index.search(parse_query("dredge")).found if one.record.package_id == "1"]
    assert marks == [((0, 8),)]


def test_forms_without_a_common_ending_and_words_with_a_hyphen_are_found(index: SearchIndex) -> None:
    fill(
        index,
        make_record("1", "Children of the works", "women and men were re-organised"),
        make_record("2", "Co-operation with a child"),
        make_record("3", "The committee cooperated, and reorganizes", "the woman and the waterworks"),
        make_record("4", "题名", "the water-\nworks, water-works and a cooper", "Re: organ"),
    )
    assert found(index, "child") == found(index, "children") == {"1", "2"}
    assert found(index, "woman") == found(index, "Women") == {"1", "3"}
    assert found(index, '"child"') == {"2"}
    assert found(index, "reorganise") == found(index, "re-organisation") == {"1", "3"}
    assert found(index, "committee -re-organised") == set()
    assert found(index, "water-works") == {"3", "4"}
    assert found(index, "co-operate") == found(index, "cooperation") == {"2", "3", "4"}, "a cooper has the same form"
    assert ids(index.search(named(TITLE="co-operated"))) == {"2", "3"}
    (one,) = [one for one in index.search(parse_query("reorganising")).found if one.record.package_id == "1"]
    assert [hit.place.text[slice(*hit.marks[0])] for hit in one.hits] == ["re-organised"]


def test_what_must_not_stand_excludes_wherever_it_stands(index: SearchIndex) -> None:
    fill(
        index,
        make_record("1", "防汛"),
        make_record("2", "防汛", "水库"),
        make_record("3", "防汛水库", year=1990, date_to=0),
    )
    assert found(index, "防汛 -水库") == {"1"}
    assert found(index, "防汛 －”石桥“ -1990") == {"1", "2"}
    assert found(index, "-水库") == set(), "nothing is asked for"
    assert ids(index.search(replace(parse_query("-水库"), narrowed=Narrowed(genre="WS")))) == {"1"}


def test_codes_and_numbers_are_found_however_they_are_written(index: SearchIndex) -> None:
    fill(
        index,
        make_record("1", archival_code="M001-1-0012", document_number="建字第114号"),
        make_record("2", archival_code="M001-001-012", document_number="建字115号"),
        make_record("3", archival_code="M001-1-0120", document_number="岭政〔1986〕3号", author="侨务办"),
    )
    assert found(index, "M001-1-12") == found(index, "m001 1 12") == found(index, "M001-1-0012") == {"1", "2"}
    assert found(index, "M001-1-120") == {"3"}
    assert found(index, "建字114号") == found(index, "建字第114號") == {"1"}
    assert found(index, "建字第115号") == {"2"}
    assert found(index, "嶺政〔1986〕3號") == {"3"}
    assert found(index, "1986 —侨务") == {"1", "2"}


def test_document_numbers_are_found_in_whatever_numerals_they_are_kept_and_typed(index: SearchIndex) -> None:
    fill(
        index,
        make_record("1", document_number="澜字第三〇四号"),
        make_record("2", document_number="澜字第304号"),
        make_record("3", "题名", "照澜字叁佰零肆号办理"),
        make_record("4", document_number="澜字第三〇号", author="澜字第一三〇四号"),
        make_record("5", document_number="浦政发〔1984〕17号"),
        make_record("6", document_number="浦政发〔一九八四〕十七号"),
        make_record("7", "题名", "见浦政发（1984）第十七号"),
        make_record(
            "8", document_number="浦政发〔1984〕7号", author="浦政发〔1985〕17号", title="浦政发〔1984〕一百一十七号"
        ),
    )
    for words in ("澜字304号", "澜字第304号", "澜字三〇四号", "瀾字第三○四號", "澜字第三百零四号", "澜字叁零肆号"):
        assert found(index, words) == {"1", "2", "3"}, words
        assert index.totals([parse_query(words)]) == [3]
        assert found(index, f"题名 -{words}") == {"4", "5", "6", "7"}
    for year in ("1984", "一九八四"):
        for number in ("17", "十七", "第十七", "一七"):
            assert found(index, f"浦政发〔{year}〕{number}号") == {"5", "6", "7"}
            assert found(index, f"浦政发{year}年{number}号") == {"5", "6", "7"}
    assert ids(index.search(named(NUMBER="浦政发〔1984〕十七号"))) == {"5", "6"}
    assert found(index, "浦政发〔1984〕七号") == {"8"}
    assert found(index, '"澜字304号"') == set(), "quotes keep it as it stands"
    (one,) = [one for one in index.search(parse_query("澜字304号")).found if one.record.package_id == "3"]
    assert [hit.place.text[slice(*hit.marks[0])] for hit in one.hits] == ["澜字叁佰零肆号"]


def test_a_document_number_whose_year_is_said_without_brackets_is_the_same(index: SearchIndex) -> None:
    fill(
        index,
        make_record("1", document_number="浦政〔1956〕3号"),
        make_record("2", "题名", "照浦政一九五六年三号办理"),
        make_record("3", "题名", "见浦政1956年第3号文"),
        make_record("4", "题名", "浦政一九五六年3号"),
        make_record("5", "浦政一九五六年三十号", "浦政1956年", document_number="浦政〔1957〕3号"),
    )
    for words in ("浦政1956年3号", "浦政一九五六年三号", "浦政1956年第3号", "浦政〔一九五六〕三号", "浦政(1956)3号"):
        assert found(index, words) == {"1", "2", "3"}, words
    assert found(index, "浦政一九五六年3号") == {"1", "2", "3", "4"}, "as it was typed, too"
    assert found(index, "浦政 1956年3号") == {"1", "2", "3"}
    assert ids(index.search(named(NUMBER="浦政1956年三号"))) == {"1"}


def test_a_year_is_a_word_or_the_days_of_a_record_and_a_range_filters(index: SearchIndex) -> None:
    other: dict[str, Any] = {"archival_code": "x", "year": None}
    fill(
        index,
        make_record("word", "题名", "一九八六与1986", date_from=19500101, date_to=19501231, **other),
        make_record("day", date_from=19860512, date_to=19860512, **other),
        make_record("over", date_from=19851201, date_to=19860131, **other),
        make_record("filed", date_from=19850101, date_to=19850101, archival_code="x", year=1986),
        make_record("later", date_from=19880101, date_to=19881231, **other),
        make_record("never", date_from=UNKNOWN_DATE, date_to=0, **other),
    )
    assert found(index, "1986") == {"word", "day", "filed"}
    assert found(index, "1986年") == {"day", "filed"}
    assert found(index, "1986年5月") == {"day"}
    assert found(index, "1986-1990") == found(index, "1986..1990") == {"day", "over", "filed", "later"}
    assert found(index, "1986-1990 -1986") == {"over", "later"}
    assert found(index, "1951-1985") == {"over", "filed"}
    assert found(index, "1949-1950") == {"word"}


def test_a_day_in_figures_finds_what_is_of_it_and_what_says_it_in_any_way(index: SearchIndex) -> None:
    other: dict[str, Any] = {"archival_code": "x", "year": None}
    fill(
        index,
        make_record("day", date_from=19560512, date_to=19560512, **other),
        make_record("said", "题名", "一九五六年五月十二日发", **other),
        make_record("figures", "题名", "1956.5.12", "于1956年5月12日", **other),
        make_record("after", "题名", "1956.5.13", date_from=19560513, date_to=19560513, **other),
        make_record("number", document_number="浦政〔1956〕5号", **other),
    )
    for words in ("1956.5.12", "1956/5/12", "1956．5．12", "1956-5-12", "1956-05-12", "1956年5月12日"):
        assert found(index, words) == {"day", "said", "figures"}, words
    assert found(index, "1956-05") == found(index, "1956年5月") == {"day", "figures", "after"}
    assert found(index, "1956.5.13-1956.6.1") == {"after"}


def test_what_is_said_under_a_name_is_found_there_alone(index: SearchIndex) -> None:
    item = Place(
        None, "石桥的报告\n王一", "开放", item="i", title="石桥的报告", author="王一", document_number="水办〔1986〕7号"
    )
    fill(
        index,
        make_record("1", "石桥的通知", author="岭澜县政府", document_number="岭政〔1986〕12号"),
        make_record("2", "通知", "石桥", author="石桥公社", fonds="J019", fonds_name="石桥公社"),
        replace(make_record("3", "案卷"), places=(item,)),
    )
    assert ids(index.search(named(TITLE="石桥"))) == {"1", "3"}
    assert ids(index.search(named(TITLE="石桥 -报告"))) == {"1"}
    assert ids(index.search(named(AUTHOR="石桥"))) == {"2"}
    assert ids(index.search(named(AUTHOR="王一"))) == {"3"}
    assert ids(index.search(named(NUMBER="岭政(1986)12号"))) == {"1"}
    assert ids(index.search(named(NUMBER="7号"))) == {"3"}
    assert ids(index.search(named(FONDS="J019"))) == ids(index.search(named(FONDS="石桥公社"))) == {"2"}
    assert ids(index.search(named("石桥", TITLE="通知"))) == {"1", "2"}
    assert ids(index.search(named(TITLE="岭政"))) == set()
    assert index.search(named(TITLE="石桥", AUTHOR="王一")).places == 1


def test_narrowing_alone_lists_what_is_there(index: SearchIndex) -> None:
    fill(index, make_record("1"), make_record("2", genre="KJ"))
    assert ids(index.search(replace(parse_query(""), narrowed=Narrowed(genre="KJ")))) == {"2"}
    assert ids(index.search(replace(parse_query("。"), narrowed=Narrowed(genre="KJ")))) == set()
    assert index.search(parse_query("")).total == 0


def test_what_stands_under_a_name_leaves_the_file_too(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    canary = make_record(
        "1", text="石桥", author="canaryauthor", document_number="canary〔1986〕1号", fonds_name="canaryfonds"
    )
    index.replace("1", canary, sequence=1)
    index.replace("2", replace(canary, package_id="2"), sequence=1)
    index.replace("1", None, sequence=2)
    plain = replace(canary, package_id="2", author="", document_number="", fonds_name="")
    index.replace("2", plain, sequence=2)
    index.commit(2)
    assert ids(index.search(parse_query("石桥"))) == {"2"}
    assert ids(index.search(named(AUTHOR="canaryauthor"))) == set()
    index.purge()
    index.close()
    assert b"canary" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_every_engine_answers_what_memory_answers_to_the_whole_language(tmp_path: Path) -> None:
    chance = random.Random(41)
    indexes: list[SearchIndex] = [MemoryIndex(), EmbeddedIndex(tmp_path / "i.db")]
    if ADDRESSES:
        indexes.append(make_elastic())
    for begin in range(0, 3500, 500):  # the last ones replace some of the first, or take them back
        changes = []
        for number in range(begin, begin + 500):
            gone = number >= 3000 and chance.random() < 0.4
            package = number if number < 3000 else chance.randrange(3000)
            changes.append(
                Change(
                    str(package),
                    None if gone else of_few_words(chance, make_record(str(package))),
                    1 + (number >= 3000),
                )
            )
        for index in indexes:
            index.replace_all(changes)
    for index in indexes:
        index.commit(1)
    totals = []
    for _ in range(90):
        query = replace(of_language(chance), order=chance.choice(tuple(Order)), counted=tuple(Facet))
        for offset in (0, 40):
            first, *others = [index.search(query, offset=offset, limit=9) for index in indexes]
            assert all(answer == first for answer in others), query
        totals.append(first.total)
    assert sum(total > 0 for total in totals) > 40


def test_an_index_that_was_made_again_answers_the_same_in_the_same_order(index: SearchIndex) -> None:
    happened = changes(150, seed=7)
    asked = list(questions(40, happened, seed=8))
    reference = MemoryIndex()
    fill_all(reference, happened)
    fill_all(index, happened)
    wrong, found = unlike(reference, {"first": index}, asked)
    assert not wrong
    assert found > 15
    fill_anew(index, standing(happened))
    assert unlike(reference, {"made again": index}, asked)[0] == []
