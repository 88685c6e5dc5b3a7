"""What is marked as secret is not opened; what an archivist judged to be no marking is, and the journal has it."""

import csv
from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_closing import decide

CODES = tuple(f"Z109-WS·2001-D10-BGS-000{number}" for number in (1, 2))
HEADINGS = ("档号", "题名", "日期", "密级", "附注", "文件")


def batch(folder: Path, *rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> str:
    """Write a batch of documents."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "目录.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    for row in rows:
        if len(row) == len(HEADINGS):
            (folder / row[-1]).write_text("canary", "utf-8")
    return str(folder)


def taken_in(jinkui: Jinkui) -> None:
    """Make an archive with a record that is 内部, and one whose note is the title of a film."""
    jinkui("repository", "add", "990001", "--name", "馆", "--name-en", "Archives", "--kind", "馆")
    rows = [(CODES[0], "一", "2001", "内部", "", "1.txt"), (CODES[1], "二", "2001", "", "秘密", "2.txt")]
    folder = batch(jinkui.home.parent / "batch", *rows)
    assert jinkui.json("ingest", folder, code=5)["error"]["code"] == "refused"
    jinkui("ingest", folder, "--not-secret", "E3", code=2)
    jinkui("ingest", folder, "--not-secret", "E3=title of a film", code=12)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(taken_in, tmp_path, capsys)


def test_what_is_withheld_opens_only_after_its_classification_was_corrected(jinkui: Jinkui) -> None:
    sheet = str(decide(jinkui.home.parent, *((code, "开放", "2021-09-01", "全文") for code in CODES)))
    previewed = jinkui.json("opening", "preview", sheet, code=12)
    assert [one["archival_code"] for one in previewed["records"]] == [CODES[1]]
    refused = jinkui.json("opening", "apply", sheet, code=12)
    assert [one["archival_code"] for one in refused["applied"]] == [CODES[1]]
    assert [one["code"] for one in refused["findings"]] == ["refused"]
    correction = batch(jinkui.home.parent / "correction", (CODES[0], "公开"), headings=("档号", "密级"))
    jinkui("ingest", correction, "--update", code=12)
    opened = jinkui.json("opening", "apply", sheet, code=0)
    assert len(opened["applied"]) == 2
    assert jinkui.json("search", "canary", "--public")["total"] == 2


def marriages(jinkui: Jinkui) -> dict[str, str]:
    """Take in rows whose titles the profile puts together of names; return two codes with their reviewed digests."""
    rows = [(f"K050-1-2-{number}", "卫东", "蒋 英", "1968-01-01") for number in (1, 2)]
    folder = batch(jinkui.home.parent / "marriages", *rows, headings=("档号", "男方姓名", "女方姓名", "登记日期"))
    jinkui("catalogue", "import", f"{folder}/目录.csv")
    sheet = str(decide(jinkui.home.parent, *((row[0], "开放", "2021-09-01", "仅目录") for row in rows)))
    previewed = jinkui.json("opening", "preview", sheet, code=12)
    assert [one["code"] for one in previewed["findings"]] == ["private-person"] * 4
    assert all(one["title"].endswith("婚姻登记材料") for one in previewed["records"])
    return {one["archival_code"]: one["reviewed_digest"] for one in previewed["records"]}


def test_no_title_that_names_a_person_of_its_unit_opens_unseen(jinkui: Jinkui) -> None:
    digests = marriages(jinkui)
    sheet = jinkui.home.parent / "decisions.csv"
    refused = jinkui.json("opening", "apply", str(sheet), code=12)
    assert refused["applied"] == [] and [one["code"] for one in refused["findings"]] == ["refused"] * 2
    assert jinkui.json("search", "婚姻登记", "--public")["total"] == 0
    corrections = batch(jinkui.home.parent / "corrected", ("K050-1-2-1", "婚姻登记材料"), headings=("档号", "题名"))
    jinkui("describe", f"{corrections}/目录.csv", "--reason", "no names")
    head, first, second = sheet.read_text("utf-8").splitlines()
    sheet.write_text("\n".join([f"{head},审核摘要", f"{first},", f"{second},{digests['K050-1-2-2']}"]), "utf-8")
    assert len(jinkui.json("opening", "apply", str(sheet))["applied"]) == 2
    assert jinkui.json("search", "蒋英", "--public")["total"] == 1
    assert jinkui.json("search", "婚姻登记", "--public")["total"] == 2
