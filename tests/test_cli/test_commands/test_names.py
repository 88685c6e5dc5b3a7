"""Names of repositories and fonds: a wrong one corrected, a later one from its day on, both told."""

import csv
from pathlib import Path

import pytest

from cli.frame.output import Output
from cli.home.home import open_home
from preservation.catalogue.holdings.unit_holdings import UnitHoldings
from tests.support.command_line import Jinkui, Prepared

OLD, NEW = "J019-WS·1980-Y-BGS-0001", "J019-WS·1990-Y-BGS-0001"
HEAD = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")


def table(path: Path, *rows: tuple[str, ...]) -> str:
    """Write a table and return its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def founded(jinkui: Jinkui) -> None:
    """Describe a fonds and two of its records, and open them."""
    place = jinkui.home.parent
    jinkui("repository", "add", "990001", "--name", "岭蓝省档案馆", "--name-en", "Linglan")
    jinkui(
        "fonds", "import", table(place / "f.csv", ("全宗号", "全宗名称", "立档单位"), ("J019", "水力局全宗", "水力局"))
    )
    rows = [(code, f"Report {code[-9:]}", code[8:12], "永久") for code in (OLD, NEW)]
    jinkui("catalogue", "import", table(place / "件.csv", ("档号", "题名", "日期", "保管期限"), *rows))
    decided = [(code, "开放", "档案法", "甲", "乙", "2021-09-01", "2021-09-01", "仅目录") for code in (OLD, NEW)]
    jinkui("opening", "apply", table(place / "open.csv", HEAD, *decided))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def public(jinkui: Jinkui) -> set[str]:
    """Return what the public is told of who holds the records."""
    return {one["repository_name"] for one in jinkui.json("search", "Report", "--public")["hits"]}


def test_a_wrong_name_of_a_repository_is_corrected_for_all_its_records(jinkui: Jinkui) -> None:
    assert public(jinkui) == {"岭蓝省档案馆"}
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆", code=6)
    jinkui("repository", "correct", "990001", "--name", "岭澜省档案馆", "--reason", " ", code=2)
    jinkui("repository", "correct", "990009", "--name", "岭澜省档案馆", "--reason", "r", code=4)
    jinkui("repository", "correct", "990001", "--name", "岭澜省档案馆", "--reason", "蓝字误", "--by", "王档")
    jinkui("repository", "correct", "990001", "--name", "岭澜省档案馆", "--reason", "r", code=2)
    assert public(jinkui) == {"岭澜省档案馆"}
    jinkui("rebuild")
    assert public(jinkui) == {"岭澜省档案馆"}
    (one,) = jinkui.json("repository", "list")["repositories"]
    assert (one["name"], one["name_en"]) == ("岭澜省档案馆", "Linglan")
    told = jinkui.json("repository", "list", "--history")["names"]
    assert [(one["name"], one["corrected"], one["since"], one["until"]) for one in told] == [
        ("岭蓝省档案馆", True, None, None),
        ("岭澜省档案馆", False, None, None),
    ]
    assert (told[1]["person"], told[1]["reason"]) == ("王档", "蓝字误")
    assert "误登" in jinkui("repository", "list", "--history", lang="zh")
    assert "蓝字误" in jinkui("explain", OLD), "the story of a record tells it"


def test_a_repository_that_is_renamed_was_called_otherwise_before(jinkui: Jinkui) -> None:
    rename = ("repository", "rename", "990001", "--reason", "机构改革")
    jinkui(*rename, "--name", "岭澜省国家档案馆", "--since", "2999-01-01", code=2)
    jinkui(*rename, "--name", "岭澜省国家档案馆", "--since", "2019-01-01")
    jinkui(*rename, "--name", "岭澜档案馆", "--since", "2018-12-31", code=2)
    told = jinkui.json("repository", "list", "--history")["names"]
    assert [(one["name"], one["since"], one["until"], one["corrected"]) for one in told] == [
        ("岭蓝省档案馆", None, "2018-12-31", False),
        ("岭澜省国家档案馆", "2019-01-01", None, False),
    ]
    assert public(jinkui) == {"岭澜省国家档案馆"}
    assert "机构改革" in jinkui("explain", NEW, lang="zh")


def test_a_mistyped_day_of_a_new_name_is_corrected_and_the_mistake_stays_told(jinkui: Jinkui) -> None:
    jinkui("repository", "rename", "990001", "--name", "新馆", "--since", "2007-03-01", "--reason", "decreed")
    told = jinkui("repository", "correct", "990001", "--since", "2017-03-01", "--reason", "a slip of the key")
    assert "990001 is called 新馆 (Linglan) from 2017-03-01 on" in told
    first, wrong, now = jinkui.json("repository", "list", "--history")["names"][-3:]
    assert (first["until"], first["corrected"]) == ("2017-02-28", False)
    assert (wrong["name"], wrong["since"], wrong["corrected"]) == ("新馆", "2007-03-01", True)
    assert (now["since"], now["until"], now["reason"]) == ("2017-03-01", None, "a slip of the key")
    same = jinkui("repository", "correct", "990001", "--since", "2017-03-01", "--reason", "again", code=2)
    assert "nothing to change" in same
    jinkui("repository", "rename", "990001", "--name", "更新馆", "--since", "2019-01-01", "--reason", "decreed")
    early = jinkui("repository", "correct", "990001", "--since", "2017-03-01", "--reason", "r", code=2)
    assert "holds from 2017-03-01" in early
    jinkui("repository", "correct", "990001", "--since", "2099-01-01", "--reason", "r", code=2)
    jinkui("repository", "correct", "990001", "--name", "再新馆", "--since", "2020-01-01", "--reason", "both")
    *_, before, wrong, now = jinkui.json("repository", "list", "--history")["names"]
    assert (before["name"], before["since"], before["until"]) == ("新馆", "2017-03-01", "2019-12-31")
    assert (wrong["name"], wrong["corrected"], now["name"], now["since"]) == ("更新馆", True, "再新馆", "2020-01-01")
    jinkui("journal", "verify")


def test_a_wrong_name_of_a_fonds_never_held_and_a_later_one_changes_no_older_record(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    jinkui("fonds", "correct", "J019", "--name", "水利局全宗", "--creator", "水利局", "--reason", "力字误")
    assert [one["name"] for one in jinkui.json("fonds", "list")["fonds"]] == ["水利局全宗"]
    jinkui("fonds", "correct", "J020", "--name", "水利局全宗", "--reason", "r", code=4)
    jinkui("fonds", "correct", "J019", "--name", "水利局全宗", "--reason", "r", code=2)
    rename = ("fonds", "rename", "J019", "--name", "水务局全宗", "--creator", "水务局", "--reason", "改名")
    jinkui(*rename, "--since", "2999-01-01", code=2)
    jinkui(*rename, "--since", "1984-03-01")

    def names() -> dict[str, str]:
        (fonds,) = jinkui.json("fonds", "list")["fonds"]
        return {"name": fonds["name"], "creator": fonds["creator"], "names": fonds["names"]}

    assert names() == {
        "name": "水务局全宗",
        "creator": "水务局",
        "names": "— 水利局全宗｜水利局；1984-03-01— 水务局全宗｜水务局",
    }
    assert "jinkui fonds correct J019 --since" in jinkui(*rename, "--since", "1984-04-01", code=2), "it is called so"
    correct = ("fonds", "correct", "J019", "--reason", "日期误", "--since")
    jinkui(*correct, "1984-04-01")
    assert names()["names"] == "— 水利局全宗｜水利局；1984-04-01— 水务局全宗｜水务局"
    for wrong in ("2999-01-01", "1984-04-01"):
        jinkui(*correct, wrong, code=2)
    jinkui("fonds", "correct", "J019", "--was", "水利局全宗", "--reason", "r", "--since", "1985-01-01", code=2)
    heads = ("全宗号", "全宗名称", "立档单位", "启用时间")
    jinkui("fonds", "import", table(tmp_path / "r.csv", heads, ("J019", "水务局全宗", "水务局", "1984-03-01")))
    assert names()["names"] == "— 水利局全宗｜水利局；1984-03-01— 水务局全宗｜水务局", "replaced, not added"
    jinkui("fonds", "correct", "J019", "--was", "水利局全宗", "--creator", "县水利局", "--reason", "全称")
    assert "县水利局" in names()["names"]
    jinkui("fonds", "correct", "J019", "--was", "无此名", "--creator", "x", "--reason", "r", code=4)
    told = jinkui.json("fonds", "list", "--history")["said"]
    assert [(one["name"], one["reason"]) for one in told] == [
        ("水力局全宗", ""),
        ("水利局全宗", "力字误"),
        ("水务局全宗", "改名"),
        ("水务局全宗", "日期误"),
        ("水务局全宗", ""),
        ("水务局全宗", "全称"),
    ]
    assert "力字误" in jinkui("explain", "J019", lang="zh")
    assert "described the fonds" in jinkui("explain", "J019")
    before = names()
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        every = UnitHoldings(home.catalogue).changed_after(0)
        creators = {one.description.code.written: one.fonds.creator for one in every if one.fonds}
    assert {code: creators[code] for code in (OLD, NEW)} == {OLD: "县水利局", NEW: "水务局"}
    jinkui("rebuild")
    assert names() == before
