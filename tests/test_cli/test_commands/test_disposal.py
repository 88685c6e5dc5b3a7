"""Disposal: only what may go, only when two others signed, everywhere and for good, with a register of it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archives.journal.facts import DisposalIntended
from cli.frame.output import Output
from cli.home.home import open_home
from tests.support.batches import make_batch, make_image
from tests.support.command_line import Jinkui, Prepared
from tests.support.places import ROOT

OLD, YOUNG, FOREVER = (f"Z109-WS·{rest}" for rest in ("2001-D10-BGS-0001", "2020-D30-BGS-0002", "2001-Y-BGS-0003"))
ROWS = [
    (OLD, "Flood report", "2001", "10年", "英语", "1"),
    (YOUNG, "Second report", "2020", "30年", "英语", "1"),
    (FOREVER, "Third report", "2001", "永久", "英语", "1"),
]
PASSPHRASE = "correct horse"
SCRIPT = str(ROOT / "scripts" / "verify-journal")


def founded(jinkui: Jinkui) -> None:
    """Make what the tests here begin with."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆")
    batch = make_batch(jinkui.home.parent / "batch", ROWS)
    make_image(batch / f"{OLD}-001.jpg", text="SEALED ORDERS 2001")
    jinkui("ingest", str(batch), code=12)
    (jinkui.home.parent / "pass").write_text(PASSPHRASE)
    persons = ("planner", "li", "wang", "zhao")
    keys = [given for one in persons for given in ("--id", one, "--key-file", str(jinkui.home.parent / f"{one}.key"))]
    names = [f"{person} 某" for person in persons]
    jinkui("person", "add", *names, *keys, "--passphrase-file", str(jinkui.home.parent / "pass"))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def planned(jinkui: Jinkui, tmp_path: Path, *more: str, code: int = 0) -> Path:
    """Propose what may go."""
    path = tmp_path / "plan.json"
    path.unlink(missing_ok=True)
    opinion = ("--opinion", "无继续保存价值")
    jinkui("dispose", "plan", "--by", "planner", "--out", str(path), *opinion, *more, code=code)
    return path


def approve(jinkui: Jinkui, tmp_path: Path, person: str, *more: str, code: int = 0) -> str:
    """Sign the plan."""
    secret: tuple[str, ...] = ("--passphrase-file", str(tmp_path / "pass"))
    if "--key-file" not in more:
        secret += ("--key-file", str(tmp_path / f"{person}.key"))
    return jinkui("dispose", "approve", str(tmp_path / "plan.json"), "--by", person, *secret, *more, code=code)


def run(jinkui: Jinkui, tmp_path: Path, *more: str, code: int = 0) -> dict[str, object]:
    """Carry the plan out."""
    watched = ("--supervisor", "钱一", "--supervisor", "孙二")
    given = ("--out", str(tmp_path / "register"), *watched, "--yes", *more)
    return jinkui.json("dispose", "run", str(tmp_path / "plan.json"), *given, code=code)


def test_only_what_has_run_out_is_proposed(jinkui: Jinkui, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    answer = jinkui.json("dispose", "plan", "--by", "planner", "--out", str(path))
    assert [one["archival_code"] for one in answer["records"]] == [OLD]
    assert {one["archival_code"]: one["reason"] for one in answer["excluded"]} == {
        YOUNG: "not-run-out",
        FOREVER: "permanent",
    }
    early = jinkui.json("dispose", "plan", "--by", "planner", "--out", str(path), "--due-on", "2011-12-31")
    assert early["records"] == []
    jinkui("dispose", "plan", "--by", "planner", "--out", str(path), "--due-on", "2012-01-01", code=6)
    on_time = jinkui.json("dispose", "plan", "--by", "planner", "--out", f"{path}.2", "--due-on", "2012-01-01")
    assert len(on_time["records"]) == 1


def test_permanent_and_held_records_are_refused_by_name(jinkui: Jinkui, tmp_path: Path) -> None:
    planned(jinkui, tmp_path, "--code", FOREVER, code=5)
    hold = jinkui.json("hold", "place", OLD, "--reason", "诉讼")["hold_id"]
    assert [one["hold_id"] for one in jinkui.json("hold", "list")["holds"]] == [hold]
    planned(jinkui, tmp_path, "--code", OLD, code=5)
    jinkui("hold", "lift", hold, "--reason", "结案")
    jinkui("hold", "lift", hold, "--reason", "结案", code=4)
    assert planned(jinkui, tmp_path, "--code", OLD).exists()
    jinkui("dispose", "plan", "--by", "somebody", "--out", str(tmp_path / "x"), code=5)


def test_two_registered_people_who_did_not_plan_it_have_to_sign(jinkui: Jinkui, tmp_path: Path) -> None:
    plan = planned(jinkui, tmp_path)
    run(jinkui, tmp_path, code=5)
    approve(jinkui, tmp_path, "planner", code=5)
    approve(jinkui, tmp_path, "li 某", code=5)
    approve(jinkui, tmp_path, "li")
    approve(jinkui, tmp_path, "li", code=5)
    run(jinkui, tmp_path, code=5)
    approve(jinkui, tmp_path, "wang", "--key-file", str(tmp_path / "li.key"), code=5)
    (tmp_path / "pass").write_text("wrong horse")
    approve(jinkui, tmp_path, "wang", code=5)
    (tmp_path / "pass").write_text(PASSPHRASE)
    signed = ("--signer-key", str(tmp_path / "li.key"), "--signer-key", str(tmp_path / "wang.key"))
    secret = ("--signer-passphrase-file", str(tmp_path / "pass"))
    jinkui("person", "retire", "zhao", "--reason", "退休", *signed, *secret)
    approve(jinkui, tmp_path, "zhao", code=5)
    data = json.loads(plan.read_text("utf-8"))
    plan.write_text(json.dumps({**data, "opinion": "别的"}, ensure_ascii=False), "utf-8")
    approve(jinkui, tmp_path, "wang", code=8)
    changed = json.dumps({**data, "opinion": "别的"}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    plan.write_text(changed, "utf-8")
    approve(jinkui, tmp_path, "wang", code=5)
    run(jinkui, tmp_path, code=5)
    watched = ("--supervisor", "钱一", "--supervisor", "钱一")
    jinkui("dispose", "run", str(plan), *watched, "--out", str(tmp_path / "r"), "--yes", code=2)
    assert jinkui.json("audit")["checked_copies"] == 8


def bytes_of_home(jinkui: Jinkui) -> bytes:
    """Return every byte of the home's files."""
    return b"\0".join(path.read_bytes() for path in jinkui.home.rglob("*") if path.is_file())


def test_what_is_disposed_of_is_gone_everywhere_and_stays_gone(jinkui: Jinkui, tmp_path: Path) -> None:
    page = next(p for p in (jinkui.home / "stores/first/packages").rglob("original/data/*0001*.jpg")).read_bytes()
    victim = next(p for p in (jinkui.home / "stores/second/packages").rglob("original/data/*0001*.jpg"))
    victim.write_bytes(page[:-1] + b"!")
    planned(jinkui, tmp_path)
    for person in ("li", "wang"):
        approve(jinkui, tmp_path, person)
    stopped = run(jinkui, tmp_path, code=12)
    assert stopped["disposed"] == []
    jinkui("repair", "--yes")
    assert run(jinkui, tmp_path, "--dry-run")["would_dispose"] == [OLD]
    unasked = ("--supervisor", "钱一", "--supervisor", "孙二", "--out", str(tmp_path / "unasked"))
    told = jinkui("dispose", "run", str(tmp_path / "plan.json"), *unasked, code=5)
    assert "not confirmed, nothing was removed" in told
    assert "--yes" in told
    assert page in bytes_of_home(jinkui)
    done = run(jinkui, tmp_path)
    assert done["disposed"] == [OLD]
    left = bytes_of_home(jinkui)
    assert page not in left
    assert page[:-1] not in left, "nor the damaged copy in quarantine"
    assert b"SEALED" not in left, "nor what was read on it"
    shown = jinkui.json("show", OLD)
    assert (shown["state"], shown["description"]["title"]) == ("已销毁", "Flood report")
    assert str(done["plan_id"]) in shown["history"][0]["reason"], (
        "the first row of a unit that only a package described"
    )
    assert [one["state"] for one in jinkui.json("catalogue", "list", "--state", "已销毁")["units"]] == ["已销毁"]
    assert jinkui.json("search", "sealed orders")["total"] == 0
    assert jinkui.json("search", "second")["total"] > 0
    assert jinkui.json("audit")["copies"] == []
    again = jinkui.json("ingest", str(tmp_path / "batch"), code=12)["records"]
    assert again[0]["outcome"] == "rejected"
    assert "disposed" in str(again[0]["findings"])
    assert_done_before(jinkui, tmp_path)
    jinkui("rebuild")
    assert_done_before(jinkui, tmp_path)
    assert jinkui.json("search", "sealed orders")["total"] == 0
    register = [Path(path) for path in done["register"]]  # type: ignore[attr-defined]  # a list
    assert {path.suffix for path in register} == {".xlsx", ".pdf"}


def assert_done_before(jinkui: Jinkui, tmp_path: Path) -> None:
    """A plan that was carried out is told to be, with its day and where its register is kept, and no second one is written."""
    again = run(jinkui, tmp_path, "--out", str(tmp_path / "second"))
    assert (again["already_disposed"], again["register"]) == (1, [])
    assert str(again["done_at"])[:10] in jinkui("explain", str(again["kept_as"]))
    assert not (tmp_path / "second").exists()


def test_the_register_names_everyone_and_everything(jinkui: Jinkui, tmp_path: Path) -> None:
    import openpyxl
    import pypdfium2

    planned(jinkui, tmp_path)
    for person in ("li", "wang"):
        approve(jinkui, tmp_path, person)
    files = [Path(path) for path in run(jinkui, tmp_path)["register"]]  # type: ignore[attr-defined]  # a list
    sheet = openpyxl.load_workbook(files[0]).active
    assert sheet is not None
    text = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    wanted = ("无继续保存价值", "planner 某", "li 某", "wang 某", "钱一、孙二", OLD, "Flood report", "定期10年")
    for word in wanted:
        assert word in text
    with pypdfium2.PdfDocument(files[1]) as document:
        shown = "".join(page.get_textpage().get_text_range() for page in document)
    for word in wanted:
        assert word in shown.replace("\r\n", "")


def test_a_register_is_nothing_that_came_in_and_is_not_added_up(jinkui: Jinkui, tmp_path: Path) -> None:
    planned(jinkui, tmp_path)
    for person in ("li", "wang"):
        approve(jinkui, tmp_path, person)
    before = {one["number"] for one in jinkui.json("catalogue", "reconcile")["sums"]}
    run(jinkui, tmp_path)
    told = jinkui.json("catalogue", "reconcile")
    assert {one["number"] for one in told["sums"]} == before
    assert "register" not in str(told)


def test_without_a_chinese_font_the_register_is_a_sheet_until_there_is_one(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(jinkui, tmp_path)
    for person in ("li", "wang"):
        approve(jinkui, tmp_path, person)
    monkeypatch.setattr("preservation.disposal.register.chinese_font", lambda: None)
    done = run(jinkui, tmp_path, code=7)
    assert [Path(str(file)).suffix for file in done["register"]] == [".xlsx"]  # type: ignore[attr-defined]  # a list
    assert jinkui.json("audit")["copies"] == []


def test_a_record_that_changed_since_is_not_touched(jinkui: Jinkui, tmp_path: Path) -> None:
    planned(jinkui, tmp_path)
    for person in ("li", "wang"):
        approve(jinkui, tmp_path, person)
    hold = jinkui.json("hold", "place", OLD, "--reason", "诉讼")["hold_id"]
    run(jinkui, tmp_path, code=5)
    jinkui("hold", "lift", hold, "--reason", "结案")
    jinkui("renumber", OLD, "Z109-WS·2001-D10-BGS-0901")
    run(jinkui, tmp_path, code=5)
    assert jinkui.json("audit")["checked_copies"] == 10  # the row that renumbers it lies in a package of its own


def test_a_store_that_is_away_stops_it_and_a_sealed_set_obeys_when_it_is_back(jinkui: Jinkui, tmp_path: Path) -> None:
    tape = tmp_path / "tape"
    jinkui("store", "add", "sealed", "--path", str(tape), "--offline", "--due", "2199-01-01")
    jinkui("store", "attach", "sealed")
    shutil.move(tape, tmp_path / "cupboard")
    planned(jinkui, tmp_path)
    for person in ("li", "wang"):
        approve(jinkui, tmp_path, person)
    second = jinkui.home / "stores/second"
    shutil.move(second, tmp_path / "unplugged")
    run(jinkui, tmp_path, code=9)
    shutil.move(tmp_path / "unplugged", second)
    page = next(p for p in (jinkui.home / "stores/first/packages").rglob("original/data/*0001*.jpg")).read_bytes()
    run(jinkui, tmp_path)
    shutil.move(tmp_path / "cupboard", tape)
    assert any(path.read_bytes() == page for path in tape.rglob("*.jpg"))
    jinkui("store", "attach", "sealed")
    assert not any(path.read_bytes() == page for path in tape.rglob("*") if path.is_file())
    assert jinkui.json("audit")["copies"] == []


@pytest.mark.parametrize("command", [("audit",), ("replicate",), ("hold", "list"), ("repair", "--yes")])
def test_an_intent_with_the_archives_own_signature_alone_destroys_nothing(
    jinkui: Jinkui, command: tuple[str, ...]
) -> None:
    jinkui("hold", "place", FOREVER, "--reason", "诉讼")
    package_id = jinkui.json("show", FOREVER)["package_id"]
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        home.begin_writing()
        home.vault.ledger.append([DisposalIntended(package_id, "nobody's")])
    jinkui(*command)
    jinkui("hold", "place", OLD, "--reason", "诉讼")
    assert jinkui.json("audit")["copies"] == []
    jinkui("show", FOREVER)
    told = jinkui.json("explain", FOREVER)["entries"]
    assert "disposal-abandoned" in [one["type"] for one in told]
    assert "gave up removing it" in jinkui("explain", FOREVER)
    assert "放弃" in jinkui("explain", FOREVER, lang="zh")


def test_a_permanent_record_taken_in_by_mistake_leaves_with_a_reason(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("dispose", "plan", "--by", "planner", "--out", str(tmp_path / "x"), "--batch", "x", code=2)
    mistake = ("--mistake", "不是本馆档案")
    planned(jinkui, tmp_path, *mistake, code=2)
    planned(jinkui, tmp_path, *mistake, "--batch", "unknown", code=4)
    planned(jinkui, tmp_path, *mistake, "--code", FOREVER)
    run(jinkui, tmp_path, code=5)
    for person in ("li", "wang"):
        approve(jinkui, tmp_path, person)
    assert run(jinkui, tmp_path)["disposed"] == [FOREVER]
    jinkui("show", FOREVER, code=4)
    assert jinkui.json("journal", "verify")["unproved"] == []
    checkpoint = jinkui.json("journal", "checkpoint", "--out", str(tmp_path / "kept.txt"))
    stores = [str(jinkui.home / "stores" / name) for name in ("first", "second")]
    kept = ("--key", str(checkpoint["public_key_file"]), "--checkpoint", str(tmp_path / "kept.txt"))
    done = subprocess.run(
        [sys.executable, "-I", SCRIPT, *stores, *kept], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert jinkui.json("audit")["copies"] == []
    again = jinkui.json("ingest", str(tmp_path / "batch"), "--removed-too", code=12)["records"]
    assert [one["outcome"] for one in again if one["archival_code"] == FOREVER] != ["rejected"]
