"""Findings that later batches answer: under a corrected code, in another folder, by files that came after all."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_findings import founded, listed

pytestmark = pytest.mark.children
CODE = "Z109-WS·2012-Y-BGS-"


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def delivered(folder: Path, codes: Sequence[str], files: Mapping[str, str] | None = None) -> str:
    """Write a batch with a row for each code, and files named by codes, or as ``files`` has them; return its folder."""
    folder.mkdir(exist_ok=True)
    rows = "".join(f"{code if code.startswith('no') else CODE + code},题名,2012\n" for code in codes)
    (folder / "catalogue.csv").write_text(f"档号,题名,日期\n{rows}", "utf-8")
    for name, text in (files or {}).items():
        (folder / f"{CODE}{name}.txt").write_text(text, "utf-8")
    return str(folder)


THREE = {"0001": "first", "0002": "second", "0004": "fourth"}


def waiting(jinkui: Jinkui, batch: str) -> list[str]:
    """Return the kinds of findings of a batch that wait."""
    return sorted(one["code"] for one in listed(jinkui, "--batch", batch))


def mistyped(jinkui: Jinkui, tmp_path: Path, code: str = "OOO4") -> str:
    """Take in a batch of three of which one code is mistyped; return its number."""
    batch = delivered(tmp_path / "first", ["0001", "0002", code], THREE)
    number: str = jinkui.json("ingest", batch, code=12)["batch_id"]
    assert "files-missing" in waiting(jinkui, number)
    return number


@pytest.mark.parametrize("wrong", ["OOO4", "0009", "4", "nocode"])
def test_a_code_that_a_later_batch_corrects_is_a_finding_no_more(jinkui: Jinkui, tmp_path: Path, wrong: str) -> None:
    first = mistyped(jinkui, tmp_path, wrong)
    later = jinkui.json("ingest", delivered(tmp_path / "second", ["0001", "0002", "0004"], THREE))
    assert waiting(jinkui, first) == []
    settled = [one["settled"]["reason"] for one in listed(jinkui, "--batch", first, "--settled")]
    assert any(f"code {CODE}0004 by now" in one and later["batch_id"] in one for one in settled)
    assert later["settled"] == len(settled)
    for lang, other in (("zh", "taken in"), ("en", "再次")):
        assert other not in jinkui("findings", "list", "--batch", first, "--settled", lang=lang)
    jinkui("rebuild")
    assert waiting(jinkui, first) == []


@pytest.mark.parametrize("wrong", ["OOO4", "4"])
def test_a_code_that_reads_alike_is_known_by_the_file_alone(jinkui: Jinkui, tmp_path: Path, wrong: str) -> None:
    first = mistyped(jinkui, tmp_path, wrong)
    jinkui("ingest", delivered(tmp_path / "second", ["0004"], {"0004": "fourth"}))
    assert waiting(jinkui, first) == []


@pytest.mark.parametrize(
    ("wrong", "rows", "files"),
    [
        ("0009", ["0004"], {"0004": "fourth"}),  # another sheet: nobody can say of which row the file is
        ("OOO4", ["0001", "0002", "0004"], {**THREE, "0004": "other bytes"}),
        ("0009", ["0001", "0004", "0002"], THREE),  # what stands in its row was in before
    ],
)
def test_what_nobody_can_know_to_be_the_same_row_waits_and_says_by_which_command(
    jinkui: Jinkui, tmp_path: Path, wrong: str, rows: list[str], files: dict[str, str]
) -> None:
    first = mistyped(jinkui, tmp_path, wrong)
    jinkui("ingest", delivered(tmp_path / "second", rows, files))
    (missing,) = (one for one in listed(jinkui, "--batch", first) if one["code"] == "files-missing")
    assert "jinkui findings settle" in missing["advice"]


def test_a_row_that_still_stands_in_the_sheet_is_not_taken_for_another(jinkui: Jinkui, tmp_path: Path) -> None:
    first = mistyped(jinkui, tmp_path, "0009")
    again = delivered(tmp_path / "second", ["0001", "0002", "0004", "0009"], THREE)
    jinkui("ingest", again, code=12)
    assert waiting(jinkui, first) == ["files-missing"]


def test_files_that_come_for_a_record_that_was_kept_answer_that_none_came(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("ingest", delivered(tmp_path / "first", ["0001"], {"0001": "first"}))
    second = jinkui.json("ingest", delivered(tmp_path / "second", ["0001"]), code=12)["batch_id"]
    assert waiting(jinkui, second) == ["files-missing"]
    jinkui("ingest", delivered(tmp_path / "third", ["0001", "0002"], THREE), code=12)
    assert waiting(jinkui, second) == []
