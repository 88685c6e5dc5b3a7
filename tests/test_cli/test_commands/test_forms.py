"""Printed forms and EAD have what nobody could read as it is written, and say what they leave out."""

from pathlib import Path

import pytest
from lxml import etree

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_catalogue import founded, rows, table

VOLUMES = [
    ("J019-1-9", "卷九", "57.3至57.12", "永久"),
    ("J019-1-10", "卷十", "1964", "永久"),
    ("J019-1-10-1", "卷十之一", "1965", "永久"),
]
ITEMS = [
    ("J019-1-9-1", "卷内", "19570301"),
    ("J019-1-20-1", "无卷", "19790101"),
    ("J019-WS·2003-Y-BGS-0001", "按件", "2003-02-30"),
    ("J019-SW-0001", "铜印", "1955"),
]


def catalogued(jinkui: Jinkui) -> None:
    """Describe volumes, one of them inserted, and items filed in every way."""
    founded(jinkui)
    folder = jinkui.home.parent
    names = [("J019", "水利局全宗", "水利局", "1950.3", "1968.9"), ("J019", "水务局全宗", "水务局", "1968.10", "2018")]
    jinkui(
        "fonds",
        "import",
        table(folder / "全宗.csv", ("全宗号", "全宗名称", "立档单位", "启用时间", "停用时间"), *names),
    )
    jinkui(
        "catalogue",
        "import",
        table(folder / "卷.csv", ("档号", "案卷题名", "起止日期", "保管期限"), *VOLUMES),
        table(folder / "件.csv", ("档号", "题名", "日期"), *ITEMS),
        code=12,
    )


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(catalogued, tmp_path, capsys)


def printed(jinkui: Jinkui, form: str) -> tuple[dict[str, int], list[tuple[object, ...]]]:
    """Return what a form leaves out, and its rows."""
    file = jinkui.home.parent / f"{form}.xlsx"
    told = jinkui.json("print", form, str(file), "--fonds", "J019")
    return told["elsewhere"], [tuple(row) for row in rows(file)]


def test_a_date_that_nobody_could_read_is_printed_as_it_is_written(jinkui: Jinkui) -> None:
    listed = {row[2]: row for row in printed(jinkui, "volume-list")[1] if len(row) > 3}
    assert listed["卷九"][3] == "57.3至57.12"
    assert any("2003-02-30" in row for row in printed(jinkui, "archived-items")[1])
    jinkui("catalogue", "export", str(jinkui.home.parent / "out.xml"))
    told = jinkui("catalogue", "export", str(jinkui.home.parent / "out.xml"), lang="zh")
    assert "其中 3 条未著录" in told, "the series of the codes"
    dates = list(etree.parse(jinkui.home.parent / "out.xml").iter("{*}unitdate"))
    assert [(one.get("normal"), one.text) for one in dates if one.text in ("57.3至57.12", "2003-02-30")] == [
        (None, "57.3至57.12"),
        (None, "2003-02-30"),
    ]


def test_an_inserted_volume_has_its_own_number(jinkui: Jinkui) -> None:
    listed = {row[2]: row for row in printed(jinkui, "volume-list")[1] if len(row) > 3}
    assert [(listed[one][0], listed[one][1]) for one in ("卷九", "卷十", "卷十之一")] == [
        ("1", "9"),
        ("2", "10"),
        ("3", "10-1"),
    ]


def test_a_list_has_what_is_filed_its_way_and_says_what_no_list_has(jinkui: Jinkui) -> None:
    elsewhere, listed = printed(jinkui, "archived-items")
    assert elsewhere == {"object": 1, "volume-undescribed": 1}
    cells = {cell for row in listed for cell in row}
    assert "按件" in cells and not {"卷内", "无卷", "铜印"} & cells
    elsewhere, listed = printed(jinkui, "volume-contents")
    assert elsewhere == {"object": 1, "volume-undescribed": 1}
    assert "所在案卷没有著录" in jinkui("print", "box-note", str(jinkui.home.parent / "x.xlsx"), lang="zh")


def test_the_list_of_fonds_counts_items_beside_those_in_volumes_and_has_the_names_dates(jinkui: Jinkui) -> None:
    (row,) = (row for row in printed(jinkui, "fonds-list")[1] if "J019" in row)
    assert "3 卷 3 件" in row
    assert "1950.3—2018" in row


def test_a_cover_has_the_name_that_its_fonds_had_then_and_a_list_of_several_times_that_of_now(jinkui: Jinkui) -> None:
    folder = jinkui.home.parent
    later = table(folder / "卷四.csv", ("档号", "案卷题名", "起止日期"), ("J019-1-11", "卷十一", "1975"))
    jinkui("catalogue", "import", later)

    def names_on(form: str, code: str) -> set[str]:
        file = folder / f"{form}{code}.xlsx"
        jinkui("print", form, str(file), *(("--below", code) if code else ("--fonds", "J019")))
        text = " ".join(str(cell) for row in rows(file) for cell in row)
        return {name for name in ("水利局全宗", "水务局全宗") if name in text}

    assert names_on("volume-cover", "J019-1-10") == {"水利局全宗"}, "of 1964, though it is called otherwise today"
    assert names_on("volume-cover", "J019-1-11") == {"水务局全宗"}
    assert names_on("volume-cover", "J019-1-9") == set(), "nobody could read its date: no name is guessed"
    assert names_on("volume-list", "") == {"水务局全宗"}


def test_a_volume_says_itself_how_many_items_it_has(jinkui: Jinkui) -> None:
    folder = jinkui.home.parent
    volumes = table(
        folder / "卷三.csv", ("档号", "案卷题名", "件数"), ("J019-3-1", "自有件数", "12"), ("J019-3-2", "无件数", "")
    )
    items = table(
        folder / "件三.csv", ("档号", "题名"), ("J019-3-1-1", "甲"), ("J019-3-2-1", "乙"), ("J019-3-2-2", "丙")
    )
    jinkui("catalogue", "import", volumes, items, code=12)
    listed = {row[2]: row for row in printed(jinkui, "volume-list")[1] if len(row) > 3}
    assert "12" in map(str, listed["自有件数"]), "though one row of its items is there"
    assert "2" in map(str, listed["无件数"])
