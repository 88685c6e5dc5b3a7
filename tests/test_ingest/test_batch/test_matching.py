"""Files find their rows by name, folder or column; none belongs to two rows unseen."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.record.description import Description
from archives.record.identifiers import parse_archival_code
from ingest.batch.listing import PlannedFile, is_junk, list_batch, shown
from ingest.batch.matching import Matcher
from ingest.lines.registry import LINES
from ingest.sheets.catalogue import CatalogueRow
from tests.support.files import put
from tests.support.intake import codes

ONE, TWO = "A001-WS·2011-1", "A001-WS·2011-2"


def row(number: int, code: str = ONE, *files: str, usable: bool = True) -> CatalogueRow:
    """Return a row of the sheet."""
    description = Description(parse_archival_code(code), "题名") if usable else None
    return CatalogueRow(number, code, f"A{number}", description, files, None, ())


def match(rows: list[CatalogueRow], *names: str, kind: str = "scans") -> tuple[dict[int, list[str]], list[str]]:
    """Return the names of each row's files in order, and every finding."""
    files = [PlannedFile(Path("x"), name, 1) for name in names]
    claims, found = Matcher(rows, files, LINES[kind], "s.csv").match()
    told = [finding for _, findings in claims.values() for finding in findings]
    return {n: [file.relative for file in taken] for n, (taken, _) in claims.items()}, codes([*told, *found])


def test_pages_come_in_the_order_of_their_numbers_not_of_their_names() -> None:
    found, told = match([row(2)], f"{ONE}-10.jpg", *(f"{ONE}-{n}.jpg" for n in range(1, 10)))
    assert found[2][-1] == f"{ONE}-10.jpg"
    assert told == []


@pytest.mark.parametrize(("kind", "expected"), [("documents", [f"{ONE} 报告.docx"]), ("scans", [])])
def test_a_name_that_goes_on_after_the_code_is_one_of_documents_only(kind: str, expected: list[str]) -> None:
    assert match([row(2)], f"{ONE} 报告.docx", kind=kind)[0][2] == expected


def test_the_innermost_folder_that_is_a_code_counts() -> None:
    found, _ = match([row(2), row(3, TWO)], f"{ONE}/{TWO}/1.jpg", f"{ONE}/1.jpg")
    assert found == {2: [f"{ONE}/1.jpg"], 3: [f"{ONE}/{TWO}/1.jpg"]}


def test_a_row_that_names_its_files_takes_no_others() -> None:
    found, told = match([row(2, ONE, "b.jpg")], "b.jpg", f"{ONE}-1.jpg")
    assert found == {2: ["b.jpg"]}
    assert told == []


def test_names_in_the_sheet_are_found_in_any_case_and_composition() -> None:
    found, _ = match([row(2, ONE, "CAFÉ.JPG", "卷\\2.jpg")], "cafe\u0301.jpg", "卷/2.jpg")
    assert found == {2: ["cafe\u0301.jpg", "卷/2.jpg"]}


@pytest.mark.parametrize("name", ["../x.jpg", "/etc/passwd", "卷/../../x.jpg", "nobody.jpg"])
def test_names_that_lead_out_of_the_batch_or_nowhere_are_missing(name: str) -> None:
    found, told = match([row(2, ONE, name)], "x.jpg")
    assert (found, told) == ({2: []}, ["file-missing"])


def test_a_file_that_two_rows_name_is_told() -> None:
    _, told = match([row(2, ONE, "a.jpg"), row(3, TWO, "a.jpg")], "a.jpg")
    assert told == ["file-claimed-twice"]


def test_a_file_that_fits_two_usable_rows_belongs_to_none() -> None:
    found, told = match([row(2), row(3)], f"{ONE}-1.jpg")
    assert found == {2: [], 3: []}
    assert told == ["files-missing", "files-missing", "file-ambiguous"]


def test_of_two_rows_the_usable_one_gets_the_file() -> None:
    found, _ = match([row(2, usable=False), row(3)], f"{ONE}-1.jpg")
    assert found[3] == [f"{ONE}-1.jpg"]


@given(
    st.lists(
        st.sampled_from([f"{c}-{n}.jpg" for c in (ONE, TWO) for n in range(4)] + ["x.jpg", f"{ONE}/1.jpg"]), unique=True
    )
)
def test_no_file_belongs_to_two_rows_and_none_is_invented(names: list[str]) -> None:
    found, _ = match([row(2), row(3, TWO)], *names)
    taken = [name for files in found.values() for name in files]
    assert len(set(taken)) == len(taken)
    assert set(taken) == set(names) - {"x.jpg"}


@pytest.mark.parametrize(
    ("relative", "junk"),
    [("Thumbs.db", True), (".hidden/a.jpg", True), ("~$a.docx", True), ("a.jpg~", True), ("卷/a.jpg", False)],
)
def test_what_systems_leave_behind_is_junk(relative: str, junk: bool) -> None:
    assert is_junk(PlannedFile(Path("x"), relative, 1)) is junk


def test_files_are_listed_in_order_with_their_size_and_links_are_told(tmp_path: Path) -> None:
    put(tmp_path, "b/2.jpg", b"22")
    put(tmp_path, "a.jpg", b"1")
    (tmp_path / "c.jpg").symlink_to(tmp_path / "a.jpg")
    files, strange = list_batch(tmp_path)
    assert [(file.relative, file.size_bytes) for file in files] == [("a.jpg", 1), ("b/2.jpg", 2)]
    assert [(f.code, f.file) for f in strange] == [("not-a-file", "c.jpg")]


@given(st.binary(min_size=1, max_size=20).filter(lambda name: b"\\" not in name))
def test_every_name_can_be_shown_and_tells_its_bytes(name: bytes) -> None:
    seen = shown(name.decode("utf-8", "surrogateescape")).encode("utf-8")
    assert re.sub(rb"\\x(..)", lambda found: bytes.fromhex(found[1].decode()), seen) == name
