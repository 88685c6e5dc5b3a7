"""What is offered where nothing was found: always something that finds something, told with how much, within bounds."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from archives.text.folding import folded_text
from search.index.language.confusions import taken_for
from search.index.language.named import NamedWords, named_words
from search.index.language.suggestions import suggestions
from search.index.language.told import told, told_beside, told_unsearched
from search.index.memory import MemoryIndex
from search.index.query import Narrowed, Query, parse_query, took_too_long
from tests.test_search.test_index.test_questions import fill, make_record

Totals = Callable[[Sequence[Query]], Sequence[int]]


@pytest.fixture
def totals() -> Totals:
    index = MemoryIndex()
    fill(
        index,
        make_record("1", "石桥水库", "防汛", "己亥年的通知"),
        make_record("2", "石桥的报告", author="王一"),
        make_record("3", "石桥", year=1988, date_from=19880101, date_to=19881231, genre="KJ"),
    )
    return index.totals


def offered(query: Query, totals: Totals) -> list[tuple[str, str, int]]:
    """Return each offer as people read it, the words that it would search, and how many it finds."""
    return [(one.told.text("zh"), one.query.words, one.records) for one in suggestions(query, totals)]


def test_a_word_less_is_offered_for_each_word_that_stands_in_the_way(totals: Totals) -> None:
    assert offered(parse_query('石桥 "大坝" -防汛'), totals) == [('不要求“"大坝"”', "石桥 -防汛", 2)]
    assert offered(parse_query("水库 报告"), totals) == [("不要求“水库”", "报告", 1), ("不要求“报告”", "水库", 1)]
    assert offered(parse_query("大坝"), totals) == []


def test_what_is_asked_for_by_name_is_left_out_alike(totals: Totals) -> None:
    (one,) = suggestions(parse_query("石桥", named=NamedWords(author="李二")), totals)
    assert (one.query.words, one.query.named, one.records) == ("石桥", NamedWords(), 3)
    (one,) = suggestions(parse_query("", named=NamedWords(title="报告", author="王一 李二")), totals)
    assert (one.query.named, one.records) == (NamedWords(title="报告", author="王一"), 1)


def test_wider_years_are_offered_as_narrow_as_they_find_something(totals: Totals) -> None:
    query = replace(parse_query("石桥"), narrowed=Narrowed(year="1991"))
    assert [(one.told.text("en"), one.query.narrowed.year, one.records) for one in suggestions(query, totals)] == [
        ("years 1986-1996", "1986-1996", 3),
        ("years 1981-2001", "1981-2001", 3),
        ("any year", "", 3),
    ]
    assert offered(parse_query("报告 1987-1988"), totals) == [
        ("不要求“报告”", "1987-1988", 1),
        ("不要求“1987-1988”", "报告", 1),
        ("年份放宽到 1986-1989", "报告 1986-1989", 1),
        ("年份放宽到 1982-1993", "报告 1982-1993", 1),
        ("年份放宽到 1977-1998", "报告 1977-1998", 1),
    ]


def test_where_nothing_is_of_a_day_its_month_and_its_year_are_offered() -> None:
    index = MemoryIndex()
    fill(
        index,
        make_record("1", year=1956, date_from=19560503, date_to=19560503),
        make_record("2", year=1956, date_from=19560903, date_to=19560903),
    )
    assert offered(parse_query("1956.5.12"), index.totals) == [
        ("日期放宽到 1956-05", "1956-05", 1),
        ("日期放宽到 1956", "1956年", 2),
    ]
    assert offered(parse_query("1956年6月"), index.totals) == [("日期放宽到 1956", "1956年", 2)]


def test_no_years_to_come_are_offered(totals: Totals) -> None:
    query = replace(parse_query("石桥"), narrowed=Narrowed(year="1990"), this_year=1992)
    wider = [one.query.narrowed.year for one in suggestions(query, totals)]
    assert wider == ["1985-1992", "1980-1992", ""]
    words = replace(parse_query("石桥 1992"), this_year=1992)
    assert "石桥 1982-1992" in [one.query.words for one in suggestions(words, totals)]
    later = replace(query, narrowed=Narrowed(year="1995"))
    assert [one.query.narrowed.year for one in suggestions(later, totals)] == ["1985-1995", ""]


def test_a_character_that_recognition_takes_for_another_is_offered(totals: Totals) -> None:
    assert offered(parse_query("已亥年"), totals) == [("“已”作“己”：己亥年", "己亥年", 1)]
    assert offered(parse_query('"石侨水厍"'), totals) == []
    assert offered(parse_query('"石桥水厍"'), totals) == [('“厍”作“库”："石桥水库"', '"石桥水库"', 1)]
    assert offered(parse_query("已"), totals) == [], "a letter alone says too little"


def test_a_long_word_is_offered_in_the_longest_parts_that_stand_and_each_part_alone() -> None:
    index = MemoryIndex()
    fill(index, make_record("1", "石桥水库除险加固经费的申请"), make_record("2", "防汛", year=1988, date_from=19880101))
    totals = index.totals
    parts = "石桥水库 加固经费 申请"
    assert offered(parse_query("石桥水库加固经费申请"), totals) == [(f"分开检索：{parts}", parts, 1)]
    assert offered(parse_query("防汛1986-1990"), totals) == [("分开检索：防汛 1986-1990", "防汛 1986-1990", 1)]
    assert offered(parse_query("石桥水库溢洪道设计"), totals) == [("只检索“石桥水库”", "石桥水库", 1)]
    assert offered(parse_query("防汛石桥水库"), totals) == [
        ("只检索“石桥水库”", "石桥水库", 1),
        ("只检索“防汛”", "防汛", 1),
    ]
    assert offered(parse_query('"石桥水库加固经费申请"'), totals) == [], "quotes keep it together"
    (one,) = suggestions(parse_query("", named=NamedWords(title="石桥水库经费申请")), totals)
    assert (one.query.named, one.records) == (NamedWords(title="石桥水库 经费 申请"), 1)


def titled(*titles: str) -> Totals:
    """Return what counts in an index of records with these titles."""
    index = MemoryIndex()
    fill(index, *(make_record(str(number), title) for number, title in enumerate(titles)))
    return index.totals


WATERWORKS = (
    "市政府批准建厂的决定",
    "关于水厂的决定",
    "自来水厂的水厂档案",
    "政府关于水利的通知",
    "陈守业土地房产所有证",
    "陈守仁的信",
    "马家湾大队",
    "马家河",
    "爷爷的信",
)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("市政府关于水厂的决定", ["市政府", "水厂", "决定"]),
        ("我爷爷陈守业的水厂档案", ["水厂档案", "陈守业", "爷爷"]),
        ("我爺爺陳守業的水廠檔案", ["水廠檔案", "陳守業", "爺爺"]),
        ("陈守义的信", []),
        ("马家湾的地", ["马家湾"]),
        ("马家沟的水塘", ["马家"]),
        ("自来水塔", ["自来水"]),
        ("房产证", ["房产"]),
        ("地契", []),
        ("怎么查自来水厂在哪里", ["自来水厂"]),
        ("自来水-1986年度档案", ["自来水 1986 档案"]),
    ],
)
def test_parts_are_cut_at_words_that_mean_nothing_alone_and_names_stay_whole(words: str, parts: list[str]) -> None:
    totals = titled(*WATERWORKS)
    alone = [one.query.words for one in suggestions(parse_query(words), totals)]
    assert alone == parts, offered(parse_query(words), totals)


def test_one_part_is_offered_for_its_word_beside_what_else_was_asked_for() -> None:
    totals = titled(*WATERWORKS)
    assert offered(parse_query("陈守业的地契 土地"), totals)[1:] == [
        ("“陈守业的地契”只取“陈守业”", "陈守业 土地", 1),
    ]
    assert offered(parse_query("陈守业的土地证"), totals) == [("分开检索：陈守业 土地", "陈守业 土地", 1)]
    assert ("“场”作“厂”：自来水厂", "自来水厂", 1) in offered(parse_query("自来水场"), totals)
    assert ("只检索“自來水”", "自來水", 1) in offered(parse_query("自來水厰"), totals)
    assert ("“弯”作“湾”：马家湾", "马家湾", 1) in offered(parse_query("马家弯"), totals)


@pytest.mark.parametrize(
    ("words", "offers"),
    [
        ("浦政（56）3号", ["浦政〔1956〕3号"]),
        ("浦政〔五六〕三号", ["浦政〔1956〕三号"]),
        ("浦政56年3号", ["浦政〔1956〕3号"]),
        ("浦政五六年第三号", ["浦政〔1956〕第三号"]),
        ("浦政[05]7号", ["浦政〔2005〕7号"]),
        ("浦政〔1962〕8号", ["浦政〔62〕8号"]),
        ("浦政一九六二年八号", ["浦政〔62〕八号"]),
        ('"浦政（56）3号"', []),
        ("浦政〔1856〕3号", []),
        ("浦政（57）3号", []),
    ],
)
def test_the_year_of_a_document_number_is_offered_in_four_digits_and_in_two(words: str, offers: list[str]) -> None:
    index = MemoryIndex()
    numbers = ("浦政〔1956〕3号", "浦政〔2005〕七号", "浦政（62）8号", "浦政〔2056〕3号")
    fill(index, *(make_record(str(place), document_number=one) for place, one in enumerate(numbers)))
    query = replace(parse_query(words), this_year=2026)
    assert [one.query.words for one in suggestions(query, index.totals) if "号" in one.query.words] == offers


def test_a_number_whose_year_is_kept_in_two_digits_is_found_as_it_stands() -> None:
    index = MemoryIndex()
    fill(index, make_record("1", document_number="浦政（56）3号"), make_record("2", document_number="浦政〔1956〕3号"))
    found = [one.record.package_id for one in index.search(parse_query("浦政〔56〕三号")).found]
    assert found == ["1"]


@pytest.mark.parametrize(
    ("words", "offers"),
    [
        ("water works", ["as one word: waterworks", "without “water”"]),
        ("city water works", ["as one word: waterworks", "without “water”"]),
        ("week end", ["as one word: weekend"]),
        ("railroad", ["as two words: rail-road"]),
        ("today", ["as two words: to-day"]),
        ("city weekend -today", ["without “city”", "without “weekend”"]),
        ('"railroad"', []),
        ("water -works", []),
        ('water "works"', ["without “water”"]),
    ],
)
def test_english_words_are_offered_in_one_and_in_two(words: str, offers: list[str]) -> None:
    totals = titled("The waterworks of the city", "City works", "A rail-road to-day", "Weekend")
    assert [one.told.text("en") for one in suggestions(parse_query(words), totals)] == offers


def test_words_under_a_name_are_offered_in_one_there() -> None:
    totals = titled("The waterworks", "Works")
    (one,) = suggestions(parse_query("the", named=NamedWords(title="water works -board")), totals)
    assert (one.query.words, one.query.named, one.records) == ("the", NamedWords(title="waterworks -board"), 1)
    (other,) = suggestions(parse_query("water", named=NamedWords(title="works")), totals)
    assert (other.query.words, other.query.named) == ("", NamedWords(title="works")), (
        "what is under a name is no word beside"
    )


def test_where_no_one_change_finds_anything_each_word_alone_is_offered(totals: Totals) -> None:
    query = replace(parse_query("石桥 大坝 嘂", named=NamedWords(author="王一")), narrowed=Narrowed(genre="ZP"))
    assert offered(query, totals) == [("只检索“石桥”", "石桥", 3), ("只检索“王一”", "", 1)]
    assert [one.query.named.author for one in suggestions(query, totals)] == ["", "王一"]


def test_less_narrowing_is_offered(totals: Totals) -> None:
    query = replace(parse_query("报告"), narrowed=Narrowed(genre="KJ", repository="990001"))
    assert [(one.told.text("en"), one.records) for one in suggestions(query, totals)] == [("any class", 1)]


def test_no_more_is_counted_than_is_bounded_and_no_longer_than_there_is_time() -> None:
    asked: list[Query] = []

    def nothing(queries: Sequence[Query]) -> Sequence[int]:
        asked.extend(queries)
        return [0] * len(queries)

    assert suggestions(parse_query("己已巳 未末 日曰 土士 干千于 人入八 大太犬 天夫"), nothing) == ()
    assert 20 < len(asked) <= 52

    def one_in_time(queries: Sequence[Query]) -> Sequence[int]:
        return [1 for _ in queries][:1]

    asked.clear()
    assert suggestions(parse_query("己已巳未末日曰土士干千于人入八大太犬天夫"), nothing) == ()
    assert 15 < len(asked) <= 52

    found = suggestions(parse_query("水库 报告 通知"), one_in_time)
    assert [one.query.words for one in found] == ["报告 通知"]

    def none_in_time(queries: Sequence[Query]) -> Sequence[int]:
        raise took_too_long(queries[0])

    assert suggestions(parse_query("水库 报告 通知"), none_in_time) == ()


def test_every_character_is_confused_both_ways_and_is_what_folding_leaves() -> None:
    for one in "己未日土人王由戊贷候晴刺今免乌白":
        assert taken_for(one)
        for other in taken_for(one):
            assert one in taken_for(other)
            assert folded_text(other) == other
    assert taken_for("貸") == taken_for("贷") == "货"
    assert taken_for("嘂") == ""


def test_what_cannot_be_looked_for_is_told_apart_from_what_is_not_found() -> None:
    for words in ("*", '"', "??", "％", "——"):
        told_so = told_unsearched(parse_query(words))
        assert told_so is not None
        assert "没有可以检索的文字" in told_so.text("zh")
    only_unwanted = told_unsearched(parse_query("-水库"))
    assert only_unwanted is not None
    assert "不要的词" in only_unwanted.text("zh")
    assert told_unsearched(parse_query("", named=NamedWords(title="*"))) is not None
    assert told_unsearched(replace(parse_query("-水库"), narrowed=Narrowed(genre="WS"))) is None
    assert told_unsearched(parse_query("")) is told_unsearched(parse_query("水库")) is None


def test_what_was_searched_is_told_as_it_was_understood() -> None:
    query = parse_query(
        '石桥 "水库" -dredging 1986 1986-1990', named=named_words({"title": "通知", "of_fonds": " Z109 "})
    )
    assert [one.text("en") for one in told(query)] == [
        "石桥",
        '"水库"',
        "excluding dredging (any word form)",
        "1986, or dated within it",
        "dated 1986-1990",
        "Title: 通知",
        "Fonds (number or name): Z109",
    ]
    assert [one.text("zh") for one in told(query)][2:5] == [
        "不含 dredging（各种词形）",
        "1986，或日期在此期间",
        "日期在 1986-1990 之间",
    ]


@pytest.mark.parametrize(
    ("words", "offers"),
    [
        ("石桥水库 OR 报告", ["石桥水库", "报告"]),
        ("石桥水库 OR 报告 OR 大坝", ["石桥水库", "报告"]),
        ("水库 或 报告", ["水库", "报告"]),
        ("石桥 AND 防汛", ["石桥 防汛"]),
        ("石桥 NOT 防汛", ["石桥 -防汛", "石桥 防汛"]),
        ("石桥 AND NOT 防汛", ["石桥 -防汛"]),
    ],
)
def test_an_operator_of_elsewhere_is_told_to_be_a_word_and_what_it_means_is_offered(
    totals: Totals, words: str, offers: list[str]
) -> None:
    query = parse_query(words)
    assert [one.query.words for one in suggestions(query, totals)] == offers
    note = told_beside(query)
    assert note is not None
    assert "不是运算符" in note.text("zh")
    assert "is no operator" in note.text("en")


@pytest.mark.parametrize("words", ["OR", '"war OR peace"', "war or peace", "石桥 -OR", "ORDER 石桥", ""])
def test_what_is_no_operator_is_told_to_be_none(words: str) -> None:
    assert told_beside(parse_query(words)) is None


def test_what_is_left_out_is_told_with_the_operators() -> None:
    note = told_beside(parse_query("甲一 OR 甲二 甲三 甲四 甲五 甲六 甲七 甲八 甲九"))
    assert note is not None
    assert note.text("zh").startswith("一次最多检索 8 个词（200 个字），没有检索：甲八、甲九；“OR”当作普通的词检索")
