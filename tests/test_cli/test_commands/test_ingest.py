"""The command that takes batches in, as an archivist meets it."""

from pathlib import Path

import pytest

import ingest.storing
from archives.errors import ConflictError, UnfinishedError
from archives.message import message
from archives.record.description import Description
from ingest.package import build_package
from preservation.package.new_package import NewPackage
from tests.support.command_line import Jinkui, Prepared

CODES = tuple(f"Z109-WS·2011-Y-BGS-000{number}" for number in (1, 2, 3))


def founded(jinkui: Jinkui) -> None:
    """Make an archive with a repository and a fonds."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆", "--name-en", "Linglan", "--kind", "馆")
    fonds = jinkui.home.parent / "fonds.csv"
    fonds.write_text("全宗号,全宗名称,立档单位\nZ109,全宗,单位\n", "utf-8")
    jinkui("fonds", "import", str(fonds))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def write(path: Path, text: str) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.mark.children
def test_a_sheet_outside_the_batch_is_read_and_kept_by_confined_children(jinkui: Jinkui, tmp_path: Path) -> None:
    write(tmp_path / "batch" / "1.txt", "一")
    sheet = write(tmp_path / "sheets" / "目录.csv", f"档号,题名,语种,文件\n{CODES[0]},题名,汉语,1.txt\n")
    told = jinkui.json("ingest", str(tmp_path / "batch"), "--sheet", str(sheet), "--dry-run")
    assert [one["outcome"] for one in told["records"]] == ["would be stored"]
    told = jinkui.json("ingest", str(tmp_path / "batch"), "--sheet", str(sheet))
    assert [one["outcome"] for one in told["records"]] == ["stored"]
    kept = [path.name for path in (tmp_path / "home").rglob("目录.csv")]
    assert kept


def living(jinkui: Jinkui, *chosen: str) -> list[tuple[str, str]]:
    """Return the code and the archival code of every finding that lives."""
    found = jinkui.json("findings", "list", *chosen)["findings"]
    return [(one["code"], one["archival_code"]) for one in found]


def write_batch(folder: Path, *files: str) -> str:
    """Write a batch whose rows name these files, of which those that are called missing are not there."""
    rows = "".join(f"{code},题名,汉语,{name}\n" for code, name in zip(CODES, files, strict=False))
    write(folder / "catalogue.csv", f"档号,题名,语种,文件\n{rows}")
    for name in files:
        if "missing" not in name:
            write(folder / name, name)
    return str(folder)


def test_what_is_wrong_with_a_rejected_row_names_its_archival_code(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = write_batch(tmp_path / "batch", "1.txt", "missing.txt", "missing too.txt")
    jinkui("ingest", batch, code=12)
    expected = [("file-missing", CODES[1]), ("file-missing", CODES[2])]
    assert living(jinkui) == expected
    assert living(jinkui, "--record", CODES[2]) == expected[1:]
    assert CODES[1] in jinkui("findings", "list", lang="zh")
    jinkui("findings", "settle", "--record", CODES[1], "--reason", "there never was one")
    assert living(jinkui) == expected[1:]


def test_a_dry_run_shows_people_what_would_be_rejected_and_tells_no_zeros(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = write_batch(tmp_path / "batch", "1.txt", "missing.txt")
    table, findings = jinkui("ingest", batch, "--dry-run", code=12).split("findings\n┏")
    assert CODES[0] in table and CODES[1] in table
    assert "would be rejected" in table
    assert "wait for review" not in findings


def test_a_rejection_that_only_a_run_finds_is_told_on_every_run_and_lives_until_settled(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = write_batch(tmp_path / "batch", "1.txt", "2.txt")
    failures: list[ConflictError] = []

    def build(description: Description, *rest: object) -> NewPackage:
        if failures and description.code.written == CODES[1]:
            raise failures[0]
        return build_package(description, *rest)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(ingest.storing, "build_package", build)
    for failure, expected in (
        (ConflictError(message("变了", "it changed"), subject="2.txt"), ["source-changed"]),
        (ConflictError(message("变了", "it changed"), subject="2.txt"), ["source-changed"]),
        (UnfinishedError(message("未完", "not ended")), ["source-changed", "unfinished"]),
    ):
        failures[:] = [failure]
        told = jinkui.json("ingest", batch, code=12)
        assert told["records"][1]["outcome"] == "rejected"
        assert living(jinkui) == [(code, CODES[1]) for code in expected]
    failures.clear()
    jinkui("ingest", batch)
    assert living(jinkui) == [("source-changed", CODES[1]), ("unfinished", CODES[1])]
    jinkui("findings", "settle", "--kind", "source-changed", "--reason", "taken in since")
    assert living(jinkui) == [("unfinished", CODES[1])]
    jinkui("audit")


def test_a_decision_that_is_refused_is_told_with_what_to_do(jinkui: Jinkui, tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    write(folder / "catalogue.csv", f"档号,题名,语种,密级,文件\n{CODES[0]},题名,汉语,工作秘密,1.txt\n")
    write(folder / "1.txt", "1")
    jinkui("ingest", str(folder))
    said = "开放,全文,目录,甲,乙,2025-01-01,2025-01-02"
    sheet = write(
        tmp_path / "decisions.csv",
        "档号,结论,网上范围,依据,审核人,批准人,审核日期,开放日期\n"
        f"{CODES[0]},{said}\n{CODES[1]},{said}\n{CODES[2]},随便,,,,乙,,\n",
    )
    for command in ("apply", "preview"):
        found = jinkui.json("opening", command, str(sheet), code=12)["findings"]
        codes = {one["code"] for one in found}
        assert codes >= {"refused", "not-found", "conclusion-unreadable", "basis-missing"}
        assert [one["code"] for one in found if not one["advice"]] == []
        shown = jinkui("opening", command, str(sheet), code=12, lang="zh")
        assert all(one["advice"] for one in found)
        assert "请改正决定表中的这一行" in "".join(shown.split())
