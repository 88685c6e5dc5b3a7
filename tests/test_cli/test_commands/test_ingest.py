"""The command that takes batches in, as an archivist meets it."""

from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared

pytestmark = pytest.mark.children
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


def test_a_sheet_outside_the_batch_is_read_and_kept_by_confined_children(jinkui: Jinkui, tmp_path: Path) -> None:
    write(tmp_path / "batch" / "1.txt", "一")
    sheet = write(tmp_path / "sheets" / "目录.csv", f"档号,题名,语种,文件\n{CODES[0]},题名,汉语,1.txt\n")
    told = jinkui.json("ingest", str(tmp_path / "batch"), "--sheet", str(sheet), "--dry-run")
    assert [one["outcome"] for one in told["records"]] == ["would be stored"]
    told = jinkui.json("ingest", str(tmp_path / "batch"), "--sheet", str(sheet))
    assert [one["outcome"] for one in told["records"]] == ["stored"]
    kept = [path.name for path in (tmp_path / "home").rglob("目录.csv")]
    assert kept
