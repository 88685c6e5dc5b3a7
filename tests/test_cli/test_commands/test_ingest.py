"""The command that takes batches in, as an archivist meets it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import ingest.storing
from archives.errors import ConflictError, UnfinishedError
from archives.message import message
from archives.record.description import Description
from cli.main import run
from ingest.package import build_package
from preservation.package.new_package import NewPackage
from tests.support.command_line import Jinkui, Prepared
from tests.support.files import docx_bytes, image_bytes, put, zip_bytes

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


def test_the_last_line_counts_what_became_of_the_batch_and_names_the_next_step(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = write_batch(tmp_path / "batch", "1.txt", "2.txt", "missing.txt")
    write(tmp_path / "batch" / "2.txt", "")
    foreseen = jinkui("ingest", batch, "--dry-run", code=12).strip().splitlines()[-1]
    assert "3 records, 1 would be stored, 1 would be stored, with findings, 1 would be rejected" in foreseen
    assert "findings list" not in foreseen
    told = jinkui("ingest", batch, code=12, lang="zh")
    last = "".join(told.split("批次 ")[-1].split())
    assert "3件，已保存1，已保存（有问题）1，退回1" in last
    batch_id = jinkui.json("findings", "list")["findings"][0]["batch_id"]
    assert f"jinkuifindingslist--batch{batch_id}" in last
    assert "错误" in told and "警告" in told
    rows = [line.split("│")[1:-1] for line in told.splitlines() if "已保存" in line and "│" in line]
    assert [row[-1].strip() for row in rows if row[1].strip() == "已保存"] == ["0"]


def test_where_nothing_was_found_no_next_step_is_named(jinkui: Jinkui, tmp_path: Path) -> None:
    last = jinkui("ingest", write_batch(tmp_path / "batch", "1.txt")).strip().splitlines()[-1]
    assert last.endswith("1 record, 1 stored")


def test_a_dry_run_shows_people_what_would_be_rejected_and_tells_no_zeros(jinkui: Jinkui, tmp_path: Path) -> None:
    batch = write_batch(tmp_path / "batch", "1.txt", "missing.txt")
    table, findings = jinkui("ingest", batch, "--dry-run", code=12).split("findings\n┏")
    assert CODES[0] in table and CODES[1] in table
    assert "would be rejected" in table
    assert "wait for review" not in findings


def test_a_rejection_that_only_a_run_finds_is_told_on_every_run_until_it_is_settled_or_goes_in(
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
    jinkui("findings", "settle", "--kind", "source-changed", "--reason", "the scanner was still writing")
    jinkui("ingest", batch, code=12)
    assert living(jinkui) == [("unfinished", CODES[1])]
    failures.clear()
    jinkui("ingest", batch)
    assert living(jinkui) == []
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


HEAD = "档号,题名,语种,文件"
GREY = image_bytes(size=(400, 300))


def _documents(folder: Path) -> None:
    write(
        folder / "catalogue.csv",
        f"{HEAD}\n" + "".join(f"{c},题名,汉语,{n}\n" for c, n in zip(CODES, "123", strict=True)),
    )
    put(folder, "1/broken.pdf", b"%PDF-1.4 broken")
    put(folder, "1/empty.txt", b"")
    put(folder, "2/unknown.xyz", b"\x00\x01\x02\x03")
    put(folder, "2/wrong.pdf", docx_bytes("字"))
    put(folder, "2/cut.zip", zip_bytes({"a.txt": "text"})[:-30])
    put(folder, "3/big5.txt", "臺灣省政府關於水庫工程的報告".encode("big5"))
    put(folder, "3/broken.txt", b"\xff\xfe\xfd text \x80\x81")
    put(folder, "stray.txt", b"stray")


def _pages(folder: Path) -> None:
    write(folder / "catalogue.csv", f"{HEAD},页数\n{CODES[0]},题名,汉语,1,3\n{CODES[1]},题名,汉语,2,2\n")
    put(folder, "1/001.png", GREY)
    put(folder, "1/003.png", GREY)
    put(folder, "2/001.png", image_bytes(size=(1, 1)))
    put(folder, "2/002.jpg", b"\xff\xd8\xff\xe0 cut short")


def _rows(folder: Path) -> None:
    rows = (
        f"{CODES[0]},题名,汉语,1.txt,2011.13,x",
        f"{CODES[0]},又,汉语,1.txt,2011,",
        f"{CODES[1]},,汉语,no.txt,,",
        "坏的,题名,汉语,1.txt,,",
    )
    write(folder / "catalogue.csv", f"{HEAD},日期,盒号,题各\n" + "\n".join(rows))
    write(folder / "1.txt", "一")


def _judged_merged(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("档号", "题名", "文件", "备注"), *((code, "题名", "1.txt", None) for code in CODES)):
        sheet.append(row)
    sheet["D2"] = "秘密"
    sheet.merge_cells("D2:D4")
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("另表").append(("档号", "题名"))
    folder.mkdir(parents=True)
    book.save(folder / "catalogue.xlsx")
    write(folder / "1.txt", "一")


def _secret(folder: Path) -> None:
    write(folder / "catalogue.csv", f"{HEAD},密级\n{CODES[0]},题名,汉语,1.txt,机密★20年\n")
    write(folder / "1.txt", "一")


ZOO: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "documents": (_documents, ()),
    "pages": (_pages, ()),
    "rows": (_rows, ()),
    "merged and judged": (_judged_merged, ("--not-secret", "D2=title of a film")),
    "merged and not judged": (_judged_merged, ()),
    "secret": (_secret, ()),
    "secret and judged": (_secret, ("--not-secret", "E2=title of a film")),
    "no such worksheet": (_judged_merged, ("--sheet", "卷内")),
}
ONLY_WHEN_READ = {"page-doubtful", "page-without-text", "access-copy-failed"}
"""What only the recognised text of pages tells."""


def answer(jinkui: Jinkui, *arguments: str) -> tuple[list[str], list[tuple[object, ...]]]:
    """Return the outcomes of a batch and everything that was found, or the refusal of the whole."""
    code = run(["--home", str(jinkui.home), "--lang", "en", "ingest", *arguments, "--json"])
    out, err = jinkui.capsys.readouterr()
    if not out or code not in (0, 12):
        return [str(code)], [(out or err,)]
    told = json.loads(out)
    found = [("", one) for one in told["findings"]]
    found += [(one["archival_code"], finding) for one in told["records"] for finding in one["findings"]]
    return (
        [one["outcome"].removeprefix("would be ") for one in told["records"]],
        sorted((about, *map(str, one.values())) for about, one in found if one["code"] not in ONLY_WHEN_READ),
    )


@pytest.mark.parametrize("name", ZOO)
def test_what_would_be_found_is_what_is_found(jinkui: Jinkui, tmp_path: Path, name: str) -> None:
    make, options = ZOO[name]
    make(tmp_path / "batch")
    would = answer(jinkui, str(tmp_path / "batch"), *options, "--dry-run")
    assert would == answer(jinkui, str(tmp_path / "batch"), *options)
    assert would[1]


def _of_everything(folder: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "List"
    sheet.append(
        ["Reference code", "Title", "Date", "files", "Box", "Titel", "Retention", "Classification", "Pages", "Extra"]
    )
    for row in (
        (CODES[0], "Report", "2011-05-01", "1", 3, "x", "Y", "internal", 3, 1),
        (CODES[1], "Letters", "2011.13", "2", 4, None, "D10", None, "many", 2),
        (CODES[2], "Plans", 2014.1, "no.txt", 5, None, "never", None, 1, 3),
        ("Z109-WS·2011-Y-BGS-0009", None, None, "1/empty.txt", None, None, None, None, None, None),
        ("bad code?", "Bad", None, "1/empty.txt", None, None, None, None, None, None),
        ("Z109-WS·2011-Y-BGS-0010", "Twice", None, "1/empty.txt", None, None, None, None, None, None),
        ("Z109-WS·2011-Y-BGS-0010", "Twice", None, "1/empty.txt", None, None, None, None, None, None),
        ("X999-WS·2011-Y-BGS-0001", "Unknown", None, "1/empty.txt", None, None, None, None, None, "=1+1"),
        (7, "Number", None, "1/empty.txt", None, None, None, None, None, "#REF!"),
    ):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["J"].hidden = True
    sheet.merge_cells("E2:E3")
    book.create_sheet("Other").append(["Reference code", "Title"])
    folder.mkdir(parents=True)
    book.save(folder / "catalogue.xlsx")
    for name, data in {
        "1/empty.txt": b"",
        "1/.hidden": b"h",
        "1/CON.txt": b"con",
        "1/Same.txt": b"a",
        "1/same.txt": b"b",
        "2/unknown.xyz": b"\x00\x01\x02\x03",
        "2/wrong.pdf": docx_bytes("word"),
        "2/cut.zip": zip_bytes({"a.txt": "text"})[:-30],
        "stray.txt": b"stray",
    }.items():
        put(folder, name, data)
    (folder / "link").symlink_to("stray.txt")


HAN = re.compile("[\u4e00-\u9fff]+")
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")


@pytest.mark.parametrize(("lang", "foreign"), [("en", HAN), ("zh", ENGLISH)])
def test_commands_of_intake_speak_one_language(
    jinkui: Jinkui, tmp_path: Path, lang: str, foreign: re.Pattern[str]
) -> None:
    _of_everything(tmp_path / "batch")
    batch = str(tmp_path / "batch")
    jinkui("repository", "add", "990002", "--name", "Archives", "--kind", "馆")
    jinkui(
        "fonds", "import", str(write(tmp_path / "f.csv", "全宗号,全宗名称\nZ109,Office\n")), "--repository", "990002"
    )
    at = ("--repository", "990002")
    said = [
        jinkui("ingest", batch, *at, "--dry-run", code=12, lang=lang),
        jinkui("ingest", batch, *at, code=12, lang=lang),
        jinkui("ingest", batch, *at, code=12, lang=lang),
        jinkui("findings", "list", *at, lang=lang),
        *(jinkui(name, code, *at, lang=lang) for name in ("show", "explain") for code in CODES[:2]),
        jinkui("export", CODES[0], str(tmp_path / "out"), *at, lang=lang),
        jinkui("export", CODES[0], str(tmp_path / "out 2"), "--as-it-came", *at, lang=lang),
        jinkui("ingest", batch, *at, "--sheet", "nope.xlsx", code=4, lang=lang),
        jinkui("ingest", batch, *at, "--sheet", "Nope", code=4, lang=lang),
        jinkui("ingest", batch, *at, "--not-secret", "x", code=2, lang=lang),
        jinkui("findings", "show", "123", code=4, lang=lang),
        jinkui("findings", "settle", "123", "--reason", "x", code=4, lang=lang),
        *(
            jinkui(*words, "--help", lang=lang)
            for words in (("ingest",), ("export",), ("findings", "list"), ("findings", "settle"))
        ),
    ]
    own_words = re.compile(r"(?m)^ +jinkui .*$|jinkui(?: [a-z]+)+")  # examples, and the names of commands
    strange = {found for text in said for found in foreign.findall(own_words.sub("", text))}
    assert strange == set()
