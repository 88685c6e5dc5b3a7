"""Whatever stands in a table, its draft is a profile, its paths stay below their folder, its texts are kept."""

import csv
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formats.processes.opened import Opened
from ingest.profiles.draft import draft_profile
from ingest.profiles.images import image_paths
from ingest.profiles.loading import parse_profile
from ingest.profiles.profile import Profile, fitting_profile, usual_names
from ingest.tables.packed import packed_table
from ingest.tables.table import Columns, TableRow, tables_of

# but for what may stand between cells, of which a table of two rows tells nothing
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n\t;|，；"), max_size=20)
HEADINGS = st.lists(st.one_of(CELLS, st.sampled_from(["档号", "全宗号", "案卷号", "件号", "题名", "日期", "男方", "女方", "MJ", "BGQX", "图像路径"])), min_size=1, max_size=8, unique=True)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(headings=HEADINGS, rows=st.lists(st.lists(CELLS, max_size=8), max_size=6))
def test_a_draft_of_any_table_is_a_profile_that_reads_it(
    tmp_path: Path, headings: list[str], rows: list[list[str]]
) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["档号", "题名", *headings], *rows])
    with Opened.at(path) as opened:
        (table,) = tables_of(packed_table(opened), usual_names(), file=path.name)
    profile = Profile(parse_profile(draft_profile(table), file="draft.toml"))
    for row in table.rows():
        profile.read(row)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["档号", "全宗号", "目录号", "案卷号", "件号", "题名", "文件题名", "日期", "起始日期", "终止日期", "男方", "女方", "其他", "备注"]), CELLS), unique_by=lambda one: one[0], min_size=1))  # fmt: skip
def test_every_text_of_a_row_goes_somewhere(pairs: list[tuple[str, str]]) -> None:
    columns = Columns("a", "", tuple(heading for heading, _ in pairs))
    read = fitting_profile(columns).read(TableRow(columns, 2, tuple(text for _, text in pairs)))
    kept = "\n".join([*read.values.values(), *(f.text for f in read.fields), *(t for _, t in read.rest), *read.parts.values(), read.code])  # fmt: skip
    assert [text for _, text in pairs if text not in kept] == []


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.sampled_from("aD:\\/.;；\n 目%?~"), max_size=30),
    st.lists(st.text(st.sampled_from("aD:\\/."), max_size=6), max_size=2),
)
def test_a_path_of_an_image_is_always_below_its_folder(text: str, cut: list[str]) -> None:
    for one in image_paths(text, cut):
        parts = one.split("/")
        assert "\\" not in one
        assert not {"", ".", ".."} & {*parts}
