"""Versions of a record: what differs becomes a new one, the old stays readable, a new code keeps the history."""

import csv
from pathlib import Path

import bagit
import ocfl
import pytest

from archives.errors import StorageError
from archives.message import message
from tests.support.batches import COLUMNS, make_batch, make_image
from tests.support.command_line import Jinkui, Prepared

CODE = "Z109-WS·2011-Y-BGS-0001"
NEW = "Z109-WS·2011-Y-BGS-0901"
ROW = (CODE, "Flood report", "2011", "永久", "英语", "2")


def founded(jinkui: Jinkui) -> None:
    """Make what the tests here begin with."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆")
    batch = make_batch(jinkui.home.parent / "batch", [ROW])
    make_image(batch / f"{CODE}-002.jpg", text="SECOND PAGE")
    jinkui("ingest", str(batch), code=12)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def rescanned(tmp_path: Path, *, title: str = ROW[1], second: str = "RIVER LEVELS") -> str:
    """Return the batch with another second page."""
    batch = tmp_path / "batch"
    with (batch / "catalogue.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, (CODE, title, *ROW[2:])])
    make_image(batch / f"{CODE}-002.jpg", text=second)
    return str(batch)


def test_what_differs_becomes_a_version_that_stores_only_what_is_new(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = rescanned(tmp_path)
    for options, outcome in (((), "differs"), (("--update",), "updated")):
        foreseen = jinkui.json("ingest", batch, "--dry-run", *options, code=12)["records"][0]
        assert foreseen["outcome"] == f"would be {outcome}"
    left = jinkui.json("ingest", batch, code=12)["records"][0]
    assert (left["outcome"], left["version"]) == ("differs", 1)
    record = jinkui.json("ingest", batch, "--update", code=12)["records"][0]
    assert (record["outcome"], record["version"], record["pages"]) == ("updated", 2, 1)
    again = jinkui.json("ingest", batch, "--update", code=12)["records"][0]  # what nobody settled is told again
    assert (again["outcome"], again["version"]) == ("already_in", 2)
    first, second = jinkui.json("versions", CODE)["versions"]
    assert second["removed"] == []
    assert "data/representations/original/data" in "".join(second["changed"])
    assert not [path for path in second["changed"] if path.endswith(("0001.xml", "0001.txt"))]
    assert second["stored_bytes"] < first["stored_bytes"]
    assert jinkui.json("search", "river")["total"] == 1
    assert jinkui.json("search", "second page")["total"] == 0
    shown = jinkui.json("show", CODE)
    assert shown["versions"] == [1, 2]
    assert [e["type"] for e in shown["events"]].count("modification") == 1
    assert [e["type"] for e in shown["events"]].count("ingestion") == 2


def test_every_version_can_be_exported_and_stock_tools_accept_all(jinkui: Jinkui, tmp_path: Path) -> None:
    old = next((jinkui.home / "stores/first/packages").rglob("original/data/*002.jpg")).read_bytes()
    jinkui("ingest", rescanned(tmp_path), "--update", code=12)
    jinkui("ingest", rescanned(tmp_path, title="Flood report, corrected"), "--update", code=12)
    third = jinkui.json("versions", CODE)["versions"][2]
    assert not [path for path in third["changed"] if "/representations/" in path], "only the description is new"
    for version in (1, 2, 3):
        folder = tmp_path / f"v{version}"
        jinkui("export", CODE, str(folder), "--version", str(version))
        assert bagit.Bag(str(folder)).validate()
        kept = next(folder.rglob("original/data/*002.jpg")).read_bytes() == old
        assert kept is (version == 1)
    jinkui("export", CODE, str(tmp_path / "v4"), "--version", "4", code=4)
    assert not (tmp_path / "v4").exists()
    for name in ("first", "second"):
        root = ocfl.StorageRoot(root=str(jinkui.home / f"stores/{name}/packages"))
        assert root.validate(), root.log.status_str()
    assert jinkui.json("audit")["copies"] == []


def test_damage_in_an_old_version_is_found_and_mended(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("ingest", rescanned(tmp_path), "--update", code=12)
    victim = next((jinkui.home / "stores/second/packages").rglob("v1/content/data/**/*002.jpg"))
    victim.write_bytes(b"x")
    (found,) = jinkui.json("audit", code=12)["copies"]
    assert found["file"] in str(victim)
    jinkui("repair", "--yes")
    assert jinkui.json("audit")["copies"] == []


def test_a_new_code_keeps_the_history_and_both_find_the_record(jinkui: Jinkui, tmp_path: Path) -> None:
    sheet = tmp_path / "opening.csv"
    columns = "档号,结论,依据,会同单位,审核人,批准人,审核日期,开放日期,网上范围"
    sheet.write_text(f"{columns}\n{CODE},开放,满25年,,甲,乙,2020-01-01,2020-01-01,全文\n", "utf-8")
    jinkui("opening", "apply", str(sheet))
    assert jinkui.json("search", "flood", "--public")["total"] > 0
    done = jinkui.json("renumber", CODE, NEW, "--reason", "重新整理")
    assert (done["former_code"], done["archival_code"], done["revision"]) == (CODE, NEW, 1)
    for code in (CODE, NEW):
        shown = jinkui.json("show", code)
        assert shown["archival_code"] == NEW
        assert shown["former_codes"] == [CODE]
        assert shown["versions"] == [1]  # a row of description: no package is written anew
        assert shown["description"]["openness"] == "开放"
    for words in ("flood", CODE):
        hit = jinkui.json("search", words, "--public")["hits"][0]
        assert hit["archival_code"] == NEW
    assert jinkui.json("search", CODE)["hits"][0]["archival_code"] == NEW
    told = [entry["type"] for entry in jinkui.json("explain", NEW)["entries"]]
    assert (told.count("package-stored"), told.count("units-renumbered")) == (1, 1)
    assert "opening-decided" in told
    before = [jinkui.json("show", NEW), jinkui.json("explain", CODE), jinkui.json("search", "flood")]
    jinkui("rebuild")
    assert [jinkui.json("show", NEW), jinkui.json("explain", CODE), jinkui.json("search", "flood")] == before
    sheet.write_text(f"原档号,新档号\n{NEW},Z109-WS·2011-Y-BGS-0999\nnothing-1,{CODE}\n", "utf-8")
    refused = jinkui.json("renumber", "--sheet", str(sheet), code=12)
    assert [(one["code"], one["row"], one["cell"]) for one in refused["findings"]] == [("unit-unknown", 3, "A3")]
    assert refused["renumbered"] == 0
    sheet.write_text(f"原档号,新档号\n{NEW},{CODE}\n", "utf-8")
    assert jinkui.json("renumber", "--sheet", str(sheet), "--dry-run")["renumbered"] == 1
    assert jinkui.json("renumber", "--sheet", str(sheet), "--reason", "误改")["renumbered"] == 1
    assert jinkui.json("renumber", "--sheet", str(sheet))["renumbered"] == 0  # carried out already
    shown = jinkui.json("show", NEW)
    assert (shown["archival_code"], shown["history"][-1]["source"]) == (CODE, f"{sheet.name} 2")
    sheet.write_text(f"旧档号,档号\n{CODE},{NEW}\n", "utf-8")
    assert jinkui.json("renumber", "--sheet", str(sheet))["codes"][0]["archival_code"] == NEW
    (record,) = jinkui.json("ingest", str(tmp_path / "batch"), code=12)["records"]
    assert (record["outcome"], record["package_id"]) == ("already_in", done["package_id"])
    assert jinkui.json("audit")["copies"] == []
    jinkui("opening", "withdraw", CODE, "--reason", "误开")
    assert jinkui.json("search", "flood", "--public")["total"] == 0


def test_a_code_that_is_taken_unknown_or_none_is_refused(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("ingest", str(make_batch(tmp_path / "other", [(NEW, *ROW[1:5], "1")])), code=12)
    jinkui("renumber", CODE, NEW, code=6)
    jinkui("renumber", CODE, CODE, code=2)
    jinkui("renumber", "Z109-9", NEW, code=4)
    jinkui("renumber", CODE, "no code!", code=3)
    assert jinkui.json("show", CODE)["versions"] == [1]


def test_what_was_interrupted_and_cannot_be_ended_yet_is_not_begun_again(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the same record would be stored twice, or a version be mixed with what is left of another."""
    other = str(make_batch(tmp_path / "other", [(NEW, *ROW[1:5], "1")]))
    batch = rescanned(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise StorageError(message("坏了", "it is broken"), subject="main")

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("preservation.vault.recovery.complete_version", refuse)
        for arguments in (("ingest", other), ("ingest", batch, "--update")):
            with monkeypatch.context() as dying:
                dying.setattr("preservation.vault.writing.write_versions", die)
                jinkui(*arguments, code=130)
        for arguments in (("ingest", other), ("ingest", batch, "--update")):
            (record,) = jinkui.json(*arguments, code=12)["records"]
            assert record["outcome"] == "rejected"
            assert record["findings"][-1]["code"] == "unfinished"
        jinkui("renumber", CODE, "Z109-WS·2011-Y-BGS-0777", code=6)
        jinkui("renumber", CODE, NEW, code=6)
    (record,) = jinkui.json("ingest", other, code=12)["records"]
    assert record["outcome"] == "stored_with_findings"
    (record,) = jinkui.json("ingest", batch, "--update", code=12)["records"]
    assert (record["outcome"], record["version"]) == ("updated", 2)
    assert jinkui.json("audit")["copies"] == []
