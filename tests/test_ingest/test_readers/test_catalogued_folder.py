"""A batch is checked three ways before a byte is copied, and every doubt names file, row and cell."""

import os
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from archives.errors import ConfigurationError, FormatError, NotFoundError, RefusedError
from archives.record.description import Repository, Retention
from archives.record.identifiers import RepositoryCode
from ingest.batch.plan import BatchKind, BatchPlan
from ingest.readers.reader import Known
from ingest.readers.registry import read_batch
from tests.support.batches import COLUMNS, make_batch, make_image

HOME = Repository(RepositoryCode("990001"), "馆", "Archives", "馆")
ONE = ("Z109-WS·2011-Y-BGS-0001", "一", "2011-05-01", "永久", "英语", "1")
TWO = ("Z109-WS·2011-Y-BGS-0002", "二", "2011年5月", "Y", "en", "1")


def plan(folder: Path, **changed: object) -> BatchPlan:
    """Plan a batch with one known repository and fonds."""
    settings: dict[str, object] = {
        "repository": None,
        "repositories": {"990001": HOME},
        "fonds": {("990001", "Z109")},
        "today": date(2026, 1, 1),
    }
    return read_batch(folder, Known(**{**settings, **changed}))  # type: ignore[arg-type]  # the keywords above


def codes(found: BatchPlan) -> list[str]:
    """Return every finding's code."""
    of_rows = [row.findings for row in found.records] + [row.findings for row in found.rejected]
    return [finding.code for findings in (found.findings, *of_rows) for finding in findings]


def test_a_clean_batch_has_no_finding(tmp_path: Path) -> None:
    found = plan(make_batch(tmp_path, [ONE, TWO]))
    assert codes(found) == []
    assert found.kind is BatchKind.MIXED
    assert [(r.row, [f.page for f in r.files]) for r in found.records] == [(2, [1]), (3, [1])]
    assert found.records[0].description.retention == Retention("永久")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_sheets_are_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    found = plan(make_batch(tmp_path, [ONE], encoding=encoding))
    assert found.records[0].description.title == "一"


def test_a_title_row_and_english_or_double_headings_are_understood(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["归档文件目录"],
        ["archival_code", "题名 title", "date", "柜架号"],
        [ONE[0], "一", date(2011, 5, 1), "007"],
    ):
        sheet.append(row)
    book.save(tmp_path / "catalogue.xlsx")
    make_image(tmp_path / f"{ONE[0]}-001.jpg")
    (record,) = plan(tmp_path).records
    assert record.description.formed is not None
    assert record.description.formed.edtf == "2011-05-01"
    assert record.description.other == (("柜架号", "007"),)
    assert record.row == 3


@pytest.mark.parametrize(
    "name",
    [
        "{code}-1.jpg",
        "{code}/0001.jpg",
        "{loose}-001.jpg",
        "z109-ws.2011-y-bgs-0001-01.JPG",
        "Z109－WS・2011－Y－BGS－0001-001.jpg",
        "{code}.jpg",
        "卷/{code}/p_001.jpg",
    ],
)
def test_names_match_whatever_the_dots_dashes_and_case(tmp_path: Path, name: str) -> None:
    make_batch(tmp_path, [ONE], images=False)
    make_image(tmp_path / name.format(code=ONE[0], loose=ONE[0].replace("·", "_")))
    assert [len(record.files) for record in plan(tmp_path).records] == [1]


def test_the_longest_code_wins(tmp_path: Path) -> None:
    rows = [("A001-WS-1", "一", "2011", "", "", ""), ("A001-WS-1-2", "二", "2011", "", "", "")]
    make_batch(tmp_path, rows, images=False)
    for name in ("A001-WS-1-1.jpg", "A001-WS-1-2.jpg"):
        make_image(tmp_path / name)
    found = plan(tmp_path, fonds={("990001", "A001")})
    assert [[f.relative for f in r.files] for r in found.records] == [["A001-WS-1-1.jpg"], ["A001-WS-1-2.jpg"]]


def test_bad_rows_are_rejected_with_their_cell_and_the_others_go_in(tmp_path: Path) -> None:
    bad = ("no code", "三", "2011", "永久", "", "1")
    found = plan(make_batch(tmp_path, [ONE, bad, TWO]))
    assert [record.row for record in found.records] == [2, 4]
    (rejected,) = found.rejected
    assert [(f.code, f.file, f.row, f.cell) for f in rejected.findings] == [
        ("code-unreadable", "catalogue.csv", 3, "A3")
    ]
    assert found.submission == tuple(f for f in found.submission if f.relative == "catalogue.csv")


def test_two_rows_of_one_code_are_both_rejected(tmp_path: Path) -> None:
    found = plan(make_batch(tmp_path, [ONE, ONE]))
    assert found.records == ()
    assert [f.code for row in found.rejected for f in row.findings] == ["code-twice", "code-twice"]


def test_a_missing_column_rejects_every_row_and_names_it(tmp_path: Path) -> None:
    found = plan(make_batch(tmp_path, [(ONE[0], "2011")], columns=("档号", "日期")))
    assert [f.code for row in found.rejected for f in row.findings] == ["title-missing"]


def test_a_row_without_images_and_an_image_without_a_row_are_named(tmp_path: Path) -> None:
    make_batch(tmp_path, [ONE], images=False)
    make_image(tmp_path / "nobody.jpg")
    found = plan(tmp_path)
    assert sorted(codes(found)) == ["file-without-row", "files-missing"]
    assert "nobody.jpg" in {file.relative for file in found.submission}


@pytest.mark.parametrize("level", ["秘密", "机密", "绝密", "機密", "秘密级", "秘密★10年", "secret"])
def test_a_state_secret_stops_the_whole_batch(tmp_path: Path, level: str) -> None:
    make_batch(tmp_path, [(*ONE, level)], columns=(*COLUMNS, "密级"))
    with pytest.raises(RefusedError) as refused:
        plan(tmp_path)
    assert "G2" in str(refused.value)


@pytest.mark.parametrize(("day", "refused"), [("2001-05-06", False), ("2026", True), ("2030-01-01", True)])
def test_a_declassification_must_be_past_and_sure(tmp_path: Path, day: str, refused: bool) -> None:
    make_batch(tmp_path, [(*ONE, "秘密", day, "解密通知")], columns=(*COLUMNS, "密级", "解密日期", "解密依据"))
    if refused:
        with pytest.raises(RefusedError):
            plan(tmp_path)
    else:
        assert len(plan(tmp_path).records) == 1


def test_the_files_column_names_files_and_folders_inside_the_batch_only(tmp_path: Path) -> None:
    rows = [(*ONE, "b.jpg；a.jpg"), (*TWO, "卷二"), ("Z109-WS·2011-Y-BGS-0003", "三", "", "", "", "", "../x.jpg")]
    make_batch(tmp_path / "in", rows, columns=(*COLUMNS, "文件"), images=False)
    for name in ("in/a.jpg", "in/b.jpg", "in/卷二/10.jpg", "in/卷二/9.jpg", "x.jpg"):
        make_image(tmp_path / name)
    found = plan(tmp_path / "in")
    assert [[f.relative for f in r.files] for r in found.records] == [
        ["b.jpg", "a.jpg"],
        ["卷二/9.jpg", "卷二/10.jpg"],
    ]
    assert [f.code for row in found.rejected for f in row.findings] == ["file-missing"]


def test_gaps_and_double_pages_are_findings_and_nothing_is_dropped(tmp_path: Path) -> None:
    make_batch(tmp_path, [ONE, TWO], images=False)
    for name in (f"{ONE[0]}-1.jpg", f"{ONE[0]}-3.jpg", f"{TWO[0]}-1.jpg", f"{TWO[0]}-0001.png"):
        make_image(tmp_path / name)
    found = plan(tmp_path)
    assert codes(found) == ["page-gap", "page-twice"]
    assert [[f.page for f in r.files] for r in found.records] == [[1, 3], [None, None]]


def test_links_and_pipes_are_named_and_never_opened(tmp_path: Path) -> None:
    make_batch(tmp_path / "in", [ONE])
    make_image(tmp_path / "out" / "secret.jpg")
    (tmp_path / "in" / "link.jpg").symlink_to(tmp_path / "out" / "secret.jpg")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "out")
    os.mkfifo(tmp_path / "in" / "pipe")
    found = plan(tmp_path / "in")
    assert codes(found) == ["not-a-file"] * 3


def test_names_that_are_no_text_are_shown_in_a_form_everything_can_hold(tmp_path: Path) -> None:
    make_batch(tmp_path, [ONE])
    (tmp_path / os.fsdecode(b"\xc4\xe3.jpg")).write_bytes(b"x")
    (finding,) = plan(tmp_path).findings
    assert finding.file == "\\xc4\\xe3.jpg"


def test_batch_toml_sets_defaults_and_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    make_batch(tmp_path, [(ONE[0], "一")], columns=("档号", "题名"))
    (tmp_path / "batch.toml").write_text('kind = "documents"\n[defaults]\n"责任者" = "办公室"\n', "utf-8")
    found = plan(tmp_path)
    assert found.kind is BatchKind.DOCUMENTS
    assert found.records[0].description.author == "办公室"
    for text in ('colour = "red"', 'language = "??"', 'kind = "films"', "["):
        (tmp_path / "batch.toml").write_text(text, "utf-8")
        with pytest.raises(ConfigurationError):
            plan(tmp_path)


def test_the_same_folder_is_the_same_batch_and_system_files_do_not_count(tmp_path: Path) -> None:
    make_batch(tmp_path, [ONE])
    before = plan(tmp_path).batch_id
    (tmp_path / "Thumbs.db").write_bytes(b"x")
    assert plan(tmp_path).batch_id == before
    make_image(tmp_path / "new.jpg")
    assert plan(tmp_path).batch_id != before


def test_what_is_no_batch_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        plan(tmp_path / "nowhere")
    with pytest.raises(NotFoundError):
        plan(tmp_path)
    (tmp_path / "catalogue.xlsx").write_bytes(b"no workbook")
    with pytest.raises(FormatError):
        plan(tmp_path)
    (tmp_path / "catalogue.xlsx").unlink()
    make_batch(tmp_path, [ONE])
    with pytest.raises(ConfigurationError):
        plan(tmp_path, repository="123")


def test_without_any_repository_it_is_said_how_one_is_described(tmp_path: Path) -> None:
    make_batch(tmp_path, [ONE])
    for repository in (None, "990001"):
        with pytest.raises(ConfigurationError) as refused:
            plan(tmp_path, repository=repository, repositories={})
        assert refused.value.advice is not None
        assert "jinkui repository add CODE --name NAME" in refused.value.advice.text("en")
        assert "—" not in refused.value.advice.text("zh")


def test_a_kind_that_nobody_knows_is_refused_and_the_known_ones_are_named(tmp_path: Path) -> None:
    make_batch(tmp_path, [ONE])
    (tmp_path / "batch.toml").write_text('kind = "films"', "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        plan(tmp_path)
    assert all(kind in refused.value.message.text(language) for kind in BatchKind for language in ("zh", "en"))


def test_of_documents_no_order_is_asked(tmp_path: Path) -> None:
    make_batch(tmp_path, [ONE], images=False)
    for name in ("会场.jpg", "合影.jpg"):
        make_image(tmp_path / ONE[0] / name)
    assert codes(plan(tmp_path)) == ["pages-ambiguous"]
    (tmp_path / "batch.toml").write_text('kind = "documents"', "utf-8")
    assert codes(plan(tmp_path)) == []


def test_everything_in_a_batch_is_in_a_record_or_in_the_submission(tmp_path: Path) -> None:
    make_batch(tmp_path, [ONE], images=False)
    make_image(tmp_path / ONE[0] / "1.jpg")
    for name in (f"{ONE[0]}/.note", f"{ONE[0]}/Thumbs.db", ".hidden", "other/x.txt", "desktop.ini"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    for name in (f"{ONE[0]}/空", "另/空"):
        (tmp_path / name).mkdir(parents=True)
    found = plan(tmp_path)
    assert [str(file.place) for file in found.records[0].files] == ["1.jpg", ".note", "Thumbs.db"]
    assert found.records[0].empty_folders == ("空",)
    assert [str(file.place) for file in found.submission] == [".hidden", "catalogue.csv", "desktop.ini", "other/x.txt"]
    assert found.empty_folders == ("另/空",)
    assert sorted(codes(found)) == ["file-passed-over"] * 4 + ["file-without-row"]


def write_book(path: Path, **worksheets: tuple[str, ...]) -> Path:
    """Write a workbook of worksheets with headings and one row each."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, row in worksheets.items():
        sheet = book.create_sheet(name)
        sheet.append(("档号", "题名"))
        sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@pytest.mark.parametrize("as_written", ["absolute", "relative", "link"])
def test_a_sheet_may_lie_outside_the_batch_and_is_kept_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_written: str
) -> None:
    folder = make_batch(tmp_path / "in", [TWO])
    outside = write_book(tmp_path / "sheets" / "catalogue.csv.xlsx", 目录=(ONE[0], "外面的"))
    make_image(folder / f"{ONE[0]}-0001.png")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.xlsx").symlink_to(outside)
    asked = {"absolute": str(outside), "relative": "sheets/catalogue.csv.xlsx", "link": "link.xlsx"}[as_written]
    found = plan(folder, sheet=asked)
    assert [record.description.title for record in found.records] == ["外面的"]
    assert {file.relative for file in found.submission} >= {"catalogue.csv.xlsx", "catalogue.csv"}
    assert found.batch_id != plan(folder).batch_id


def test_a_sheet_outside_may_be_called_like_a_file_of_the_batch(tmp_path: Path) -> None:
    folder = make_batch(tmp_path / "in", [TWO])
    outside = make_batch(tmp_path / "out", [ONE]) / "catalogue.csv"
    make_image(folder / f"{ONE[0]}-0001.png")
    found = plan(folder, sheet=str(outside))
    assert [record.description.code.written for record in found.records] == [ONE[0]]
    assert [file.relative for file in found.submission].count("catalogue.csv") == 2


@pytest.mark.parametrize("asked", ["卷内目录", "目录.xlsx!卷内目录", " 卷内目录"])
def test_a_worksheet_may_be_asked_for_by_name(tmp_path: Path, asked: str) -> None:
    write_book(tmp_path / "in" / "目录.xlsx", 案卷目录=(TWO[0], "案卷"), 卷内目录=(ONE[0], "卷内"))
    make_image(tmp_path / "in" / f"{ONE[0]}-0001.png")
    make_image(tmp_path / "in" / f"{TWO[0]}-0001.png")
    found = plan(tmp_path / "in", sheet=asked)
    assert [record.description.title for record in found.records] == ["卷内"]
    assert [record.description.title for record in plan(tmp_path / "in").records] == ["案卷"]


def test_a_worksheet_of_a_sheet_outside_may_be_asked_for(tmp_path: Path) -> None:
    outside = write_book(tmp_path / "a!b.xlsx", 甲=(TWO[0], "甲"), 乙=(ONE[0], "乙"))
    make_image(tmp_path / "in" / f"{ONE[0]}-0001.png")
    assert [one.description.title for one in plan(tmp_path / "in", sheet=f"{outside}!乙").records] == ["乙"]


@pytest.mark.parametrize("asked", ["没有的.xlsx", "没有/目录", "没有.csv!甲", "没有的表"])
def test_a_sheet_that_is_nowhere_is_named_with_what_may_be_asked_for(tmp_path: Path, asked: str) -> None:
    write_book(tmp_path / "in" / "目录.xlsx", 案卷目录=(TWO[0], "案卷"), 卷内目录=(ONE[0], "卷内"))
    with pytest.raises(NotFoundError) as refused:
        plan(tmp_path / "in", sheet=asked)
    assert "--sheet" in str(refused.value.advice)
    assert asked != "没有的表" or "案卷目录, 卷内目录" in str(refused.value)


def test_a_batch_may_hold_no_table_when_its_sheet_lies_elsewhere(tmp_path: Path) -> None:
    outside = make_batch(tmp_path / "out", [ONE]) / "catalogue.csv"
    make_image(tmp_path / "in" / f"{ONE[0]}-0001.png")
    assert len(plan(tmp_path / "in", sheet=str(outside)).records) == 1


def test_a_file_that_is_missing_is_told_with_the_cell_that_names_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(f"题名,文件,档号\n一,没有.txt,{ONE[0]}\n", "utf-8")
    ((found,),) = [[f for f in row.findings if f.code == "file-missing"] for row in plan(folder).rejected]
    assert (found.row, found.cell) == (2, "B2")
