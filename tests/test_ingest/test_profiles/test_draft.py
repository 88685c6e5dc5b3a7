"""A draft of a profile can be used as it is, and tells a person enough to mend it."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from formats.processes.opened import Opened
from ingest.profiles.draft import draft_profile
from ingest.profiles.loading import parse_profile
from ingest.profiles.profile import Profile, usual_names
from ingest.tables.packed import packed_table
from ingest.tables.table import Table, tables_of
from tests.support.dbf import Field, make_dbf

FIELDS: list[Field] = [("QZH", "C", 4), ("MLH", "C", 3), ("AJH", "C", 4), ("SXH", "N", 3), ("TM", "C", 60), ("RQ", "C", 8), ("BGQX", "C", 1), ("X1", "C", 40), ("X2", "C", 20), ("X3", "C", 8)]  # fmt: skip


def _table(path: Path) -> Table:
    with Opened.at(path) as opened:
        (table,) = tables_of(packed_table(opened), usual_names(), file=path.name)
    return table


def _old_table(tmp_path: Path) -> Table:
    records = [
        ["J019", "1", f"{1 + n // 15:04}", str(n % 15 + 1), f"关于第{n}号水库的批复", f"1983{1 + n % 12:02}03", str(1 + n % 3), rf"D:\扫描\J019\{n:03}.jpg", f"青水〔1983〕{n}号", ""]
        for n in range(60)
    ]  # fmt: skip
    return _table(make_dbf(tmp_path / 'wj"1.dbf', FIELDS, records))


def _workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def test_a_draft_reads_the_table_that_it_was_made_from(tmp_path: Path) -> None:
    table = _old_table(tmp_path)
    profile = Profile(parse_profile(draft_profile(table), file="draft.toml"))
    first = next(table.rows())
    read = profile.read(first)
    assert profile.about(table.columns) == ()
    assert (read.code, read.level, read.parent) == ("J019-1-0001-01", "件", "J019-1-0001")
    assert read.values["title"] == "关于第0号水库的批复"
    assert read.values["document_number"] == "青水〔1983〕0号"
    assert read.image == "J019/000.jpg"


@pytest.mark.parametrize(
    "ends", [("起始日期", "终止日期"), ("起止日期 起", "起止日期 止"), ("起止时间 开始", "起止时间 结束")]
)
def test_a_draft_joins_the_first_and_the_last_day(tmp_path: Path, ends: tuple[str, str]) -> None:
    rows = [[f"J019-1-{n}", f"卷{n}", f"1957.1.{n}", f"1957.12.{n}"] for n in range(1, 9)]
    table = _table(_workbook(tmp_path / "a.xlsx", [["档号", "题名", *ends], *rows]))
    profile = Profile(parse_profile(draft_profile(table), file="draft.toml"))
    assert profile.read(next(table.rows())).values["date"] == "1957.1.1至1957.12.1"


def test_a_draft_says_of_every_column_what_was_seen_in_it_and_why_it_is_what_it_is(tmp_path: Path) -> None:
    draft = draft_profile(_old_table(tmp_path))
    assert "60 行 rows, 10 列 columns" in draft
    assert "# BGQX: 有值 filled 60 (100%), 不同 distinct 3, 最长 longest 1; 列名 heading" in draft
    assert "#   1 × 20, 2 × 20, 3 × 20" in draft
    assert "# X2: 有值 filled 60 (100%), 不同 distinct 60, 最长 longest 11; 内容 values" in draft
    assert "# X3: 有值 filled 0 (0%)" in draft


def test_values_that_are_codes_wait_in_a_map_for_what_they_mean(tmp_path: Path) -> None:
    draft = draft_profile(_old_table(tmp_path))
    assert 'retention = { columns = "BGQX", map = "retention" }' in draft
    mended = draft.replace('"1" = "1"', '"1" = "永久"')
    table = _old_table(tmp_path)
    read = Profile(parse_profile(mended, file="draft.toml")).read(next(table.rows()))
    assert (read.values["retention"], read.written["retention"]) == ("永久", "1")


def test_a_draft_of_persons_keeps_their_types(tmp_path: Path) -> None:
    rows = [
        ["档号", "男方姓名", "女方姓名", "登记日期", "登记地"],
        ["J101-1-1", "张建国", "李秀英", "1978.5.1", "青峤公社"],
    ]
    table = _table(_workbook(tmp_path / "婚姻.xlsx", rows))
    read = Profile(parse_profile(draft_profile(table), file="draft.toml")).read(next(table.rows()))
    assert read.persons == (("男方", "张建国"), ("女方", "李秀英"))
    assert read.values["title"] == "张建国、李秀英婚姻登记材料"
    assert [one.name for one in read.fields if one.kind == "place"] == ["登记地"]


def test_what_stands_in_cells_cannot_break_a_draft(tmp_path: Path) -> None:
    rows = [['题"名', "档号", "a\nb = 1", "题名"], ['"\n[code]\n', "J019-1-1", "\x07#", "x" * 500]]
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    table = _table(path)
    read = Profile(parse_profile(draft_profile(table), file="draft.toml")).read(next(table.rows()))
    assert read.code == "J019-1-1"
    assert read.values["title"] == "x" * 500


@pytest.mark.parametrize(
    ("name", "headings", "rows", "level", "codes"),
    [
        ("hy", "QZH MLH AJH XH NFXM NVXM", ["J045 5 1 1 张 李", "J045 5 1 2 王 陈", "J045 5 2 1 赵 钱"], "件", ["J045-5-1-1", "J045-5-1-2", "J045-5-2-1"]),
        ("fc", "QZH MLH AJH FZ FWZL", ["J047 3 0001 王 北街", "J047 3 0002 李 南街"], "件", ["J047-3-0001", "J047-3-0002"]),
        ("婚姻案卷目录", "QZH MLH AJH NFXM NVXM", ["J045 5 1 张 李"], "案卷", ["J045-5-1"]),
        ("aj", "QZH MLH AJH AJTM QZRQ", ["J019 1 1 水利 1983"], "案卷", ["J019-1-1"]),
    ],
)  # fmt: skip
def test_a_draft_states_one_level_and_builds_codes_for_it(
    tmp_path: Path, name: str, headings: str, rows: list[str], level: str, codes: list[str]
) -> None:
    path = tmp_path / f"{name}.csv"
    path.write_text("\n".join(line.replace(" ", ",") for line in (headings, *rows)) + "\n", "utf-8")
    table = _table(path)
    profile = Profile(parse_profile(draft_profile(table), file="draft.toml"))
    read = [profile.read(row) for row in table.rows()]
    assert [(one.level, one.code) for one in read] == [(level, code) for code in codes]
    assert [note.code for one in read for note in one.notes] == []
