"""Records that are kept can be recognised later, or again; a record's tree comes out of export as it came."""

import csv
from pathlib import Path

import pytest

from tests.support.batches import COLUMNS, make_image
from tests.support.command_line import Jinkui, Prepared
from tests.support.files import scanned_pdf_bytes

CODE, OTHER = "Z109-WS·2011-Y-BGS-0001", "Z109-WS·2011-Y-BGS-0002"


def founded(jinkui: Jinkui) -> None:
    """Take in a record of a scan and a text that says it is one of documents, and one without a page."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆")
    batch = jinkui.home.parent / "batch"
    make_image(batch / CODE / "1.png")
    for name in ("附件/说明.txt", ".hidden", "Thumbs.db", ".git/config"):
        (batch / CODE / name).parent.mkdir(exist_ok=True)
        (batch / CODE / name).write_text("LEVEL OF THE RIVER", "utf-8")
    for name in ("空", "附件/空/空"):
        (batch / CODE / name).mkdir(parents=True)
    (batch / f"{OTHER}.txt").write_text("nothing to recognise", "utf-8")
    with (batch / "catalogue.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [(one, "Flood report", "2011", "永久", "英语", "") for one in (CODE, OTHER)]
        csv.writer(file).writerows([COLUMNS, *rows])
    (batch / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    jinkui("ingest", str(batch), code=12)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def tree(folder: Path) -> set[str]:
    """Return every file below a folder, and every folder in which nothing lies."""
    places = [*folder.rglob("*")]
    return {str(one.relative_to(folder)) for one in places if one.is_file() or not any(one.iterdir())}


def originals(jinkui: Jinkui) -> list[tuple[str, str]]:
    """Return place and digest of the record's files as they came."""
    files = jinkui.json("show", CODE)["files"]
    return sorted((one["path"], one["sha256"]) for one in files if "/original/" in one["path"])


def test_a_record_is_recognised_later_and_its_files_stay_what_they_are(jinkui: Jinkui, tmp_path: Path) -> None:
    before = originals(jinkui)
    assert jinkui.json("search", "1986")["total"] == 0
    (foreseen,) = jinkui.json("recognise", CODE, "--dry-run")["records"]
    assert (foreseen["outcome"], foreseen["pages"], foreseen["version"]) == ("would be updated", 1, None)
    assert jinkui.json("show", CODE)["versions"] == [1]
    one, other = jinkui.json("recognise", CODE, OTHER, code=12)["records"]
    assert (one["outcome"], one["pages"], one["version"]) == ("updated", 1, 2)
    assert [found["code"] for found in one["findings"]] == ["fonds-unknown"]
    assert (other["outcome"], other["pages"]) == ("nothing_to_read", 0)
    assert jinkui.json("search", "1986")["total"] == 1
    assert originals(jinkui) == before
    shown = jinkui.json("show", CODE)
    assert [event["type"] for event in shown["events"]].count("ingestion") == 1
    assert {one["path"]: one["text"] for one in shown["files"] if "/original/" in one["path"] and one["text"]} == {
        "data/representations/original/data/1.png": "recognised",
        "data/representations/original/data/附件/说明.txt": "own",
    }
    assert jinkui.json("recognise", CODE)["records"][0]["outcome"] == "nothing_to_read"
    (again,) = jinkui.json("recognise", CODE, "--again", code=12)["records"]
    assert (again["outcome"], again["pages"], again["version"]) == ("updated", 1, 3)
    assert [one["how"] for one in jinkui.json("explain", CODE)["texts"]] == ["recognised", "own"]
    jinkui("export", CODE, str(tmp_path / "out"))
    assert tree(tmp_path / "out" / "data" / "representations" / "original" / "data") == tree(tmp_path / "batch" / CODE)


def test_a_records_tree_comes_out_as_it_came(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("export", CODE, str(tmp_path / "out"))
    assert tree(tmp_path / "out" / "data" / "representations" / "original" / "data") == tree(tmp_path / "batch" / CODE)
    assert {"空", "附件/空/空", ".hidden", ".git/config", "Thumbs.db"} < tree(tmp_path / "batch" / CODE)


def test_a_scan_among_documents_is_recognised_and_it_is_said(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = tmp_path / "batch"
    (batch / "batch.toml").unlink()
    (batch / f"{OTHER}.txt").rename(batch / f"{OTHER} a.txt")
    (batch / f"{OTHER} b.pdf").write_bytes(scanned_pdf_bytes())
    done = jinkui.json("ingest", str(batch), "--update", code=12)["records"]
    assert {one["archival_code"]: one["outcome"] for one in done} == {CODE: "already_in", OTHER: "updated"}
    told = next(one["findings"] for one in done if one["archival_code"] == OTHER)
    assert ("text-recognised", f"{OTHER} b.pdf") in {(found["code"], found["file"]) for found in told}


def test_a_record_that_nobody_has_is_not_found(jinkui: Jinkui) -> None:
    jinkui("recognise", "Z109-1", code=4)
