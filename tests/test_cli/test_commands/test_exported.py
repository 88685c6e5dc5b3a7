"""What leaves the catalogue as a sheet or as EAD3 comes back in as it was, and corrects what it says, and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from archives.record.description import Description
from archives.record.elements.table import describe
from archives.record.identifiers import reference_code
from archives.units.state import State
from archives.units.unit import Level, Unit
from cli.frame.output import Output
from cli.home.home import open_home
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.catalogue.levels.wanted import Wanted
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_catalogue import founded, rows, table

ODD = (
    ("备考", "名称与著录项相同"), ("题名", "不是题名"), ("件数", "12"), ("文件", "a.tif"), ("盒内 *", "带星号"), ("Level", "x"),
    ("日期（照录）", "某年某月"), ("人名：乙", "不是人名"), ("说明", "两行\n文字"), ("同前", "同上"), ("公式", "=1+1"),
)  # fmt: skip
PERSONS = (("男方", "张建国"), ("女方", "李秀英"), ("男方", "欧阳、修"), ("人名", "王五"))


def unit(number: int, level: Level, code: str, *, parent: int = 0, state: State = State.HELD, **said: object) -> Unit:
    """Return a unit with a number for its identifier."""
    nothing = {"language": "", "title": f"第{number}号"}
    description = describe(nothing | {"code": reference_code(code)} | said)
    return Unit(_id(number), "990121", level, description, _id(parent) if parent else "", state)


def _id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def with_units_of_every_kind(jinkui: Jinkui) -> None:
    """Describe units of every level and state, doubled codes and none, persons, and names that are headings elsewhere."""
    founded(jinkui)
    home = open_home(jinkui.home, Output("en", as_json=True))
    home.begin_writing()
    levels = [unit(n, level, f"J019-{n}", parent=n - 1) for n, level in enumerate(Level, 1)]
    states = [
        unit(20 + n, Level.ITEM, f"J019-9-{n}", state=one)
        for n, one in enumerate(State)
        if one not in (State.TAKEN_BACK, State.PURGED)
    ]
    others = [
        unit(40, Level.SERIES, "", parent=1), unit(41, Level.FILE, "J019-7", parent=40), unit(42, Level.FILE, "J019-7", parent=1),
        unit(43, Level.ITEM, "J019-7-1", parent=42), unit(44, Level.ITEM, "J019-7-1", parent=41, title="同上"),
        unit(45, Level.ITEM, "J019-WS·2012·Y-0001", other=ODD, persons=PERSONS, note="合计"),
        unit(46, Level.ITEM, "", title="合计"),
    ]  # fmt: skip
    place = next(one for one in home.catalogue.repositories() if one.code.value == "990121")
    for _ in describe_units(
        home.archive, place, [Change(one) for one in (*levels, *states, *others)], Said("0" * 16, "甲")
    ):
        pass


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_units_of_every_kind, tmp_path, capsys)


def units(jinkui: Jinkui) -> dict[str, tuple[str, str, str, Description]]:
    """Return what the catalogue says of every unit, by its identifier."""
    home = open_home(jinkui.home, Output("en", as_json=True))
    found = home.catalogue.units.get([_id(n) for n in range(1, 60)])
    return {key: (one.unit.level, one.unit.state, one.unit.parent, one.unit.description) for key, one in found.items()}


@pytest.mark.parametrize(("ending", "language"), [("xlsx", "zh"), ("csv", "en"), ("ead.xml", "zh")])
def test_everything_that_is_exported_comes_back_in_as_it_was(
    jinkui: Jinkui, tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str, language: str
) -> None:
    first, again = tmp_path / f"案卷目录.{ending}", tmp_path / f"again.{ending}"
    jinkui("describe", table(tmp_path / "c.csv", ("档号", "题名"), ("J019-3", "更正")), "--reason", "as on the cover")
    jinkui("catalogue", "export", str(first), lang=language)
    other = Jinkui(tmp_path / "other", capsys)
    other("init")
    other("repository", "add", "990121", "--name", "青峤县档案馆")
    told = other.json("catalogue", "import", str(first), code=12)
    assert [(one["read"], one["left_out"]) for one in told["tables"]] == [(len(units(jinkui)) + 1, 0)], "and the fonds"
    before = {key: (*one[:3], sorted_pairs(one[3])) for key, one in units(jinkui).items()}
    assert {key: (*one[:3], sorted_pairs(one[3])) for key, one in units(other).items()} == before
    other("catalogue", "export", str(again), lang=language)
    if ending != "ead.xml":
        assert rows(again) == rows(first)


def sorted_pairs(description: Description) -> tuple[Description, list[tuple[str, str]], list[tuple[str, str]]]:
    """Return a description of which the order of persons and of what stands beside the elements does not count."""
    plain = replace(description, persons=(), other=())
    return plain, sorted(description.persons), sorted(description.other)


def exported(jinkui: Jinkui, tmp_path: Path, **cells: str) -> tuple[str, list[str]]:
    """Export the catalogue, change cells of the unit 45, and return the sheet with its headings."""
    jinkui("catalogue", "export", str(tmp_path / "out.csv"), lang="zh")
    head, *said = [[str(cell) for cell in row] for row in rows(tmp_path / "out.csv")]
    for row in said:
        if row[0] == _id(45):
            for heading, text in cells.items():
                row[head.index(heading)] = text
    return table(tmp_path / "back.csv", tuple(head), *map(tuple, said)), head


def test_an_exported_sheet_that_comes_back_as_it_is_changes_nothing_and_finds_nothing(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    sheet, head = exported(jinkui, tmp_path)
    assert {"人名：男方", "其他著录项：题名", "修订号"} <= {*head}
    told = jinkui.json("describe", sheet, "--reason", "none")
    assert (told["corrected"], told["unchanged"], told["findings"]) == (0, len(units(jinkui)) + 1, [])


def test_persons_and_what_stands_beside_the_elements_are_corrected_under_their_names(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    cells = {
        "人名：男方": "张建国\n欧阳修",
        "人名：女方": "（清空）",
        "其他著录项：题名": "还不是题名",
        "其他著录项：件数": "",
    }
    sheet, _ = exported(jinkui, tmp_path, **cells)
    assert jinkui.json("describe", sheet, "--reason", "as on the paper")["corrected"] == 1
    said = units(jinkui)[_id(45)][3]
    assert said.persons == (("男方", "张建国"), ("男方", "欧阳修"), ("人名", "王五"))
    assert dict(said.other) == {**dict(ODD), "题名": "还不是题名"}
    assert said.title == "第45号"


def test_what_somebody_else_corrected_since_the_export_is_told_and_stays(jinkui: Jinkui, tmp_path: Path) -> None:
    cells = {"题名": "我的题名", "备注": "我的备注", "人名：男方": "赵六"}
    sheet, _ = exported(jinkui, tmp_path, **cells)
    theirs = (
        ("单元标识", "档号", "题名", "盒号", "人名：女方"),
        (_id(45), "J019-WS·2012·Y-0001", "他的题名", "7", "钱七"),
    )
    jinkui("describe", table(tmp_path / "theirs.csv", *theirs), "--reason", "as he saw", "--by", "乙")
    told = jinkui.json("describe", sheet, "--reason", "as I saw", code=12)
    said = units(jinkui)[_id(45)][3]
    assert (said.title, said.note, said.box) == ("他的题名", "我的备注", "7")
    assert dict(said.persons) == {"男方": "赵六", "女方": "钱七", "人名": "王五"}
    assert [one["code"] for one in told["findings"]] == ["described-since", "changed-meanwhile"]
    assert "乙" in told["findings"][0]["message"]
    assert "我的题名" in told["findings"][1]["message"]
    again = jinkui.json("describe", sheet, "--reason", "as I saw", code=12)
    assert again["corrected"] == 0


EAD_2002 = """<ead xmlns="urn:isbn:1-931666-22-9"><eadheader><eadid>x</eadid></eadheader><archdesc level="collection">
<did><unitid>MS 12</unitid><unittitle>Papers of the Harbour Office</unittitle><unitdate normal="1926/1931">1926-1931</unitdate></did>
<scopecontent><head>Scope</head><p>Letters
 and ledgers.</p></scopecontent><dsc>
<c01 level="series"><did><unittitle>Letters</unittitle></did>
<c02 level="item"><did><unitid>MS 12/1</unitid><unittitle>To the mayor</unittitle><unitdate>12 March 1927</unitdate></did>
<dao href="x.jpg"/></c02></c01></dsc></archdesc></ead>"""


def test_a_finding_aid_of_others_comes_in_as_far_as_it_says_the_same(jinkui: Jinkui, tmp_path: Path) -> None:
    file = tmp_path / "aid.xml"
    file.write_text(EAD_2002, "utf-8")
    told = jinkui.json("catalogue", "import", str(file), code=12)
    (found,) = [one for one in told["findings"] if one["code"] == "ead-beside"]
    assert "scopecontent (1)" in found["message"]
    listed = {one["title"]: one for one in jinkui.json("catalogue", "list", "--batch", told["import"])["units"]}
    assert [(one["level"], one["code"]) for one in listed.values()] == [
        ("类别", ""),
        ("全宗", "MS 12"),
        ("件", "MS 12/1"),
    ]
    letter = units_above(jinkui, listed["To the mayor"]["unit_id"])
    assert letter == ["Papers of the Harbour Office", "Letters"]
    assert ["scopecontent", "Scope\nLetters and ledgers."] in jinkui.json("show", "MS 12")["description"]["other"]
    (tmp_path / "no.xml").write_text("<html/>", "utf-8")
    jinkui("catalogue", "import", str(tmp_path / "no.xml"), code=8)


def units_above(jinkui: Jinkui, unit_id: str) -> list[str]:
    """Return the titles of the units above one, the highest first."""
    found = open_home(jinkui.home, Output("en", as_json=True)).catalogue.units
    titles: list[str] = []
    while parent := found.get([unit_id])[unit_id].unit.parent:
        unit_id = parent
        titles.insert(0, found.get([unit_id])[unit_id].unit.description.title)
    return titles


def test_a_state_that_somebody_else_changed_since_the_export_stays(jinkui: Jinkui, tmp_path: Path) -> None:
    sheet, _ = exported(jinkui, tmp_path)
    found = next(one for one in units(jinkui).values() if one[1] == State.NOT_DIGITISED)[3]
    jinkui(
        "describe", table(tmp_path / "s.csv", ("档号", "状态"), (found.code.written, "缺失")), "--reason", "not there"
    )
    assert jinkui.json("describe", sheet, "--reason", "none")["corrected"] == 0
    assert State.NOT_DIGITISED not in [one[1] for one in units(jinkui).values()]


def test_a_unit_without_a_title_is_corrected_like_any_other(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("catalogue", "import", table(tmp_path / "a.csv", ("档号", "题名"), ("J019-5-1", "")), code=12)
    sheet = table(tmp_path / "b.csv", ("档号", "题名", "备注"), ("J019-5-1", "", "无题名"))
    assert jinkui.json("describe", sheet, "--reason", "as it is", code=12)["corrected"] == 1
    assert jinkui.json("show", "J019-5-1")["description"]["note"] == "无题名"


def test_what_nobody_could_read_goes_when_its_date_is_corrected_in_an_exported_sheet(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    code = "J019-2099-C-0001"
    jinkui(
        "catalogue", "import", table(tmp_path / "t.csv", ("档号", "题名", "日期"), (code, "题", "2003-02-30")), code=12
    )
    sheet = tmp_path / "out.csv"
    jinkui("catalogue", "export", str(sheet), "--code", code)
    heads, row = (line.split(",") for line in sheet.read_text("utf-8-sig").splitlines()[:2])
    assert "2003-02-30" in row
    heads, row = [*heads, "日期"], [*row, "2003-02-28"]
    sheet.write_text("\n".join([",".join(heads), ",".join(row)]), "utf-8-sig")
    jinkui("describe", str(sheet), "--reason", "as on the paper")
    said = jinkui.json("show", code)["description"]
    assert (said["date"], said["other"]) == ("2003-02-28", [])


@pytest.mark.parametrize("ending", ["xlsx", "ead.xml"])
def test_an_exported_sheet_comes_into_another_repository_as_units_of_its_own(
    jinkui: Jinkui, tmp_path: Path, ending: str
) -> None:
    jinkui("repository", "add", "990122", "--name", "乙县馆")
    sheet = str(tmp_path / f"out.{ending}")
    jinkui("catalogue", "export", sheet, "--repository", "990121")
    before = units(jinkui)
    told = jinkui.json("catalogue", "import", sheet, "--repository", "990122", code=12)
    (sums,) = told["tables"]
    assert (sums["new"], sums["known"], sums["left_out"]) == (sums["read"], 0, 0)
    assert [one["code"] for one in told["findings"]] == ["identifier-of-another-repository"]
    assert f"({sums['read']} places" in told["findings"][0]["message"]
    assert units(jinkui) == before, "nothing of the first repository is touched"
    home = open_home(jinkui.home, Output("en", as_json=True))
    both = [[*home.catalogue.units.all(Wanted(place, unwritten=(Level.FONDS,)))] for place in ("990121", "990122")]
    first, second = (
        [(one.unit.level, one.unit.state, sorted_pairs(one.unit.description)) for one in some] for some in both
    )
    assert [one for one in second if one not in first] == []
    assert len(second) == len(first) == sums["read"]
    own = {one.unit.unit_id for one in both[1]}
    assert own.isdisjoint(one.unit.unit_id for one in both[0])
    parents = [one.unit.parent for one in both[1] if one.unit.parent]
    assert len(parents) == sum(bool(one.unit.parent) for one in both[0]) > 5
    assert {*parents} <= own
    again = jinkui.json("catalogue", "import", sheet, "--repository", "990122", code=12)
    assert again["tables"][0]["known"] == sums["read"]
    if ending == "xlsx":
        assert jinkui.json("catalogue", "reconcile", told["import"])["adds_up"]
    jinkui(
        "describe",
        table(tmp_path / "d.csv", ("档号", "题名"), ("J019", "全宗")),
        "--repository",
        "990121",
        "--reason",
        "r",
    )
    assert jinkui.json("show", "J019", "--repository", "990122")["description"]["title"] == "水利局"


def test_a_row_whose_parent_is_in_another_repository_stands_by_its_code(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("repository", "add", "990122", "--name", "乙县馆")
    rows = ((_id(45), _id(1), "J019-7-1", "件"),)
    sheet = table(tmp_path / "a.csv", ("单元标识", "上级标识", "档号", "题名"), *rows)
    told = jinkui.json("catalogue", "import", sheet, "--repository", "990122", code=12)
    (one,) = jinkui.json("catalogue", "list", "--batch", told["import"], "--repository", "990122")["units"]
    found = open_home(jinkui.home, Output("en", as_json=True)).catalogue.units.get([one["unit_id"]])
    assert [(unit.unit.repository, unit.unit.parent) for unit in found.values()] == [("990122", "")]


def test_a_marking_outside_the_units_of_a_finding_aid_stops_its_import_until_somebody_judges_it(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    file = tmp_path / "aid.xml"
    file.write_text(
        EAD_2002.replace("<eadid>x</eadid>", "<eadid>x</eadid>\n<titleproper>机密★10年</titleproper>"), "utf-8"
    )
    stopped = jinkui("catalogue", "import", str(file), code=5)
    assert "aid.xml titleproper 2" in stopped
    assert not list((jinkui.home / "stores").rglob("aid.xml"))
    answer = ("--not-secret", "aid.xml titleproper 2=title of a film")
    told = jinkui.json("catalogue", "import", str(file), *answer, code=12)
    assert [one["code"] for one in told["findings"] if one["code"] == "judged-not-secret"] == ["judged-not-secret"]
