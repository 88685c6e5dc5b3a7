"""Fonds, series, file, item: what codes tell of the levels above is shown, and never written as if somebody had said it."""

from pathlib import Path

import pytest
from lxml import etree

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_catalogue import codes, founded, scanned, table

VOLUMES = (
    ("J019-1-0001", "案卷", "会议记录"),
    ("J019-1-0001-1", "件", "第一次会议"),
    ("J019-2-0001", "案卷", "请示批复"),
    ("J019-WS·2014·Y·BGS-0001", "件", "通知"),
    ("J019-7", "件", "没有目录号的"),
)
SERIES = ("J019-1", "J019-2", "J019-WS·2014")


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    jinkui = prepared.copy(founded, tmp_path, capsys)
    jinkui("catalogue", "import", table(tmp_path / "c.csv", ("档号", "层级", "题名"), *VOLUMES))
    return jinkui


def test_a_series_that_nobody_described_is_shown_as_such_and_described_like_any_unit(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    listed = jinkui.json("catalogue", "list", "--level", "类别")
    assert [(one["code"], one["title"], one["is_implied"]) for one in listed["units"]] == [
        (s, "", True) for s in SERIES
    ]
    assert listed["count"] == 3
    assert codes(jinkui, "--level", "类别", "--after", "J019-1") == [*SERIES[1:]]
    assert codes(jinkui, "--below", "J019") == [*SERIES[:2], "J019-7", SERIES[2]]
    assert codes(jinkui, "--below", "J019-1") == ["J019-1-0001"]
    assert codes(jinkui, "--under", "J019-1") == ["J019-1-0001", "J019-1-0001-1"]
    assert len(codes(jinkui, "--under", "J019")) == len(VOLUMES) + len(SERIES)
    assert jinkui.json("show", "J019-1-0001-1")["above"] == ["J019", "J019-1", "J019-1-0001"]
    shown = jinkui.json("show", "J019-1")
    assert (shown["is_implied"], shown["history"], shown["above"]) == (True, [], ["J019"])
    assert "未著录，由下级档号推知" in jinkui("show", "J019-1", lang="zh")
    sheet = table(tmp_path / "s.csv", ("档号", "题名", "保管期限"), ("J019-1", "办公室", "长期"))
    assert jinkui.json("describe", sheet, "--reason", "整理说明")["corrected"] == 1
    assert "长期（承自 J019-1 办公室）" in jinkui("show", "J019-1-0001-1", lang="zh").replace("\n", "")
    assert [one["is_implied"] for one in jinkui.json("catalogue", "list", "--level", "类别")["units"]] == [
        False,
        True,
        True,
    ]
    jinkui("rebuild")
    assert codes(jinkui, "--below", "J019-1") == ["J019-1-0001"]
    odd = tmp_path / "odd.csv"
    told = ("档号", "层级", "题名", "单元标识", "上级档号")
    jinkui(
        "catalogue",
        "import",
        table(odd, told, ("X7-1", "案卷", "别号", "#1", "J019-1"), ("X7-1-1", "件", "一", "#2", "X7-1")),
        code=12,
    )
    assert codes(jinkui, "--under", "J019-1") == ["J019-1-0001", "J019-1-0001-1", "X7-1", "X7-1-1"]
    for series, rows in (("J019-1", 2), ("J019-2", 1)):
        printed = ("print", "volumes-and-contents", str(tmp_path / f"{series}.xlsx"), "--below", series)
        assert jinkui.json(*printed)["rows"] == rows


def test_a_series_that_a_sheet_describes_later_takes_the_place_of_the_implied_one(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    rows = (("J019-2", "类别", "业务"), ("J019-WS", "类别", "文书"))
    jinkui("catalogue", "import", table(tmp_path / "s.csv", ("档号", "层级", "题名"), *rows))
    assert codes(jinkui, "--level", "类别") == ["J019-1", "J019-2", "J019-WS", "J019-WS·2014"]
    assert codes(jinkui, "--below", "J019-2") == ["J019-2-0001"]
    above = jinkui.json("show", "J019-WS·2014·Y·BGS-0001")["above"]
    assert above == ["J019", "J019-WS", "J019-WS·2014"]
    assert codes(jinkui, "--below", "J019-WS") == ["J019-WS·2014"]


def test_the_tree_goes_out_with_its_series_and_comes_back_without_a_word_about_them(
    jinkui: Jinkui, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jinkui("catalogue", "export", str(tmp_path / "first.xml"))
    jinkui("catalogue", "export", str(tmp_path / "first.csv"))
    ead = etree.parse(str(tmp_path / "first.xml"))
    series = [c for c in ead.iterfind(".//{*}c") if c.get("level") == "series"]
    assert [(c.get("altrender"), c.findtext("{*}did/{*}unitid"), len(c.findall("{*}c"))) for c in series] == [
        ("implied", code, 1) for code in SERIES
    ]
    other = Jinkui(tmp_path / "other", capsys)
    other("init")
    other("repository", "add", "990121", "--name", "青峤县档案馆")
    told = other.json("catalogue", "import", str(tmp_path / "first.xml"))
    assert told["tables"][0]["new"] == len(VOLUMES) + 1, "and the fonds, of which only the journal told"
    other("catalogue", "export", str(tmp_path / "again.csv"))
    assert (tmp_path / "again.csv").read_text("utf-8-sig") == (tmp_path / "first.csv").read_text("utf-8-sig")


def test_a_profile_makes_series_of_codes_of_any_form(
    prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jinkui = Jinkui(tmp_path / "home", capsys)
    jinkui("init")
    jinkui("repository", "add", "US1", "--name", "大学", "--name-en", "University", "--codes", "free")
    profile = tmp_path / "p.toml"
    profile.write_text(
        'name = "hc"\ntitle = "HC"\n[elements]\ntitle = "T"\n[parts]\nA = "A"\nB = "B"\nC = "C"\n'
        '[code]\n"案卷" = "{A}/{B}/{C}"\n"类别" = "{A}/{B}"\n[level]\nconstant = "案卷"\n',
        "utf-8",
    )
    sheet = table(tmp_path / "c.csv", ("A", "B", "C", "T"), ("HC", "1", "3", "Letters"), ("HC", "2", "1", "Maps"))
    jinkui("catalogue", "import", sheet, "--profile", str(profile))
    plain = table(tmp_path / "d.csv", ("Reference", "Title"), ("MS-1-3", "A hyphen here means nothing"))
    jinkui("catalogue", "import", plain)
    assert codes(jinkui, "--level", "series") == ["HC/1", "HC/2"]
    assert codes(jinkui, "--under", "HC/1") == ["HC/1/3"]


def test_a_package_says_the_level_that_the_catalogue_says_of_its_unit(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = (("J019-ZP-1990-1", "组", "大坝合龙"), ("J019-3-1-1", "件", "请示"))
    jinkui("catalogue", "import", table(tmp_path / "g.csv", ("档号", "层级", "题名"), *rows))
    batch = Path(scanned(tmp_path, ("档号",), *((code,) for code, _, _ in rows)))
    (batch / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    jinkui("ingest", str(batch))
    said = {p.read_text("utf-8") for p in (jinkui.home / "stores" / "first").rglob("record.xml")}
    assert ["<聚合层次>组</" in one for one in said if "大坝合龙" in one] == [True]
    assert ["<聚合层次>文件</" in one for one in said if "请示" in one] == [True]
    assert jinkui.json("show", rows[0][0])["above"] == ["J019", "J019-ZP-1990"]


def test_a_list_is_narrowed_by_every_word_that_it_shows_of_a_state(jinkui: Jinkui, tmp_path: Path) -> None:
    things = table(tmp_path / "实物.csv", ("档号", "名称", "尺寸"), ("J019-SW-0001", "铜印", "5cm"))
    jinkui("catalogue", "import", things)
    for word in ("实物", "object"):
        assert [one["code"] for one in jinkui.json("catalogue", "list", "--state", word)["units"]] == ["J019-SW-0001"]
    jinkui("catalogue", "import", table(tmp_path / "件.csv", ("档号", "题名"), ("J019-2012-C-0001", "只有目录")))
    for word in ("仅有目录", "description only"):
        listed = jinkui.json("catalogue", "list", "--state", word, "--level", "件")["units"]
        assert "J019-2012-C-0001" in [one["code"] for one in listed]
        assert "J019-SW-0001" not in [one["code"] for one in listed]
    assert "仅有目录" in jinkui("catalogue", "list", "--state", "不知道", lang="zh", code=2)
