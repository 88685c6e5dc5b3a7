"""What waits for its first review is counted by status, and listed by the command that stands beside the number."""

import csv
import re
import shlex
from pathlib import Path

import pytest

from archives.message import Language
from cli import wiring
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import founded, write

OLD, YOUNG, UNDATED, LOST, GONE = (f"Z109-2-{number}" for number in (15, 16, 17, 18, 19))


def described(jinkui: Jinkui) -> None:
    """Describe volumes that are due, that are not, of no known date, missing, and handed on."""
    founded(jinkui)
    rows = (
        (OLD, "防汛", "1953", ""),
        (YOUNG, "水库", "2024", ""),
        (UNDATED, "堤防", "", ""),
        (LOST, "水文", "1960", "缺失"),
        (GONE, "灌溉", "1961", "已移交"),
    )
    table = jinkui.home.parent / "table.csv"
    write(table, "档号,案卷题名,日期,状态\n" + "".join(f"{','.join(row)}\n" for row in rows))
    jinkui("catalogue", "import", str(table))


@pytest.fixture
def jinkui(
    prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Jinkui:
    monkeypatch.setattr(wiring, "unit_folders", lambda _: ())
    return prepared.copy(described, tmp_path, capsys)


def codes(jinkui: Jinkui, *options: str) -> list[str]:
    """Return the codes of what is listed."""
    return [one["archival_code"] for one in jinkui.json("opening", "due", *options)["due"]]


def test_what_is_due_is_listed_and_neither_the_young_the_undated_nor_what_left(jinkui: Jinkui) -> None:
    assert codes(jinkui) == [OLD, LOST]
    assert codes(jinkui, "--all") == [OLD, YOUNG, UNDATED, LOST]
    assert codes(jinkui, "--undated") == [UNDATED]
    assert codes(jinkui, "--level", "件") == []
    jinkui("opening", "due", "--all", "--undated", code=2)


def test_a_long_list_says_how_it_goes_on(jinkui: Jinkui) -> None:
    told = jinkui("opening", "due", "--all", "--most", "2")
    assert "2 of 4" in told
    assert f"--after {YOUNG}" in told
    assert codes(jinkui, "--all", "--after", YOUNG) == [UNDATED, LOST]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_number_of_status_is_that_of_the_rows_its_command_lists(jinkui: Jinkui, language: Language) -> None:
    told = jinkui("status", code=12, lang=language)
    found = {}
    for line in told.splitlines():
        if match := re.search(
            r"(?:未审核|应审核|日期不详|缺失|opening:)? ?(\d+).*→ (jinkui (?:opening|catalogue) .+)$", line
        ):
            found[match[2]] = int(match[1])
    assert len(found) == 4
    for command, number in found.items():
        assert jinkui.json(*shlex.split(command)[1:])["count"] == number, command


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_filled_in_is_a_sheet_of_decisions(jinkui: Jinkui, tmp_path: Path, language: Language) -> None:
    sheet = tmp_path / "due.csv"
    jinkui("opening", "due", "--report", str(sheet), lang=language)
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    filled = {
        "结论": "开放", "依据": "满二十五年", "审核人": "甲", "批准人": "乙", "审核日期": "2026-01-02", "开放日期": "2026-01-03",
        "conclusion": "open", "basis": "old", "reviewer": "甲", "approver": "乙", "reviewed on": "2026-01-02",
        "opens on": "2026-01-03",
    }  # fmt: skip
    rows = [[filled.get(name, cell) for name, cell in zip(head, row, strict=True)] for row in rows]
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    done = jinkui.json("opening", "apply", str(sheet))
    assert [one["archival_code"] for one in done["applied"]] == [OLD, LOST]
    assert codes(jinkui) == []
    assert codes(jinkui, "--all") == [YOUNG, UNDATED]
