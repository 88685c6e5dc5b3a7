"""Audits as an administrator runs them: all, what is due, a sample, within a budget, on after a kill."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli import wiring
from cli.commands.audit.limits import parse_budget, parse_share
from cli.main import run
from preservation.audit.judge_copy import mark_of_copy
from preservation.audit.remembered import AuditRun
from preservation.audit.verdicts import CopyAudit
from tests.support.batches import make_batch
from tests.support.command_line import Jinkui, Prepared

ROWS = [(f"Z109-WS·2011-Y-BGS-{n:04}", "Flood report", "2011", "永久", "英语", "1") for n in (1, 2)]


def founded(jinkui: Jinkui) -> None:
    """Make what the tests here begin with."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆")
    jinkui("ingest", str(make_batch(jinkui.home.parent / "batch", ROWS)), code=12)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def a_page(jinkui: Jinkui, store: str = "second") -> Path:
    """Return an original in a store."""
    return sorted((jinkui.home / f"stores/{store}/packages").rglob("original/data/*.jpg"))[0]


def test_only_what_is_due_is_read(jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = jinkui.json("audit", "--due")
    assert (fresh["checked_copies"], fresh["not_due"]) == (0, 6)
    assert "6 not due" in jinkui("audit", "--due")
    later = datetime.now(UTC) + timedelta(days=91)
    monkeypatch.setattr(wiring, "now", lambda: later)
    assert jinkui.json("audit", "--due", "--store", "first")["checked_copies"] == 3
    due = jinkui.json("audit", "--due")
    assert (due["checked_copies"], due["not_due"]) == (3, 3)


def test_one_package_is_read_by_its_archival_code(jinkui: Jinkui) -> None:
    a_page(jinkui).write_bytes(b"x")
    assert jinkui.json("audit", "--package", ROWS[0][0], "--store", "first")["copies"] == []
    found = [
        jinkui.json("audit", "--package", row[0], code=code) for row, code in zip(ROWS, _codes(jinkui), strict=True)
    ]
    assert sum(len(one["copies"]) for one in found) == 1
    jinkui("audit", "--package", "Z999-1", code=4)
    jinkui("audit", "--all", "--due", code=2)


def _codes(jinkui: Jinkui) -> list[int]:
    damaged = str(a_page(jinkui))
    shown = [jinkui.json("show", row[0])["package_id"] for row in ROWS]
    return [12 if identifier in damaged else 0 for identifier in shown]


def test_a_sample_says_what_it_rules_out(jinkui: Jinkui) -> None:
    sample = jinkui.json("audit", "--sample", "50%")["sample"]
    assert (sample["copies"], sample["population"], sample["confidence"]) == (3, 6, 0.95)
    assert 0 < sample["largest_damaged_share"] < 1
    for text in ("0%", "101%", "1", "x%"):
        jinkui("audit", "--sample", text, code=2)


def test_a_budget_stops_and_the_next_audit_begins_with_the_oldest(jinkui: Jinkui) -> None:
    first = jinkui.json("audit", "--budget", "0.001KiB")
    assert 0 < first["not_reached"] < 6
    second = jinkui.json("audit", "--budget", "1GiB")
    assert (second["checked_copies"], second["resumed"]) == (6, 0)
    assert parse_budget("2h").seconds == 7200
    assert parse_budget("500GiB").size_bytes == 500 << 30
    assert parse_share("1%") == 0.01
    jinkui("audit", "--budget", "much", code=2)


def test_a_stopped_audit_goes_on_and_reads_again_what_somebody_wrote_to(jinkui: Jinkui) -> None:
    from cli.frame.output import Output
    from cli.home.home import open_home

    home = open_home(jinkui.home, Output("en", as_json=True))
    begun = AuditRun(home.work, "all")
    begun.begin(wiring.now())
    begun.remember(
        [
            CopyAudit(store.name, package_id, 1, 1, (), 1, mark_of_copy(home.vault, store, package_id))
            for store in home.vault.stores
            for package_id in home.archive.reading.anchors.versions
        ],
        wiring.now(),
    )
    page = a_page(jinkui)
    data = bytearray(page.read_bytes())
    data[len(data) // 2] ^= 1
    page.write_bytes(data)
    answer = jinkui.json("audit", code=12)
    assert answer["resumed"] == 5
    assert [one["verdict"] for one in answer["copies"]] == ["DAMAGED"]
    again = jinkui.json("audit", code=12)
    assert (again["resumed"], again["checked_copies"]) == (0, 6)


def test_damage_is_journalled_once_and_ends_with_the_repair(jinkui: Jinkui) -> None:
    page = a_page(jinkui)
    page.write_bytes(b"x")
    code = next(row[0] for row in ROWS if jinkui.json("show", row[0])["package_id"] in str(page))
    title = jinkui.json("show", code)["description"]["title"]
    for _ in range(2):
        (found,) = jinkui.json("audit", code=12)["copies"]
        assert (found["archival_code"], found["title"]) == (code, title)
    assert "损坏（DAMAGED）" in "".join(jinkui("audit", code=12, lang="zh").split())
    (step,) = jinkui.json("repair", "--yes")["plan"]
    assert (step["archival_code"], step["title"]) == (code, title)
    jinkui("audit")
    told = [entry["type"] for entry in jinkui.json("explain", code)["entries"]]
    assert (told.count("damage-found"), told.count("copy-repaired")) == (1, 1)


def test_a_journal_that_no_store_holds_whole_is_named_with_the_exit_code_for_it(jinkui: Jinkui) -> None:
    for name in ("first", "second"):
        group = sorted((jinkui.home / f"stores/{name}/journal").glob("*.jsonl"))[1]
        group.write_bytes(b"x" + group.read_bytes())
    answer = jinkui.json("audit", code=10)
    assert [one["verdict"] for one in answer["copies"]] == ["DAMAGED"] * 2
    assert answer["error"]["code"] == "integrity"
    jinkui("repair", "--yes", code=10)


def test_a_package_without_any_good_copy_is_said_with_every_file(jinkui: Jinkui) -> None:
    for name in ("first", "second"):
        a_page(jinkui, name).write_bytes(b"x")
    answer = jinkui.json("audit", code=10)
    assert {one["store"] for one in answer["copies"]} == {"first", "second"}
    before = a_page(jinkui).stat().st_mtime_ns
    assert jinkui.json("repair", "--yes", code=10)["done"] == []
    assert a_page(jinkui).stat().st_mtime_ns == before


def test_that_the_journal_could_not_take_the_result_is_said_once_and_not_called_a_stop(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    away = (jinkui.home / "stores/second").rename(tmp_path / "away")
    told = said_by(jinkui, 9)
    assert told.count("is not there") == told.count("check that its disk is mounted") == 1
    assert told.count("the journal could not take the result") == 1
    assert "set minimum-copies = 1" in told
    assert told.splitlines()[-1].startswith("checked 3 copies")
    again = said_by(jinkui, 9)
    assert "stopped" not in again
    assert "whose result the journal could not take: 3 copies were read" in again
    assert jinkui.json("audit", code=9)["not_recorded"]["code"] == "store-absent"
    away.rename(jinkui.home / "stores/second")
    assert "whose result the journal could not take" in said_by(jinkui, 0)
    assert "whose result" not in said_by(jinkui, 0), "it is recorded now"
    assert jinkui.json("audit")["not_recorded"] is None


def test_an_audit_that_is_stopped_after_one_that_was_not_recorded_is_called_stopped(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (jinkui.home / "stores/second").rename(tmp_path / "away")
    jinkui("audit", code=9)
    with monkeypatch.context() as stopping:
        stopping.setattr("preservation.actions.audit.plan_repair", _interrupt)
        jinkui("audit", code=130)
    assert "an audit that was stopped: 3 copies were read" in said_by(jinkui, 9)


def test_every_audit_ends_with_how_many_copies_were_read_or_why_none_were(jinkui: Jinkui, tmp_path: Path) -> None:
    assert said_by(jinkui, 0).splitlines()[-1].startswith("checked 6 copies")
    assert said_by(jinkui, 0, "--due").splitlines()[-1].startswith("no copies were read: none is due")
    page = a_page(jinkui)
    page.write_bytes(b"x")
    assert said_by(jinkui, 12).splitlines()[-1].startswith("checked 6 copies")
    empty = Jinkui(tmp_path / "empty", jinkui.capsys)
    empty("init")
    assert said_by(empty, 0).splitlines()[-1].startswith("no copies were read: the journal knows of none")
    (jinkui.home / "stores/second").rename(tmp_path / "away")
    assert said_by(jinkui, 9, "--store", "second").splitlines()[-1].startswith("no copies were read: the stores that")


def said_by(jinkui: Jinkui, code: int, *options: str) -> str:
    """Run an audit and return all that a person reads, errors before answers."""
    jinkui.capsys.readouterr()
    assert run(["--home", str(jinkui.home), "--lang", "en", "audit", *options]) == code
    out, error = jinkui.capsys.readouterr()
    return str(error + out).rstrip()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_store_where_another_lies_is_told_once(jinkui: Jinkui) -> None:
    marker = jinkui.home / "stores/second/store.json"
    found = json.loads(marker.read_bytes())
    marker.write_text(json.dumps({**found, "store_id": "another", "name": "other"}), "utf-8")
    jinkui.capsys.readouterr()
    assert run(["--home", str(jinkui.home), "--lang", "en", "audit"]) == 9
    assert "".join(jinkui.capsys.readouterr()).count("another store lies where “second” should be") == 1
