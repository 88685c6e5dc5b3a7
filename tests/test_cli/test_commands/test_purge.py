"""Purges: what is said of a unit and what it held is afterwards in no byte of any store, nor of the home."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from archives.journal.facts import Fact
from cli import wiring
from cli.main import run
from preservation.actions.purging import prepare
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.actions.units.merging import plan_merges
from preservation.archive import Archive
from preservation.journal.ledger import Ledger
from preservation.locks import Locks
from search.published.views import PublishedViews
from tests.support.command_line import Jinkui, Prepared
from tests.support.county_home import indexes_with, places_of
from tests.support.places import ROOT
from tests.test_cli.test_commands.test_catalogue import restored, scanned, table
from tests.test_cli.test_commands.test_ingest import write

CANARY = "金丝雀"
NAME = f'{CANARY}\u3000“王"五”'
"""A name as tables have them: with a wide blank, and with quotes."""
HEADINGS = ("全宗号", "目录号", "案卷号", "顺序号", "题名", "日期", "人名")
GOING, STAYING, BARE = "J019-2-0015-1", "J019-2-0015-2", "J019-2-0016"
PASSPHRASE = "correct horse"


def founded(jinkui: Jinkui) -> None:
    """Bring a table of three units in, correct one, hook files to two, and register three persons."""
    folder = jinkui.home.parent
    jinkui("repository", "add", "990121", "--name", "青峤县档案馆")
    (folder / "pass").write_text(PASSPHRASE)
    persons = ("planner", "li", "wang")
    keys = [given for one in persons for given in ("--id", one, "--key-file", str(folder / f"{one}.key"))]
    names = [f"{person} 某" for person in persons]
    jinkui("person", "add", *names, *keys, "--passphrase-file", str(folder / "pass"))
    rows = [
        ("J019", "2", "0015", "", "水利工程", "1983", ""),
        ("J019", "2", "0015", "1", f"{CANARY}的来信", f"{NAME}年", NAME),
    ]
    rows += [
        ("J019", "2", "0015", "2", "修渠的批复", "198306", "李四"),
        ("J019", "2", "0016", "", f"{CANARY}无卷", "1983", ""),
    ]
    jinkui("catalogue", "import", table(folder / "目录.csv", HEADINGS, *rows), code=12)
    jinkui(
        "describe",
        table(folder / "c.csv", ("档号", "题名"), (GOING, f"{CANARY}二"), (STAYING, "新题名")),
        "--reason",
        "r",
    )
    batch = Path(scanned(folder, ("档号", "题名"), (GOING, f"{CANARY}三"), (STAYING, "")))
    (batch / "catalogue.csv").unlink()
    book, shown = Workbook(), io.BytesIO()
    for row in (("档号", "题名", "语种"), (GOING, f"{CANARY}三", "汉语"), (STAYING, "", "汉语")):
        book.active.append(row)  # type: ignore[union-attr]  # a new workbook has a sheet
    book.save(shown)
    (batch / "catalogue.xlsx").write_bytes(shown.getvalue())
    (batch / f"{GOING}.txt").write_text(f"亲爱的{CANARY}：", "utf-8")
    jinkui("ingest", str(batch), code=12)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def planned(jinkui: Jinkui, *more: str, code: int = 0) -> dict[str, Any]:
    """Propose a purge and let two people sign it."""
    folder = jinkui.home.parent
    options = ("--by", "planner", "--reason", "依申请", "--out", str(folder / "purge.json"))
    made = jinkui.json("purge", "plan", *options, *more, code=code)
    for person in ("li", "wang") if not code else ():
        signing = ("--key-file", str(folder / f"{person}.key"), "--passphrase-file", str(folder / "pass"))
        jinkui("dispose", "approve", str(folder / "purge.json"), "--by", person, *signing)
    return made


def test_what_is_purged_is_in_no_byte_of_anything(jinkui: Jinkui, tmp_path: Path) -> None:
    assert len(places_of(CANARY, jinkui.home)) > 10, "rows, tables, content, caches"
    kept = jinkui.json("show", STAYING)
    sheet = table(tmp_path / "名单.csv", ("档号",), (GOING,), (BARE,))
    known = table(tmp_path / "旧表.csv", ("档号", "题名"), (GOING, f"{CANARY}的来信"))
    number = jinkui.json("catalogue", "import", known)["import"]
    told = planned(jinkui, "--sheet", sheet)["beyond"]
    assert any(number in one for one in told), "a table of which no row was taken over"
    (tmp_path / "purge.json").unlink()
    planned(jinkui, "--sheet", sheet, "--table", "0000", code=4)
    made = planned(jinkui, "--sheet", sheet, "--table", number)
    assert sorted(one["fate"] for one in made["packages"]) == ["description"] * 3 + ["removed"] + ["submission"] * 3
    signed = (tmp_path / "purge.json").read_text("utf-8")
    assert CANARY not in signed
    of_others = [one for one in made["beside"] if "rows of 4 units; 2 of" in one]
    assert len(of_others) == 1, made["beside"]
    assert of_others[0] in signed
    done = jinkui.json("purge", "run", str(tmp_path / "purge.json"), "--yes")
    assert (done["removed"], done["succeeded"]) == (7, 3)
    assert any("removed whole" in one for one in done["beside"])
    assert done["beyond"] and not any("removed whole" in one for one in done["beyond"])
    assert places_of(CANARY, jinkui.home) == indexes_with(CANARY, jinkui.home) == []
    shown = jinkui.json("show", STAYING)
    assert [one["revision"] for one in shown["history"]] == [1, 2, 3]
    assert shown == {**kept, "history": shown["history"]}
    assert "按计划" in jinkui("show", GOING, code=4, lang="zh")
    assert [one["code"] for one in jinkui.json("catalogue", "list")["units"]] == ["J019-2-0015", STAYING]
    stubs = jinkui.json("catalogue", "list", "--state", "已清除")["units"]
    assert [(stub["title"], stub["code"]) for stub in stubs] == [("", "")] * 2
    assert jinkui.json("search", CANARY)["total"] == 0
    assert jinkui.json("audit")["copies"] == []
    jinkui("check", str(jinkui.home / "stores" / "first" / "packages"))
    checkpoint = jinkui.json("journal", "checkpoint")
    key = ["--key", str(checkpoint["public_key_file"])]
    script = [sys.executable, "-I", str(ROOT / "scripts" / "verify-journal"), str(jinkui.home / "stores" / "first")]
    verified = subprocess.run([*script, *key], capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stdout
    before = jinkui.json("catalogue", "list")
    jinkui("rebuild")
    assert jinkui.json("catalogue", "list") == before
    assert jinkui.json("show", STAYING)["history"] == shown["history"]
    assert places_of(CANARY, jinkui.home) == []
    again = jinkui.json("purge", "run", str(tmp_path / "purge.json"), "--yes")
    assert again["removed"] == 0


def test_what_cannot_be_added_up_since_a_purge_is_named_with_it(jinkui: Jinkui, tmp_path: Path) -> None:
    assert jinkui.json("catalogue", "reconcile")["adds_up"]
    number = jinkui.json("catalogue", "list", "--code", BARE)["units"][0]["import"]
    planned(jinkui, "--code", GOING, "--code", BARE)
    jinkui("purge", "run", str(tmp_path / "purge.json"), "--yes")
    for told in (
        jinkui.json("catalogue", "reconcile", code=12),
        jinkui.json("catalogue", "reconcile", number, code=12),
    ):
        (line,) = (one for one in told["sums"] if one["number"] == number)
        assert (line["without_tables"], line["adds_up"], told["adds_up"]) == (1, False, False)
        assert any("purge" in note for note in told["notes"]) and not any("secret" in note for note in told["notes"])


def test_a_purge_that_is_stopped_at_any_entry_of_the_journal_is_finished_by_running_it_again(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(jinkui, "--code", GOING, "--code", BARE)
    assert plan_merges.__kwdefaults__ is not None
    monkeypatch.setitem(plan_merges.__kwdefaults__, "many", 1)
    append = Ledger.append
    left = [0]

    def dying(ledger: Ledger, facts: Sequence[Fact]) -> object:
        left[0] -= 1
        if left[0] == 0 and number % 2:
            raise KeyboardInterrupt
        done = append(ledger, facts)
        if left[0] == 0:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(Ledger, "append", dying)
    for number in range(1, 30):
        left[0] = number
        if run(["--home", str(jinkui.home), "purge", "run", str(tmp_path / "purge.json"), "--yes"]) == 0:
            break
        left[0] = 0
        assert jinkui.json("catalogue", "merge")["removed"] == 0, "a purge would not know the package"
        assert jinkui.json("show", STAYING)["history"], "nothing of the others is lost meanwhile"
    assert 3 < number < 29
    monkeypatch.undo()
    assert places_of(CANARY, jinkui.home) == []
    assert [one["revision"] for one in jinkui.json("show", STAYING)["history"]] == [1, 2, 3]
    assert jinkui.json("audit")["copies"] == []


def test_what_stands_against_a_purge_is_told_and_nothing_goes(jinkui: Jinkui, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "purge.json"))
    jinkui("purge", "plan", "--by", "planner", "--reason", f"{CANARY}本人申请", "--code", GOING, *out, code=5)
    jinkui("purge", "plan", "--by", "planner", "--reason", "依申请", *out, code=2)
    jinkui("purge", "plan", "--by", "nobody", "--reason", "依申请", "--code", GOING, *out, code=5)
    hold = jinkui.json("hold", "place", GOING, "--reason", "诉讼")["hold_id"]
    jinkui("purge", "plan", "--by", "planner", "--reason", "依申请", "--code", GOING, *out, code=5)
    jinkui("hold", "lift", hold, "--reason", "结案")
    planned(jinkui, "--code", GOING)
    watched = ("--supervisor", "钱一", "--supervisor", "孙二", "--yes")
    jinkui("dispose", "run", str(tmp_path / "purge.json"), "--out", str(tmp_path / "r"), *watched, code=2)
    jinkui("describe", table(tmp_path / "d.csv", ("档号", "题名"), (GOING, "又改")), "--reason", "r")
    assert "anew" in jinkui("purge", "run", str(tmp_path / "purge.json"), "--yes", code=5)
    assert jinkui.json("show", GOING)["description"]["title"] == "又改"


def test_of_a_volume_the_pages_of_an_item_go_and_the_others_stay(jinkui: Jinkui, tmp_path: Path) -> None:
    folder = tmp_path / "volume"
    volume = "J019-2-15"
    items = f"{volume}-001,堤防的通知,001,汉语\n{volume}-002,{CANARY}的申请,2-3,汉语\n{volume}-003,批复,4,汉语\n"
    write(folder / "案卷目录.csv", f"档号,案卷题名,语种\n{volume},水利工程,汉语\n")
    write(folder / "卷内目录.csv", f"档号,题名,页号,语种\n{items}")
    for page in ("FM", "001", "002", "003", "004", "BK"):
        write(folder / volume / f"{volume}-{page}.txt", f"page {page} {CANARY if page in ('002', '003') else ''}")
    jinkui("ingest", str(folder), code=12)
    corrected = table(tmp_path / "items.csv", ("档号", "题名"), (f"{volume}-002", f"{CANARY}的又一申请"))
    jinkui("describe", corrected, "--reason", "r")
    before = jinkui.json("show", volume)
    planned(jinkui, "--code", f"{volume}-002", "--code", GOING, "--code", BARE)
    jinkui("purge", "run", str(tmp_path / "purge.json"), "--yes")
    assert places_of(CANARY, jinkui.home) == []
    shown = jinkui.json("show", volume)
    assert shown["package_id"] != before["package_id"]
    assert [(one["archival_code"], one["pages"]) for one in shown["items"]] == [
        (f"{volume}-001", "001"),
        (f"{volume}-003", "004"),
    ]
    originals = [one["page_label"] for one in shown["files"] if "/original/" in one["path"]]
    assert originals == ["FM", "001", "004", "BK"]
    (listed,) = jinkui.json("catalogue", "list", "--code", volume, "--level", "案卷")["units"]
    assert listed["unit_id"] == before["package_id"], "it is the same unit"
    assert jinkui.json("search", "page 004")["total"] == 1
    restored(jinkui, "descriptions", tmp_path / "all")
    said = [json.loads(line) for line in (tmp_path / "all" / "descriptions.jsonl").read_text("utf-8").splitlines()]
    assert {one["unit_id"] for one in said} == {
        one["unit_id"]
        for state in ((), ("--state", "已清除"))
        for one in jinkui.json("catalogue", "list", *state)["units"]
    }
    jinkui("describe", table(tmp_path / "d.csv", ("档号", "题名"), (volume, "新卷名")), "--reason", "r")
    assert jinkui.json("show", volume)["description"]["title"] == "新卷名"
    assert jinkui.json("audit")["copies"] == []
    jinkui("rebuild")
    assert jinkui.json("show", volume)["description"]["title"] == "新卷名"
    assert places_of(CANARY, jinkui.home) == []
    decided = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
    conclusion = ("开放", "依据", "甲", "乙", "2021-09-01", "2021-09-01", "全文")
    opened = [(code, *conclusion) for code in (volume, f"{volume}-001", f"{volume}-003")]
    jinkui("opening", "apply", table(tmp_path / "o.csv", decided, *opened))
    views = PublishedViews(jinkui.home / "public" / "public.db", today=wiring.today)
    assert len(views.items_of(before["package_id"])) == 2
    assert jinkui.json("search", "page 004", "--public")["total"] == 1
    write(folder / "卷内目录.csv", f"档号,题名,页号,语种\n{volume}-001,堤防的通知,001,汉语\n")
    for page in ("002", "003", "004"):
        (folder / volume / f"{volume}-{page}.txt").unlink()
    jinkui("ingest", str(folder), "--update", code=12)
    assert len(views.items_of(before["package_id"])) == 1
    assert jinkui.json("search", "page 004", "--public")["total"] == 0
    views.close()


def test_words_of_an_item_leave_the_indexes_when_nothing_else_of_them_leaves(jinkui: Jinkui, tmp_path: Path) -> None:
    folder, volume, word = tmp_path / "volume", "J019-2-15", "zqcanary"
    write(folder / "案卷目录.csv", f"档号,案卷题名,语种\n{volume},水利工程,汉语\n")
    items = f"{volume}-001,通知,001,汉语\n{volume}-002,绿鹦鹉的申请,2,汉语\n"
    write(folder / "卷内目录.csv", f"档号,题名,页号,语种\n{items}")
    for page in ("FM", "001", "002", "BK"):
        write(folder / volume / f"{volume}-{page}.txt", f"page {page} {word if page == '002' else ''}")
    jinkui("ingest", str(folder), code=12)
    decided = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
    conclusion = ("开放", "依据", "甲", "乙", "2021-09-01", "2021-09-01", "全文")
    opened = [(code, *conclusion) for code in (volume, f"{volume}-001", f"{volume}-002")]
    jinkui("opening", "apply", table(tmp_path / "o.csv", decided, *opened))
    for one in (word, "绿鹦鹉"):
        assert indexes_with(one, jinkui.home) == ["public/index.db", "staff-index.db"]
    planned(jinkui, "--code", f"{volume}-002")
    jinkui("purge", "run", str(tmp_path / "purge.json"), "--yes")
    for one in (word, "绿鹦鹉"):
        assert indexes_with(one, jinkui.home) == places_of(one, jinkui.home) == []
    assert jinkui.json("search", "page 001", "--public")["total"] == 1


def test_the_name_of_a_folder_goes_and_the_names_of_tables_and_other_files_are_told(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    folder, going = tmp_path / "zqname离婚案", "J019-WS·1990·Y·BGS-0001"
    rows = [(going, "zqname离婚案", "汉语", "zqname"), ("J019-WS·1990·Y·BGS-0002", "别的", "汉语", "")]
    write(folder / "readme.md", "loose")
    (folder / "zqname" / "empty").mkdir(parents=True)
    for code, *_ in rows:
        write(folder / f"{code}.txt", "text")
    table(folder / "catalogue.csv", ("档号", "题名", "语种", "人名"), *rows)
    jinkui("ingest", str(folder), code=12)
    number = next(one["batch_id"] for one in jinkui.json("batch", "list")["batches"] if one["name"] == folder.name)
    told = planned(jinkui, "--code", going)["beyond"]
    assert any("not looked into: readme.md" in one for one in told), told
    done = jinkui.json("purge", "run", str(tmp_path / "purge.json"), "--yes")
    assert {*done["beyond"]} <= {*told}, "nothing is told only when it is too late"
    assert places_of("zqname", jinkui.home) == []
    shown = jinkui.json("batch", "show", number)
    assert (shown["state"], shown["source"], shown["asked"]) == ("done", None, None)
    assert "not remembered" in jinkui("batch", "show", number)
    assert jinkui.json("show", f"BATCH-{number}")["name"] == number
    jinkui("rebuild")
    assert places_of("zqname", jinkui.home) == []


def test_a_table_that_is_called_after_somebody_is_told_for_others_name_it(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = [("J019-2-0031", "来信", "zqname"), ("J019-2-0032", "别的", "李四")]
    jinkui("catalogue", "import", table(tmp_path / "zqname.csv", ("档号", "题名", "人名"), *rows))
    told = planned(jinkui, "--code", "J019-2-0031")["beyond"]
    assert any("still names the table" in one and "zqname.csv" in one for one in told), told
    done = jinkui.json("purge", "run", str(tmp_path / "purge.json"), "--yes")
    assert {*done["beyond"]} <= {*told}
    left = places_of("zqname", jinkui.home)
    assert not [one for one in left if not one.endswith(("units.jsonl", "units.csv", "catalogue.db"))], left


def test_findings_of_others_stay_the_same_and_what_was_settled_stays_settled(jinkui: Jinkui, tmp_path: Path) -> None:
    numbers = [f"J019-2-004{one}" for one in range(1, 5)]
    rows = [
        (code, f"zq来信{code[-1]}", day) for code, day in zip(numbers, ("某年", "1983", "1983", "1984"), strict=True)
    ]
    rows.append((numbers[0], "又一行", "1985"))
    jinkui("catalogue", "import", table(tmp_path / "t.csv", ("档号", "题名", "日期"), *rows), code=12)

    def found() -> dict[str, tuple[str, str]]:
        every = jinkui.json("findings", "list", "--settled")["findings"] + jinkui.json("findings", "list")["findings"]
        own = [one for one in every if (one["file"] or "").startswith("t.csv")]
        return {one["id"]: (one["code"], json.dumps(one.get("settlement") or one.get("settled"))) for one in own}

    before = found()
    settled = next(one for one, (code, _) in before.items() if code == "date-unreadable")
    assert len(before) > 1
    jinkui("findings", "settle", settled, "--reason", "looked at")
    before = found()
    for going in numbers[1:3]:  # a package in the place of one that is in another's place already
        planned(jinkui, "--code", going)
        jinkui("purge", "run", str(tmp_path / "purge.json"), "--yes")
        (tmp_path / "purge.json").unlink()
        assert found() == before
    jinkui("rebuild")
    assert found() == before
    assert settled not in {one["id"] for one in jinkui.json("findings", "list")["findings"]}


def test_what_shares_a_page_with_what_is_purged_is_closed_until_somebody_reviews_it(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    folder, volume = tmp_path / "volume", "J019-2-15"
    items = f"{volume}-001,堤防的通知,1-2,汉语\n{volume}-002,{CANARY}的申请,2-3,汉语\n{volume}-003,批复,4,汉语\n"
    write(folder / "案卷目录.csv", f"档号,案卷题名,语种\n{volume},水利工程,汉语\n")
    write(folder / "卷内目录.csv", f"档号,题名,页号,语种\n{items}")
    for page in ("FM", "ML001", "001", "002", "003", "004", "BK"):
        write(
            folder / volume / f"{volume}-{page}.txt", f"page {page} {'sharedname' if page in ('ML001', '002') else ''}"
        )
    jinkui("ingest", str(folder), code=12)
    decided = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
    conclusion = ("开放", "依据", "甲", "乙", "2021-09-01", "2021-09-01", "全文")
    opened = [(code, *conclusion) for code in (volume, f"{volume}-001", f"{volume}-003")]
    jinkui("opening", "apply", table(tmp_path / "o.csv", decided, *opened))
    assert jinkui.json("search", "page 001", "--public")["total"] == 1
    made = planned(jinkui, "--code", f"{volume}-002")
    assert any(f"{volume}, {volume}-001 share pages" in one for one in made["beside"]), made["beside"]
    assert any("belong to other items" in one for one in made["beyond"]), made["beyond"]
    assert any("list of contents" in one for one in made["beyond"]), made["beyond"]
    done = jinkui.json("purge", "run", str(tmp_path / "purge.json"), "--yes")
    assert {*done["beyond"]} <= {*made["beyond"]}, "nothing is told only when it is too late"
    for again in ((), ("rebuild",)):
        if again:
            jinkui(*again)
        assert [jinkui.json("search", one, "--public")["total"] for one in ("sharedname", "page 001", "page 004")] == [
            0,
            0,
            1,
        ]
    anew = [(f"{volume}-001", "开放", "复审", *conclusion[2:])]
    jinkui("opening", "apply", table(tmp_path / "o2.csv", decided, *anew))
    assert jinkui.json("search", "sharedname", "--public")["total"] == 1, "somebody looked at the page"


def test_nothing_is_ever_said_again_of_what_was_purged(jinkui: Jinkui, tmp_path: Path) -> None:
    units = jinkui.json("catalogue", "list")["units"]
    (unit_id,) = (one["unit_id"] for one in units if one["code"] == GOING)
    before = str(tmp_path / "before.xlsx")
    jinkui("catalogue", "export", before)
    planned(jinkui, "--code", GOING)
    jinkui("purge", "run", str(tmp_path / "purge.json"), "--yes")
    anew = table(tmp_path / "again.csv", ("单元标识", "题名", "状态"), (unit_id, f"{CANARY}又来", "在库"))
    jinkui("describe", anew, "--reason", "r", code=6)
    jinkui("describe", before, "--reason", "r", code=6)
    assert places_of(f"{CANARY}二", jinkui.home) == places_of(f"{CANARY}又来", jinkui.home) == []


def test_what_is_described_while_a_purge_waits_for_an_answer_stops_it(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(jinkui, "--code", GOING)
    prepared = prepare.prepare_purge

    def and_then_described(archive: Archive, plan_file: Path) -> prepare.Purge:
        purge = prepared(archive, plan_file)
        listed = archive.catalogue.units.get(purge.plan.purged)[purge.plan.purged[0]]
        said = replace(listed.unit, description=replace(listed.unit.description, title="meanwhile"))
        place = archive.catalogue.repositories()[0]
        list(describe_units(archive, place, [Change(said, listed.digest)], Said("9", "甲", "更正")))
        return purge

    monkeypatch.setattr("cli.commands.dispose.purge.prepare_purge", and_then_described)
    assert "anew" in jinkui("purge", "run", str(tmp_path / "purge.json"), "--yes", code=5)
    assert jinkui.json("show", GOING)["description"]["title"] == "meanwhile"


def test_a_purge_waits_for_an_import_under_way_and_sees_what_it_brought(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(jinkui, "--code", GOING)
    sheet = table(tmp_path / "更正.csv", ("档号", "题名"), (GOING, "meanwhile"))
    waited: list[str] = []

    @contextmanager
    def waited_for(_: Locks, *repositories: str) -> Iterator[None]:
        if not waited:  # somebody had it, and is done by now
            waited.extend(repositories)
            jinkui("describe", sheet, "--reason", "x")
        yield

    monkeypatch.setattr(Locks, "imports", waited_for)
    assert "anew" in jinkui("purge", "run", str(tmp_path / "purge.json"), "--yes", code=5)
    assert waited == ["990121"]
    assert jinkui.json("show", GOING)["description"]["title"] == "meanwhile"


def test_a_fonds_that_was_purged_is_called_nothing(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = [("全宗", "P001", f"{CANARY}个人全宗"), ("件", "P001-1-0001", "往来书信")]
    jinkui("catalogue", "import", table(tmp_path / "f.csv", ("著录层级", "档号", "题名"), *rows))
    planned(jinkui, "--code", "P001")
    jinkui("purge", "run", str(tmp_path / "purge.json"), "--yes")
    assert places_of(f"{CANARY}个人", jinkui.home) == []
    assert [one["name"] for one in jinkui.json("fonds", "list")["fonds"] if one["number"] == "P001"] == []


def test_a_sealed_set_obeys_purge_and_merge_when_it_is_back(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = tmp_path / "tape"
    jinkui("store", "add", "sealed", "--path", str(tape), "--offline", "--due", "2199-01-01")
    jinkui("store", "attach", "sealed")
    jinkui("store", "add", "sold", "--path", str(tmp_path / "sold"))
    jinkui("store", "retire", "sold", "--copies", "2")
    shutil.move(tape, tmp_path / "cupboard")
    assert plan_merges.__kwdefaults__ is not None
    monkeypatch.setitem(plan_merges.__kwdefaults__, "many", 1)
    assert jinkui.json("catalogue", "merge")["removed"] == 2
    assert jinkui.json("catalogue", "merge")["removed"] == 0
    decided = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
    row = (BARE, "开放", "依据", "甲", "乙", "2021-09-01", "2021-09-01", "仅目录")
    jinkui("opening", "apply", table(tmp_path / "o.csv", decided, row))
    assert jinkui.json("search", f"{CANARY}无卷", "--public")["total"] == 1
    made = planned(jinkui, "--code", GOING, "--code", BARE)
    assert "sealed" in str(made["beyond"])
    assert "sold" in str(made["beyond"]), "nobody obeys in what was a store"
    second = jinkui.home / "stores" / "second"
    shutil.move(second, tmp_path / "unplugged")
    jinkui("purge", "run", str(tmp_path / "purge.json"), "--yes", code=9)
    shutil.move(tmp_path / "unplugged", second)
    jinkui("purge", "run", str(tmp_path / "purge.json"), "--yes")
    assert places_of(CANARY, jinkui.home) == []
    shutil.move(tmp_path / "cupboard", tape)
    assert places_of(CANARY, tape)
    jinkui("store", "attach", "sealed")
    assert places_of(CANARY, tape) == []
    assert jinkui.json("audit")["copies"] == []
    assert [one["revision"] for one in jinkui.json("show", STAYING)["history"]] == [1, 2, 3]
