"""A decision is about what was reviewed: what changed since waits, and is public only when it was reviewed again."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from archives.journal.facts import OpeningDecided
from archives.record.identifiers import archival_code_key
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision
from preservation.actions.units.describing import Change, Said, describe_units
from tests.support.command_line import Jinkui, Prepared
from tests.support.homes import quiet
from tests.test_cli.test_commands.test_closing import decide

CODES = tuple(f"Z109-WS·2001-D10-BGS-000{number}" for number in (1, 2))


def batch(folder: Path, *, texts: tuple[str, str], titles: tuple[str, str] = ("Report 1", "Report 2")) -> str:
    """Write a batch of two text documents."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "catalogue.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [(code, title, "2001", "10年", "备注") for code, title in zip(CODES, titles, strict=True)]
        csv.writer(file).writerows([("档号", "题名", "日期", "保管期限", "附注"), *rows])
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    for code, text in zip(CODES, texts, strict=True):
        (folder / f"{code}.txt").write_text(text, "utf-8")
    return str(folder)


def opened(jinkui: Jinkui) -> None:
    """Make an archive with two open documents."""
    jinkui("repository", "add", "990001", "--name", "馆", "--name-en", "Archives", "--kind", "馆")
    jinkui("ingest", batch(jinkui.home.parent / "batch", texts=("canary one", "canary two")), code=12)
    jinkui("opening", "apply", str(decide(jinkui.home.parent, *((c, "开放", "2021-09-01", "全文") for c in CODES))))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(opened, tmp_path, capsys)


def public(jinkui: Jinkui, words: str = "canary") -> Any:
    """Return how many documents the public finds."""
    return jinkui.json("search", words, "--public")["total"]


def update(jinkui: Jinkui, *, code: int = 12, dry: bool = False, **changed: Any) -> dict[str, Any]:
    """Take the batch in again, changed."""
    folder = batch(jinkui.home.parent / "batch", **{"texts": ("canary one", "canary two"), **changed})
    return jinkui.json("ingest", folder, "--update", *(["--dry-run"] if dry else []), code=code)


@pytest.mark.parametrize(
    "changed", [{"texts": ("canary one, corrected", "canary two")}, {"titles": ("Another title", "Report 2")}]
)
def test_a_changed_open_record_waits_and_nothing_of_it_is_public(jinkui: Jinkui, changed: dict[str, Any]) -> None:
    assert public(jinkui) == 2
    assert update(jinkui, dry=True, **changed)["would_wait"] == 1
    update(jinkui, **changed)
    assert public(jinkui) == 1
    assert (public(jinkui, "another"), public(jinkui, "corrected")) == (0, 0)
    assert jinkui.json("show", CODES[0])["description"]["openness"] == "待复审"
    assert jinkui.json("rebuild")["published"] == 1
    (waiting,) = jinkui.json("opening", "review")["waiting"]
    assert waiting["archival_code"] == CODES[0]
    assert waiting["images_changed"] == ("texts" in changed)


def test_what_the_public_does_not_see_changes_nothing(jinkui: Jinkui) -> None:
    folder = batch(jinkui.home.parent / "batch", texts=("canary one", "canary two"))
    sheet = Path(folder, "catalogue.csv")
    sheet.write_text(sheet.read_text("utf-8").replace("备注", "别的"), "utf-8")
    assert jinkui.json("ingest", folder, "--update", "--dry-run", code=12)["would_wait"] == 0
    jinkui("ingest", folder, "--update", code=12)
    jinkui("renumber", CODES[1], "Z109-WS·2001-D10-BGS-0009", "--reason", "mistake")
    assert public(jinkui) == 2
    assert jinkui.json("opening", "review")["waiting"] == []


def test_the_sheet_of_what_waits_comes_back_and_stands_for_what_the_reviewer_saw(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    update(jinkui, titles=("Another title", "Report 2"))
    jinkui("opening", "review", "--report", str(tmp_path / "waits.xlsx"))
    filled_in(tmp_path / "waits.xlsx")
    update(jinkui, titles=("A third title", "Report 2"))
    (found,) = jinkui.json("opening", "apply", str(tmp_path / "waits.xlsx"), code=12)["findings"]
    assert "changed after its review" in found["message"]
    assert public(jinkui) == 1
    update(jinkui, titles=("Another title", "Report 2"))
    jinkui("opening", "apply", str(tmp_path / "waits.xlsx"))
    assert (public(jinkui), public(jinkui, "another")) == (2, 1)


def filled_in(path: Path) -> None:
    """Fill in who reviewed and approved, and when."""
    book = openpyxl.load_workbook(path)
    table = book.worksheets[0]
    columns = {str(cell.value): number for number, cell in enumerate(table[1], 1)}
    for name, value in (("reviewer", "甲"), ("approver", "乙"), ("reviewed on", "2026-01-02")):
        table.cell(2, columns[name], value)
    book.save(path)


def test_an_old_sheet_applied_again_opens_nothing_that_nobody_saw(jinkui: Jinkui) -> None:
    update(jinkui, titles=("Another title", "Report 2"))
    jinkui("opening", "apply", str(jinkui.home.parent / "decisions.csv"), code=12)
    assert public(jinkui) == 1


def test_records_with_unchanged_images_are_approved_at_once(jinkui: Jinkui) -> None:
    update(jinkui, titles=("Another title", "Report 2"), texts=("canary one", "canary two, corrected"))
    assert public(jinkui) == 0
    jinkui("opening", "review", "--unchanged-images", code=2)
    done = jinkui.json("opening", "review", "--unchanged-images", "--reviewer", "甲", "--approver", "乙")
    assert [one["archival_code"] for one in done["waiting"]] == [CODES[1]]
    assert (public(jinkui), public(jinkui, "another")) == (1, 1)


def test_a_decision_of_before_stands_for_the_version_of_its_time(jinkui: Jinkui) -> None:
    decision = OpeningDecision(
        Conclusion.OPEN, "依据", "", "甲", "乙", date(2021, 9, 1), date(2021, 9, 1), None, OnlineScope.FULL_TEXT
    )
    with quiet(jinkui.home) as home:
        home.begin_writing()
        home.vault.ledger.append([OpeningDecided("990001", code, decision) for code in CODES])
    jinkui("renumber", CODES[1], "Z109-WS·2001-D10-BGS-0009", "--reason", "mistake")
    assert public(jinkui) == 2
    folder = Path(batch(jinkui.home.parent / "batch", texts=("canary one, corrected", "canary two")))
    jinkui("ingest", str(folder), "--update", code=12)
    assert public(jinkui) == 1
    jinkui("rebuild")
    assert public(jinkui) == 1
    assert [one["archival_code"] for one in jinkui.json("opening", "review")["waiting"]] == [CODES[0]]


def test_a_preview_says_what_would_become_public_and_what_to_look_at(jinkui: Jinkui) -> None:
    update(
        jinkui,
        titles=("关于王小明同志任职的通知", "Report 2"),
        texts=("canary one", "call 13812345678, card 11010519491231002X"),
    )
    sheet = str(jinkui.home.parent / "decisions.csv")
    said = jinkui.json("opening", "preview", sheet, code=12)
    found = {one["archival_code"]: one for one in said["records"]}
    assert [one["pages"] for one in found.values()] == [1, 1]
    assert all(len(one["reviewed_digest"]) == 64 for one in found.values())
    codes = [[f["code"] for f in found[code]["findings"]] for code in CODES]
    assert codes == [["private-name"], ["private-telephone", "private-id-number"]]
    assert "王小明" in str(found[CODES[0]]["findings"])
    jinkui("opening", "preview", str(decide(jinkui.home.parent, (CODES[0], "不开放", "", ""))))


def test_a_preview_names_the_page_on_which_a_person_of_the_unit_stands_and_no_other_name(jinkui: Jinkui) -> None:
    update(jinkui, texts=("申请人：诸葛 青云，证明人欧阳丹", "canary two"))
    with quiet(jinkui.home) as home:
        home.begin_writing()
        (listed,) = home.catalogue.units.by_code("990001", [CODES[0]])[archival_code_key(CODES[0])]
        named = replace(listed.unit.description, persons=(("申请人", "诸葛青云"),))
        change = Change(replace(listed.unit, description=named), listed.digest)
        list(describe_units(home.archive, home.catalogue.repositories()[0], [change], Said("1", "甲", "申请书")))
    (found,) = jinkui.json("opening", "preview", str(jinkui.home.parent / "decisions.csv"), code=12)["findings"]
    assert (found["code"], found["message"]) == ("private-name", "page 1: the person's name “诸葛青云”")
    told = jinkui("opening", "preview", str(jinkui.home.parent / "decisions.csv"), code=12, lang="zh")
    assert "诸葛青云" in told
    assert "欧阳" not in told


def keep(jinkui: Jinkui, *, kept: bool) -> None:
    """Set whether what was reviewed stays public."""
    path = jinkui.home / "jinkui.toml"
    text = path.read_text("utf-8")
    now, then = (f"keep-reviewed = {str(one).lower()}" for one in (not kept, kept))
    assert now in text
    path.write_text(text.replace(now, then), "utf-8")


def test_what_was_reviewed_stays_public_where_that_is_set(jinkui: Jinkui) -> None:
    keep(jinkui, kept=True)
    update(jinkui, texts=("another text", "canary two"), titles=("A private title", "Report 2"))
    for _ in range(2):
        assert (public(jinkui), public(jinkui, "another"), public(jinkui, "private")) == (2, 0, 0)
        assert jinkui.json("opening", "review")["waiting"]
        assert jinkui.json("rebuild")["published"] == 2
    assert jinkui.json("search", "another")["total"] == 1, "the staff finds the newest"
    keep(jinkui, kept=False)
    jinkui("opening", "publish")
    assert public(jinkui) == 1, "taken back with the setting"
    keep(jinkui, kept=True)
    jinkui("rebuild")
    assert public(jinkui) == 2
    jinkui("opening", "withdraw", CODES[0], "--reason", "names a living person")
    assert public(jinkui) == 1
    assert jinkui.json("rebuild")["published"] == 1


def test_what_is_marked_as_withheld_by_now_is_not_kept(jinkui: Jinkui) -> None:
    keep(jinkui, kept=True)
    update(jinkui, titles=("Another title", "Report 2"))
    assert public(jinkui) == 2, "what waits for another reason stays"
    sheet = jinkui.home.parent / "marked.csv"
    sheet.write_text(f"档号,密级\n{CODES[0]},工作秘密\n", "utf-8")
    jinkui("describe", str(sheet), "--reason", "said by its owner")
    assert public(jinkui) == 1
    assert jinkui.json("rebuild")["published"] == 1
    sheet.write_text(f"档号,密级\n{CODES[0]},公开\n", "utf-8")
    jinkui("describe", str(sheet), "--reason", "it was said by mistake")
    assert public(jinkui) == 2


def test_a_file_whose_name_is_a_marking_lets_nothing_be_kept(jinkui: Jinkui) -> None:
    keep(jinkui, kept=True)
    update(jinkui, texts=("another text", "canary two"))
    assert public(jinkui) == 2
    with quiet(jinkui.home) as home:
        waiting = next(one for one in home.catalogue.holdings() if one.waits_for_review)
        assert home.holdings.as_reviewed(waiting)
        files = [replace(one, original_name="绝密/1.txt") for one in waiting.originals]
        marked = replace(waiting, files=(*files, *waiting.page_texts))
        assert home.holdings.as_reviewed(marked) is None


def test_a_reviewed_version_that_does_not_verify_is_not_kept(jinkui: Jinkui) -> None:
    keep(jinkui, kept=True)
    update(jinkui, texts=("another text", "canary two"))
    assert public(jinkui) == 2
    damaged = [
        path for path in jinkui.home.glob("stores/*/packages/**/v1/**/*.txt") if b"canary one" in path.read_bytes()
    ]
    assert damaged
    for path in damaged:
        path.write_bytes(b"canary ten")
    jinkui("rebuild", code=12)
    assert public(jinkui) == 1


def test_what_was_opened_again_is_public_as_it_is_now(jinkui: Jinkui) -> None:
    keep(jinkui, kept=True)
    update(jinkui, texts=("another text", "canary two"))
    jinkui("opening", "apply", str(decide(jinkui.home.parent, (CODES[0], "开放", "2021-09-02", "全文"))))
    assert (public(jinkui), public(jinkui, "another")) == (1, 1)
