"""What jinkui search tells: a record once, with the places below it in which the words stand."""

import csv
from pathlib import Path

import pytest

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
    rows = [(CODE, "修路的通知", "1986", "1a.txt;1b.txt;1c.txt"), (CODE[:-1] + "2", "石桥的报告", "1987", "2.txt")]
    with (folder / "目录.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("档号", "题名", "日期", "文件"), *rows])
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


def test_people_see_the_title_and_the_pages_below_it(jinkui: Jinkui) -> None:
    said = jinkui("search", "石桥", lang="zh")
    assert "共 2 件，3 处" in said
    assert said.index("石桥的报告") < said.index("修路的通知"), "all words in the title first"
    assert said.count(CODE) == 1
    one = jinkui("search", "石桥", "--limit", "1", "--public")
    assert "2 records, 3 places" in one
    assert "修路的通知" not in one
