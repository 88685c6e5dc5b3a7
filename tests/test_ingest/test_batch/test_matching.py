"""Files find their rows by name, folder or column; none belongs to two rows unseen."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.exchange.xml import xml_text
from archives.findings import Finding, Severity
from archives.record.description import Description
from archives.record.identifiers import parse_archival_code
from ingest.batch.listing import PlannedFile, as_it_came, is_litter, is_passed_over, list_batch, shown
from ingest.batch.matching import Claim, Matcher, code_in
from ingest.sheets.catalogue import CatalogueRow
from tests.support.files import put
from tests.support.intake import codes

ONE, TWO = "A001-WS·2011-1", "A001-WS·2011-2"


def row(number: int, code: str = ONE, *files: str, usable: bool = True) -> CatalogueRow:
    """Return a row of the sheet."""
    description = Description(parse_archival_code(code), "题名") if usable else None
    return CatalogueRow(number, code, f"A{number}", description, "；".join(files), (), ())


def claims(rows: list[CatalogueRow], *names: str, empty: Sequence[str] = ()) -> tuple[dict[int, Claim], list[Finding]]:
    """Return what belongs to each row, and the findings about files alone."""
    files = [PlannedFile(Path("x"), name, 1) for name in names]
    return Matcher(rows, files, empty, sheet_name="s.csv", is_page=lambda file: file.relative.endswith("jpg")).match()


def match(rows: list[CatalogueRow], *names: str) -> tuple[dict[int, list[str]], list[str]]:
    """Return the names of each row's files in order, and every finding."""
    claimed, found = claims(rows, *names)
    told = [finding for claim in claimed.values() for finding in claim.findings]
    return {n: [file.relative for file in claim.files] for n, claim in claimed.items()}, codes([*told, *found])


def test_pages_come_in_the_order_of_their_numbers_not_of_their_names() -> None:
    found, told = match([row(2)], f"{ONE}-10.jpg", *(f"{ONE}-{n}.jpg" for n in range(1, 10)))
    assert found[2][-1] == f"{ONE}-10.jpg"
    assert told == []


@pytest.mark.parametrize("rest", [" 报告.docx", "-1-2.jpg", "(1).jpg", "正.jpg", "a.jpg", ".001.jpg", "_v2.pdf"])
def test_a_name_that_goes_on_after_the_code_belongs_to_it(rest: str) -> None:
    assert match([row(2)], f"{ONE}{rest}")[0][2] == [f"{ONE}{rest}"]


@pytest.mark.parametrize("name", [f"{ONE}2.jpg", f"{ONE}abc.jpg", f"x{ONE}-1.jpg"])
def test_a_name_that_may_be_another_code_is_nobodys(name: str) -> None:
    assert match([row(2)], name)[0][2] == []


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("a001-1 报告", "a001-1"),
        ("a001-1_v2", "a001-1"),
        ("a001-1（终稿）", "a001-1"),
        ("a001-1-2-附件", "a001-1-2"),
        ("a001-1", None),
        ("a001-12", None),
        ("xa001-1 报告", None),
    ],
)
def test_the_longest_code_with_which_a_name_begins_counts(stem: str, expected: str | None) -> None:
    assert code_in(stem, ["a001-1", "a001-1-2"]) == expected


@given(st.lists(st.from_regex(r"[a-z]\d{2}-\d{1,3}", fullmatch=True), min_size=1), st.text(max_size=20))
def test_whatever_code_is_found_stands_at_the_beginning_and_is_the_longest(known: list[str], rest: str) -> None:
    stem = f"{known[0]}-{rest}"
    found = code_in(stem, known)
    assert found is not None
    assert stem.startswith(found)
    assert len(found) >= len(known[0])


def test_the_innermost_folder_that_is_a_code_counts() -> None:
    found, _ = match([row(2), row(3, TWO)], f"{ONE}/{TWO}/1.jpg", f"{ONE}/1.jpg")
    assert found == {2: [f"{ONE}/1.jpg"], 3: [f"{ONE}/{TWO}/1.jpg"]}


NAMED = [
    ("a;b.txt", ["a;b.txt"]),
    ("会议;纪要.txt；a.txt", ["会议;纪要.txt", "a.txt"]),
    ("a.txt;a;b.txt\nx；y/1.txt", ["a.txt", "a;b.txt", "x；y/1.txt"]),
    ("a.txt;b.txt", ["a.txt", "b.txt"]),
    ("a.txt; b.txt；", ["a.txt", "b.txt"]),
    ("a.txt、b.txt", ["a.txt", "b.txt"]),
    ("a.txt, b.txt", ["a.txt", "b.txt"]),
    ("a.txt | b.txt;甲、乙.txt", ["a.txt", "b.txt", "甲、乙.txt"]),
    ("甲、乙.txt、a.txt", ["甲、乙.txt", "a.txt"]),
    ('"a;b.txt";“a.txt”', ["a;b.txt", "a.txt"]),
    ("《红楼梦》.txt", ["《红楼梦》.txt"]),
    ("“quoted”.txt", ["“quoted”.txt"]),
    ("ａ．ｔｘｔ", ["a.txt"]),
    ("附件 一.txt", ["附件  一.txt"]),
    ("end.txt", ["end.txt "]),
    (" lead.txt;a.txt", [" lead.txt", "a.txt"]),
    ("会议（一）.txt", ["会议(一).txt"]),
]


@pytest.mark.parametrize(("cell", "expected"), NAMED)
def test_the_column_of_files_names_what_is_there_before_it_is_divided(cell: str, expected: list[str]) -> None:
    there = [*{one for _, names in NAMED for one in names}, "b (2).txt"]
    assert match([row(2, ONE, cell)], *there) == ({2: expected}, [])


def test_a_name_of_several_that_nothing_has_is_told_alone() -> None:
    claimed, _ = claims([row(2, ONE, "a.txt、c.txt")], "a.txt", "b.txt")
    assert [found.message.text("en") for found in claimed[2].findings] == [
        "c.txt, named in the sheet, is not in the batch"
    ]


def test_names_that_only_look_alike_are_ambiguous_where_none_is_meant_exactly() -> None:
    assert match([row(2, ONE, "ａ．txt")], "a.txt", "A．txt")[1] == ["file-name-ambiguous"]
    assert match([row(2, ONE, "a.txt")], "a.txt", "ａ.txt") == ({2: ["a.txt"]}, [])


@given(st.lists(st.text("ab;；、, \n", min_size=1, max_size=6), min_size=1, max_size=5, unique=True))
def test_whatever_a_file_is_called_its_exact_name_finds_it(names: list[str]) -> None:
    there = [name for name in names if name not in (".", "..")]
    for name in there:
        if name.strip(";； \n"):
            assert match([row(2, ONE, name)], *there)[0] == {2: [name]}


def test_a_row_that_names_its_files_takes_no_others() -> None:
    found, told = match([row(2, ONE, "b.jpg")], "b.jpg", f"{ONE}-1.jpg")
    assert found == {2: ["b.jpg"]}
    assert told == []


def test_names_in_the_sheet_are_found_in_any_case_and_composition() -> None:
    found, _ = match([row(2, ONE, "CAFÉ.JPG", "卷\\2.jpg")], "cafe\u0301.jpg", "卷/2.jpg")
    assert found == {2: ["cafe\u0301.jpg", "卷/2.jpg"]}


@pytest.mark.parametrize(
    "names",
    [
        ("report.txt", "REPORT.TXT"),
        ("caf\u00e9.txt", "cafe\u0301.txt"),
        ("Box/f.txt", "box/f.txt"),
        ("a\\b.txt", "a/b.txt"),
    ],
)
def test_each_row_gets_the_file_that_it_names_exactly(names: tuple[str, str]) -> None:
    rows = [row(number, code, name) for number, (code, name) in enumerate(zip((ONE, TWO), names, strict=True), 2)]
    assert match(rows, *names) == ({2: [names[0]], 3: [names[1]]}, [])
    folders = [
        row(number, code, str(Path(name).parent))
        for number, (code, name) in enumerate(zip((ONE, TWO), names, strict=True), 2)
    ]
    if "/" in names[0]:
        assert match(folders, *names) == ({2: [names[0]], 3: [names[1]]}, [])


@pytest.mark.parametrize(("name", "names"), [("Report.txt", ("report.txt", "REPORT.TXT")), ("BOX", ("Box/f", "box/f"))])
def test_a_spelling_that_fits_several_names_is_refused_and_both_are_told(name: str, names: tuple[str, str]) -> None:
    found, _ = claims([row(2, ONE, name)], *names)
    (refused,) = found[2].findings
    assert (found[2].files, refused.code, refused.severity) == ((), "file-name-ambiguous", Severity.ERROR)
    assert all(one.split("/")[0] in refused.message.text(language) for one in names for language in ("zh", "en"))


def test_codes_that_differ_in_their_dots_only_have_the_files_that_are_named_like_them() -> None:
    one, two = "A001-WS·2011-1", "A001-WS_2011-1"
    found, told = match([row(2, one), row(3, two)], f"{one}-1.jpg", f"{two}-1.jpg", f"{two}/2.jpg")
    assert (found, told) == ({2: [f"{one}-1.jpg"], 3: [f"{two}-1.jpg", f"{two}/2.jpg"]}, [])


@pytest.mark.parametrize("name", ["{}/1.jpg", "{}-1.jpg", "{}.txt"])
def test_of_names_that_differ_in_writing_only_the_one_with_the_code_counts(name: str) -> None:
    exact, other, third = (name.format(code) for code in (ONE, ONE.lower(), ONE.replace("·", "_")))
    assert match([row(2)], exact, other, third) == ({2: [exact]}, [])
    found, _ = claims([row(2)], other, third)
    assert codes(found[2].findings) == ["file-name-ambiguous"]
    assert all(one.rpartition("/")[0] in found[2].findings[0].message.text("zh") for one in (other, third))
    assert match([row(2)], other) == ({2: [other]}, [])


def test_pages_of_one_record_may_be_written_in_several_ways() -> None:
    names = [f"{ONE}-1.jpg", f"{ONE.lower()}-2.jpg", f"{ONE.replace('·', '_')}-3.jpg"]
    assert match([row(2)], *names) == ({2: names}, [])


def test_the_folders_in_which_a_records_folders_lie_are_part_of_its_names() -> None:
    assert match([row(2)], f"张三/{ONE}-2.jpg", f"李四/{ONE}-1.jpg") == (
        {2: [f"李四/{ONE}-1.jpg", f"张三/{ONE}-2.jpg"]},
        [],
    )
    found, told = match([row(2)], f"附件/{ONE}/1.jpg", f"正文/{ONE}/1.jpg", f"正文/{ONE}/2.jpg")
    assert ([name.replace(ONE, "") for name in found[2]], told) == (["正文//1.jpg", "正文//2.jpg", "附件//1.jpg"], [])
    assert match([row(2)], f"原件/{ONE}/1.jpg", f"副本/{ONE}/1.jpg")[1] == ["pages-ambiguous"]
    assert match([row(2)], f"原件/{ONE}-1.jpg", f"副本/{ONE}-1.jpg")[1] == ["pages-ambiguous"]


def test_a_hidden_file_that_a_row_names_is_taken_like_any_other() -> None:
    found, told = claims([row(2, ONE, ".hidden.txt"), row(3, TWO, ".git")], ".hidden.txt", ".git/config")
    assert [(one.relative, one.is_beside) for claim in found.values() for one in claim.files] == [
        (".hidden.txt", False),
        (".git/config", False),
    ]
    assert told == []


def test_what_is_hidden_in_a_records_folder_lies_beside_its_pages() -> None:
    found, _ = claims(
        [row(2)], f"{ONE}/1.jpg", f"{ONE}/.note.txt", f"{ONE}/.x/2.jpg", f"{ONE}/Thumbs.db", f".trash/{ONE}/9.jpg"
    )
    assert [(str(one.place), one.is_beside) for one in found[2].files] == [
        ("1.jpg", False),
        (".note.txt", True),
        (".x/2.jpg", True),
        ("Thumbs.db", True),
    ]


def test_a_record_of_which_only_what_systems_leave_behind_is_there_is_missing() -> None:
    assert match([row(2)], f"{ONE}/Thumbs.db")[1] == ["files-missing"]


def test_a_records_tree_begins_at_its_folder_and_has_its_empty_folders() -> None:
    names = (f"卷/{ONE}/1.jpg", f"卷/{ONE}/附件/1.txt", "b/x/1.jpg", "b/y/2.jpg", "c/3.txt")
    empty = (f"卷/{ONE}/空", f"卷/{ONE}/附件/空", "b/x/空", "无")
    found, _ = claims([row(2), row(3, TWO, "b/x", "b/y"), row(4, "A001-1", "c/3.txt")], *names, empty=empty)
    assert [[str(one.place) for one in found[number].files] for number in (2, 3, 4)] == [
        ["1.jpg", "附件/1.txt"],
        ["x/1.jpg", "y/2.jpg"],
        ["3.txt"],
    ]
    assert [found[number].empty_folders for number in (2, 3, 4)] == [("空", "附件/空"), ("x/空",), ()]


def test_pages_in_doubt_refuse_their_row_alone() -> None:
    found, told = match([row(2), row(3, TWO)], f"{ONE}/会场.jpg", f"{ONE}/合影.jpg", f"{TWO}/1.jpg", f"{TWO}/2.jpg")
    assert told == ["pages-ambiguous"]
    assert found[3] == [f"{TWO}/1.jpg", f"{TWO}/2.jpg"]


def test_in_a_records_folder_its_code_in_the_names_says_nothing_more() -> None:
    pages = ("-FM", "-001", "-002", "-002-1", "-003(1)", "-BK")
    found, told = match(
        [row(2), row(3, TWO)], *sorted(f"{ONE}/{ONE}{page}.jpg" for page in pages), f"{ONE}/{TWO} a.jpg"
    )
    assert told == ["pages-ambiguous", "files-missing"]
    found, told = match([row(2)], *sorted(f"{ONE}/{ONE}{page}.jpg" for page in pages))
    assert ([name.removeprefix(f"{ONE}/{ONE}")[:-4] for name in found[2]], told) == (list(pages), [])


def test_the_same_number_in_several_folders_is_not_twice_the_same_page() -> None:
    found, told = match([row(2)], f"{ONE}/2/{ONE}-1.jpg", f"{ONE}/1/{ONE}-1.jpg", f"{ONE}/1/{ONE}-2.jpg")
    assert [name.replace(ONE, "") for name in found[2]] == ["/1/-1.jpg", "/1/-2.jpg", "/2/-1.jpg"]
    assert told == []


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
    ("relative", "litter", "passed_over"),
    [
        ("Thumbs.db", True, True),
        ("@eaDir/a.jpg", True, True),
        ("._a.jpg", True, True),
        ("~$a.docx", True, True),
        ("a.jpg~", True, True),
        (".hidden/a.jpg", False, True),
        ("卷/a.jpg", False, False),
    ],
)
def test_what_systems_leave_behind_is_litter_and_passed_over_like_what_is_hidden(
    relative: str, litter: bool, passed_over: bool
) -> None:
    assert (is_litter(relative), is_passed_over(relative)) == (litter, passed_over)


def test_files_are_listed_in_order_with_their_size_and_links_are_told(tmp_path: Path) -> None:
    put(tmp_path, "b/2.jpg", b"22")
    put(tmp_path, "a.jpg", b"1")
    (tmp_path / "c.jpg").symlink_to(tmp_path / "a.jpg")
    (tmp_path / "empty" / "within").mkdir(parents=True)
    listing = list_batch(tmp_path)
    assert [(file.relative, file.size_bytes) for file in listing.files] == [("a.jpg", 1), ("b/2.jpg", 2)]
    assert [(f.code, f.file) for f in listing.findings] == [("not-a-file", "c.jpg")]
    assert listing.empty_folders == ("empty/within",)


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.jpg", b"1")
    put(tmp_path, "closed/b.jpg", b"2")
    scan = os.scandir

    def refuse(place: str | Path) -> object:
        if str(place).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", str(place))
        return scan(place)

    monkeypatch.setattr(os, "scandir", refuse)
    listing = list_batch(tmp_path)
    assert [file.relative for file in listing.files] == ["a.jpg"]
    assert [(f.code, f.file) for f in listing.findings] == [("not-listed", "closed")]


@given(st.binary(min_size=1, max_size=20) | st.text("\\x01af\x07\n\ud7ff\ufffe", min_size=1).map(str.encode))
def test_every_name_can_be_shown_and_tells_its_bytes(name: bytes) -> None:
    seen = shown(os.fsdecode(name))
    assert os.fsencode(as_it_came(seen)) == name
    assert seen.encode("utf-8") == xml_text(seen).encode("utf-8")
    assert "\n" not in seen


@pytest.mark.parametrize(
    ("cell", "order"),
    [("a/1.txt；a/1.txt", ["a/1.txt"]), ("a；a/1.txt", ["a/1.txt", "a/2.txt"]), ("a/2.txt；a", ["a/2.txt", "a/1.txt"])],
)
def test_a_file_that_a_row_names_twice_is_taken_once_where_it_was_named_first(cell: str, order: list[str]) -> None:
    found, told = match([row(2, ONE, cell)], "a/1.txt", "a/2.txt")
    assert (found[2], told) == (order, ["file-named-twice"])


def test_a_name_without_its_ending_is_taken_and_told_where_it_can_mean_one_file_only() -> None:
    names = ("a/报告.docx", "a/表.pdf", "a/表.xlsx", "b/报告.txt")
    found, told = match([row(2, ONE, "a/报告"), row(3, TWO, "a/表")], *names)
    assert found == {2: ["a/报告.docx"], 3: []}
    assert told == ["file-named-without-ending", "file-name-ambiguous"]


@pytest.mark.parametrize("name", ["1.txt", "a/①.txt", "a/².txt", "a/x1.txt", "c/1.txt", "a", "../a/1.txt", "/a/1.txt"])
def test_a_file_that_is_only_called_alike_is_never_taken(name: str) -> None:
    assert match([row(2, ONE, name)], "b/1.txt", "a/1.txt.bak", "a/2.txt.txt")[0][2] in (
        [],
        ["a/1.txt.bak", "a/2.txt.txt"],
    )


@pytest.mark.parametrize("name", ["附件①.pdf", "附件².pdf", "附件㈠.pdf"])
def test_another_sign_for_a_number_is_another_name(name: str) -> None:
    assert match([row(2, ONE, name)], "附件1.pdf", "附件2.pdf", "附件一.pdf") == (
        {2: []},
        [
            "file-missing",
        ],
    )


@pytest.mark.parametrize("name", ["a/x\u200by.txt", "a/x\u00a0y.txt", "a/ｘｙ.txt"])
def test_what_cannot_be_seen_in_a_name_makes_no_other_name(name: str) -> None:
    there = "a/x y.txt" if "\u00a0" in name else "a/xy.txt"
    assert match([row(2, ONE, name)], there) == ({2: [there]}, [])


@pytest.mark.parametrize(
    "name", ["C:\\scans\\k\\1.txt", "file:///k/1.txt", "k/1.txt.", "k/%31.txt", "1.txt", "batch/k/1.txt"]
)
def test_of_a_name_that_leads_nowhere_those_are_told_that_may_be_meant(name: str) -> None:
    claimed, _ = claims([row(2, ONE, name)], "k/1.txt", "j/1.txt")
    (found,) = claimed[2].findings
    assert found.code == "file-missing"
    assert "k/1.txt" in found.message.text("en").partition("called alike")[2]
