"""An archives with reference codes of its own: keys, order, names of files and every command follow its rule."""

from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.support.files import image_bytes
from tests.test_cli.test_commands.test_catalogue import table

CODES = ("HC/1/3", "HC/1/10", "MS 123", "RG 59, Box 3")


def founded(jinkui: Jinkui) -> None:
    """Make what the tests here begin with."""
    jinkui("repository", "add", "US1", "--name", "大学档案馆", "--name-en", "University Archives", "--codes", "free")


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def batch_of(folder: Path) -> str:
    """Write a batch with records of free codes: folders, names in which no stroke can stand, and a tree of parts."""
    table(
        folder / "catalogue.csv",
        ("Reference", "Title", "Date"),
        *((code, f"Title of {code}", "1987") for code in CODES),
    )
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    for name in ("HC/1/3/001.jpg", "HC_1_10-001.jpg", "HC_1_10-002.jpg", "MS 123.jpg", "RG 59, Box 3/001.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(image_bytes("JPEG"))
    return str(folder)


def test_records_with_free_codes_go_in_and_are_found_in_every_writing(jinkui: Jinkui, tmp_path: Path) -> None:
    (tmp_path / "batch").mkdir()
    told = jinkui.json("ingest", batch_of(tmp_path / "batch"), code=12)
    assert {one["archival_code"]: one["outcome"][:6] for one in told["records"]} == dict.fromkeys(CODES, "stored")
    assert not [one["code"] for record in told["records"] for one in record["findings"] if one["severity"] == "error"]
    assert {code: len(_originals(jinkui, code)) for code in CODES} == {
        CODES[0]: 1,
        CODES[1]: 2,
        CODES[2]: 1,
        CODES[3]: 1,
    }
    for written in ("rg 59,  box 3", "RG59/Box 3", "RG 59 Box 3"):
        assert jinkui.json("show", written)["archival_code"] == "RG 59, Box 3"
    assert jinkui.json("show", "MS123")["archival_code"] == "MS 123"
    assert jinkui.json("show", "HC_1_10")["archival_code"] == "HC/1/10"
    jinkui("show", "HC/11/0", code=4)
    listed = jinkui.json("catalogue", "list")["units"]
    assert [one["code"] for one in listed] == [*CODES]
    assert [one["code"] for one in jinkui.json("catalogue", "list", "--fonds", "RG 59")["units"]] == ["RG 59, Box 3"]
    jinkui("renumber", "HC/1/3", "HC/2/1")
    assert jinkui.json("show", "HC/1/3")["archival_code"] == "HC/2/1"
    assert jinkui.json("search", "HC/1/10")["hits"][0]["archival_code"] == "HC/1/10"
    jinkui("rebuild")
    assert jinkui.json("show", "HC/1/3")["archival_code"] == "HC/2/1"
    assert jinkui.json("audit")["copies"] == []


def test_a_strange_code_is_a_finding_by_the_rule_of_da_t_alone(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("repository", "add", "990001", "--name", "馆")
    sheet = table(tmp_path / "t.csv", ("档号", "题名", "日期"), ("HC/1/3", "题名", "1987"), ("HC/1/4", "题名", "1987"))
    assert not jinkui.json("catalogue", "import", sheet, "--repository", "US1", "--dry-run")["dirt"]
    told = jinkui.json("catalogue", "import", sheet, "--repository", "990001", "--dry-run", code=12)
    assert [(one["code"], one["count"]) for one in told["dirt"]] == [("code-unreadable", 2)]
    jinkui("repository", "add", "990001", "--name", "馆", "--codes", "free")
    assert not jinkui.json("catalogue", "import", sheet, "--repository", "990001")["dirt"]


def _originals(jinkui: Jinkui, code: str) -> list[str]:
    files = jinkui.json("show", code)["files"]
    return [one["path"] for one in files if one["path"].startswith("data/representations/original")]
