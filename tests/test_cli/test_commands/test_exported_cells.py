"""A cell of an exported sheet that nobody touched says nothing, whatever stands in it: a mark, or less than there was."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from archives.record.description import Description
from archives.record.elements.table import describe
from archives.record.identifiers import reference_code
from archives.units.state import State
from archives.units.unit import Level, Unit
from cli.frame.output import Output
from cli.home.home import open_home
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.handouts.workbook import LONGEST_CELL
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_catalogue import founded, table

WORDS = (
    *(
        "（空）",
        "(空)",
        "[clear]",
        "【empty】",
        "（清空）",
        "同上",
        "'=1",
        "_x0041_",
        "_x0041_x0042_",
        "_x000D_",
        "a_x000D_b",
    ),
    *(" 空格 ", "a\x07b", '="x"', "=1+1"),
)
LONG = "长" * 40_000
CODE = "J019-2-0001"


def unit(number: int, **said: object) -> Unit:
    code = reference_code(f"J019-2-{number:04}")
    nothing = {"language": "", "title": f"第{number}号", "code": code}
    return Unit(_id(number), "990121", Level.ITEM, describe(nothing | said), state=State.NOT_DIGITISED)


def _id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def with_odd_words(jinkui: Jinkui) -> None:
    """Describe units in whose elements words stand that a sheet means something with, and a note that no workbook holds."""
    founded(jinkui)
    home = open_home(jinkui.home, Output("en", as_json=True))
    home.begin_writing()
    odd = [
        unit(n, author=w, document_number=w, note=w, place=w, box=w, former_code=w, persons=(("男方", w),), other=(("杂项", w),))
        for n, w in enumerate(WORDS, 2)
    ]  # fmt: skip
    long = unit(1, note=LONG, persons=(("女方", LONG),), other=(("杂项", LONG),))
    place = next(one for one in home.catalogue.repositories() if one.code.value == "990121")
    for _ in describe_units(home.archive, place, [Change(one) for one in (long, *odd)], Said("0" * 16, "甲")):
        pass


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_odd_words, tmp_path, capsys)


def said(jinkui: Jinkui) -> dict[str, Description]:
    """Return what is said of every unit."""
    found = open_home(jinkui.home, Output("en", as_json=True)).catalogue.units.get([_id(n) for n in range(1, 40)])
    return {key: one.unit.description for key, one in found.items()}


def exported(jinkui: Jinkui, path: Path) -> openpyxl.Workbook:
    """Export the catalogue as a workbook."""
    jinkui("catalogue", "export", str(path), code=12, lang="zh")
    return openpyxl.load_workbook(path)


def change(book: openpyxl.Workbook, number: int, heading: str, text: str) -> None:
    """Change the cell of a unit below a heading."""
    table = book.worksheets[0]
    column = next(cell.column for cell in table[1] if cell.value == heading)
    row = next(row[0].row for row in table.rows if row[0].value == _id(number))
    table.cell(row, column, text)


@pytest.mark.parametrize(("ending", "code"), [("csv", 12), ("xlsx", 0)])
def test_an_export_that_nobody_touched_changes_nothing(jinkui: Jinkui, tmp_path: Path, ending: str, code: int) -> None:
    before = said(jinkui)
    jinkui("catalogue", "export", str(tmp_path / f"out.{ending}"), code=12)
    told = jinkui.json("describe", str(tmp_path / f"out.{ending}"), "--reason", "none", code=code)
    assert (told["corrected"], [one for one in told["findings"] if one["row"]]) == (0, [])
    assert said(jinkui) == before


def test_another_mark_empties_what_is_a_mark_itself_and_the_rest_stays(jinkui: Jinkui, tmp_path: Path) -> None:
    before = said(jinkui)
    book = exported(jinkui, tmp_path / "out.xlsx")
    for heading in ("备注", "人名：男方"):
        change(book, 2, heading, "（清空）")
    book.save(tmp_path / "out.xlsx")
    assert jinkui.json("describe", str(tmp_path / "out.xlsx"), "--reason", "empty")["corrected"] == 1
    now = said(jinkui)
    assert (now[_id(2)].note, now[_id(2)].persons, now[_id(2)].author) == ("", (), "（空）")
    assert {key: one for key, one in now.items() if key != _id(2)} == {k: o for k, o in before.items() if k != _id(2)}


def test_a_text_that_a_workbook_cut_stays_whole_when_something_else_is_corrected(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    book = exported(jinkui, tmp_path / "out.xlsx")
    change(book, 1, "题名", "改")
    book.save(tmp_path / "out.xlsx")
    told = jinkui.json("describe", str(tmp_path / "out.xlsx"), "--reason", "title")
    assert ([one["element"] for one in told["changes"]], told["findings"]) == (["title"], [])
    now = said(jinkui)[_id(1)]
    assert (now.title, now.note, now.persons, now.other) == ("改", LONG, (("女方", LONG),), (("杂项", LONG),))


@pytest.mark.parametrize("heading", ["备注", "人名：女方", "其他著录项：杂项"])
def test_a_cell_that_had_only_the_beginning_is_not_written_and_told(
    jinkui: Jinkui, tmp_path: Path, heading: str
) -> None:
    before = said(jinkui)[_id(1)]
    book = exported(jinkui, tmp_path / "out.xlsx")
    change(book, 1, heading, LONG[: LONGEST_CELL - 1])
    change(book, 1, "题名", "改")
    book.save(tmp_path / "out.xlsx")
    told = jinkui.json("describe", str(tmp_path / "out.xlsx"), "--reason", "shorter", code=12)
    (found,) = told["findings"]
    assert (found["code"], found["row"] > 1, bool(found["cell"])) == ("cut-cell-changed", True, True)
    now = said(jinkui)[_id(1)]
    assert (now.title, now.note, now.persons, now.other) == ("改", before.note, before.persons, before.other)


def test_a_mark_empties_a_text_that_was_cut_and_a_text_file_shortens_it(jinkui: Jinkui, tmp_path: Path) -> None:
    book = exported(jinkui, tmp_path / "out.xlsx")
    change(book, 1, "人名：女方", "（清空）")
    book.save(tmp_path / "out.xlsx")
    assert jinkui.json("describe", str(tmp_path / "out.xlsx"), "--reason", "empty")["findings"] == []
    shorter = table(tmp_path / "s.csv", ("单元标识", "档号", "附注"), (_id(1), CODE, "短"))
    jinkui("describe", shorter, "--reason", "shorter")
    now = said(jinkui)[_id(1)]
    assert (now.persons, now.note) == ((), "短")


def test_what_looks_like_an_escape_of_a_workbook_is_the_same_after_an_export_into_another_archive(
    jinkui: Jinkui, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(jinkui, tmp_path / "out.xlsx")
    other = Jinkui(tmp_path / "other", capsys)
    other("init")
    other("repository", "add", "990121", "--name", "青峤县档案馆")
    other("catalogue", "import", str(tmp_path / "out.xlsx"), code=12)
    odd = [_id(n) for n, word in enumerate(WORDS, 2) if "_x" in word]
    assert {key: said(other)[key] for key in odd} == {key: said(jinkui)[key] for key in odd}


def test_a_batch_whose_sheet_was_exported_empties_nothing(jinkui: Jinkui, tmp_path: Path) -> None:
    rows = ("档号", "题名", "附注"), ("J019-WS·2012·Y-0009", "题", "（空）")
    jinkui("catalogue", "import", table(tmp_path / "t.csv", *rows))
    jinkui("ingest", _batch(tmp_path / "one", (("档号", "题名"), ("J019-WS·2012·Y-0009", "题"))))
    sheet = tmp_path / "out.csv"
    jinkui("catalogue", "export", str(sheet), "--code", "J019-WS·2012·Y-0009")
    again = tmp_path / "one" / "catalogue.csv"
    again.write_bytes(sheet.read_bytes().replace("题,".encode(), "另题,".encode()))
    jinkui("ingest", str(tmp_path / "one"), "--update")
    shown: dict[str, Any] = jinkui.json("show", "J019-WS·2012·Y-0009")["description"]
    assert (shown["title"], shown["note"]) == ("另题", "（空）")


def _batch(folder: Path, rows: tuple[tuple[str, ...], ...]) -> str:
    folder.mkdir()
    table(folder / "catalogue.csv", *rows)
    (folder / "J019-WS·2012·Y-0009.txt").write_text("leaf", "utf-8")
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    return str(folder)
