"""What jinkui search tells: a record once, with the places below it in which the words stand."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.command_line import Jinkui, Prepared

CODE = "J019-WS·1986·Y·BGS-0001"


def filled(jinkui: Jinkui) -> None:
    """Make an archive with a record of three pages and one of one, both open."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆", "--name-en", "Linglan", "--kind", "馆")
    folder = jinkui.home.parent / "batch"
    folder.mkdir()
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    for name, text in (("1a", "石桥公社"), ("1b", "水库工地"), ("1c", "石桥水库"), ("2", "石桥")):
        (folder / f"{name}.txt").write_text(f"{text}第一\n", "utf-8")
    rows = [
        (CODE, "修路的通知", "1986", "1a.txt;1b.txt;1c.txt", "县交通局", "岭交〔1986〕12号"),
        (CODE[:-1] + "2", "石桥的报告", "1987", "2.txt", "石桥公社", ""),
    ]
    with (folder / "目录.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("档号", "题名", "日期", "文件", "责任者", "文号"), *rows])
    jinkui("ingest", str(folder), code=12)
    sheet = jinkui.home.parent / "open.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        head = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
        said = ("开放", "满二十五年", "甲", "乙", "2021-09-01", "2021-09-01", "全文")
        csv.writer(file).writerows([head, *((row[0], *said) for row in rows)])
    jinkui("opening", "apply", str(sheet))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(filled, tmp_path, capsys)


@pytest.mark.parametrize("public", [(), ("--public",)])
def test_words_on_different_pages_find_their_record_once(jinkui: Jinkui, public: tuple[str, ...]) -> None:
    answer = jinkui.json("search", "石桥 水库", *public)
    (hit,) = answer["hits"]
    assert (answer["total"], answer["places"], hit["places"]) == (1, 3, 3)
    assert (hit["archival_code"], hit["title"]) == (CODE, "修路的通知")
    assert [page["page"] for page in hit["pages"]] == [3, 1, 2], "the page with both words stands first"
    assert ("openness" in hit, "openness" in hit["pages"][0]) == (not public, not public)


def test_words_behind_the_eighth_are_told_to_be_left_out(jinkui: Jinkui) -> None:
    words = "石桥 -没有一 -没有二 -没有三 -没有四 -没有五 -没有六 -没有七 没有八"
    answer = jinkui.json("search", words, "--title", "一 二 三 四 五 六 七 八 九")
    assert answer["left_out"] == ["没有八", "九"]
    assert jinkui.json("search", words[:-4])["left_out"] == []
    assert "没有检索：没有八" in jinkui("search", words, lang="zh")


def codes(answer: dict[str, object]) -> list[str]:
    """Return the last digit of each code that was found."""
    return [one["archival_code"][-1] for one in answer["hits"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("石桥", "水库"), "1"),
        (("石桥 -水库",), "2"),
        (("岭交(1986)12号",), "1"),
        (("J019 WS 1986 Y BGS 0001",), "1"),
        (("1987年",), "2"),
        (("1985-1986",), "12"),  # by its date, by its code
        (("1987-1990",), "2"),
        (("--title", "石桥"), "2"),
        (("--author", "石桥"), "2"),
        (("--number", "岭交【1986】12号"), "1"),
        (("石桥", "--fonds", "J019"), "21"),
        (("石桥", "--fonds", "990001/J019", "--genre", "文书"), "21"),
        (("石桥", "--genre", "kj"), ""),
        (("石桥", "--year", "1986年"), "21"),
        (("石桥", "--year", "1990-1999"), ""),
        (("石桥", "--text", "no"), ""),
        (("--text", "yes", "--order", "code"), "12"),
        (("--text", "extracted", "--order", "code"), "12"),
        (("石桥", "--text", "recognised"), ""),
        (("石桥", "--order", "date"), "12"),
        (("石桥", "--limit", "1", "--page", "2"), "1"),
        (("石桥", "--limit", "1", "--page", "3"), ""),
    ],
)
@pytest.mark.parametrize("public", [(), ("--public",)])
def test_the_whole_language_and_every_field_find_what_they_should(
    jinkui: Jinkui, asked: tuple[str, ...], found: str, public: tuple[str, ...]
) -> None:
    assert codes(jinkui.json("search", *asked, *public)) == list(found)


def test_only_how_many_is_told_by_what_can_narrow(jinkui: Jinkui) -> None:
    answer = jinkui.json("search", "石桥", "--count")
    assert (answer["total"], answer["places"], answer["hits"]) == (2, 3, [])
    assert answer["counts"]["year"] == [{"value": "1986", "records": 2}]
    assert answer["counts"]["fonds"] == [{"value": "990001/J019", "records": 2}]
    assert answer["counts"]["text"] == [{"value": "extracted", "records": 2}]
    assert "990001/J019" in jinkui("search", "石桥", "--count", lang="zh")


def test_a_page_says_how_to_turn_to_the_next(jinkui: Jinkui) -> None:
    assert "第 1/2 页；下一页：--page 2" in jinkui("search", "石桥", "--limit", "1", lang="zh")
    assert "page 2 of 2" in jinkui("search", "石桥", "--limit", "1", "--page", "2")
    assert "page" not in jinkui("search", "石桥").splitlines()[-1]


def test_all_that_was_found_stands_in_the_workbook(jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.commands.record.searching.workbook._TOGETHER", 1)
    path = jinkui.home.parent / "found.xlsx"
    assert "2 records written" in jinkui("search", "石桥", "--limit", "1", "--xlsx", str(path))
    head, *rows = load_workbook(path).worksheets[0].values
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(one["title"], one["author"], one["document number"], one["state"]) for one in told] == [
        ("石桥的报告", "石桥公社", None, "open"),
        ("修路的通知", "县交通局", "岭交〔1986〕12号", "open"),
    ]
    monkeypatch.setattr("cli.commands.record.searching.workbook._MOST", 1)
    assert "1 of 2 records written" in jinkui("search", "石桥", "--xlsx", str(path.with_name("other.xlsx")))
    jinkui("search", "石桥", "--xlsx", str(path.with_suffix(".doc")), code=2)


def test_where_nothing_was_found_what_was_searched_and_what_would_find_is_told(jinkui: Jinkui) -> None:
    said = jinkui("search", "石桥 大坝", "--author", "公社", lang="zh")
    assert "检索了：责任者：公社" in said
    assert "可以试试 不要求“大坝”：1 件" in said
    (offer,) = jinkui.json("search", "石桥 大坝", "--author", "公社")["offers"]
    assert offer == {"told": "without “大坝”", "records": 1, "words": "石桥", "author": "公社"}
    assert codes(jinkui.json("search", offer["words"], "--author", offer["author"])) == ["2"]


def test_what_is_not_open_is_marked_and_no_public_offer_counts_it(jinkui: Jinkui) -> None:
    jinkui("opening", "withdraw", CODE, "--reason", "复查")
    assert "■ 已撤回" in jinkui("search", "石桥", lang="zh")
    assert jinkui.json("search", "水库 大坝", "--public")["offers"] == []
    assert len(jinkui.json("search", "水库 大坝")["offers"]) == 1


@pytest.mark.parametrize(
    "wrong", [("--year", "abc"), ("。",), (), ("石桥", "--page", "0"), ("-水库",), ("--text", "x")]
)
def test_what_cannot_be_looked_for_is_refused(jinkui: Jinkui, wrong: tuple[str, ...]) -> None:
    assert jinkui("search", *wrong, code=2).startswith("error: ")


def test_people_see_the_title_and_the_pages_below_it(jinkui: Jinkui) -> None:
    said = jinkui("search", "石桥", lang="zh")
    assert "共 2 件，3 处" in said
    assert said.index("石桥的报告") < said.index("修路的通知"), "all words in the title first"
    assert said.count(CODE) == 1
    assert "p. 1 (2 places)" in jinkui("search", "石桥")
    assert "水库工地" in jinkui("search", "水库", "--pages")
    one = jinkui("search", "石桥", "--limit", "1", "--public")
    assert "2 records, 3 places" in one
    assert "修路的通知" not in one
