"""How many files each row of a batch has is told in runs, and read again."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.tables.file_counts import FileCounts, place_without_row, read_counts, told

SHEETS = st.sampled_from(("目录.csv", "a b.xlsx!卷内 目录"))
COUNTS = st.dictionaries(st.tuples(SHEETS, st.integers(1, 40)), st.integers(1, 3))


def test_rows_with_as_many_files_are_told_together() -> None:
    counts = [*((f"a.csv {row}", 1) for row in (2, 3, 4, 6)), ("a.csv 5", 2)]
    assert dict(told(9, counts))["各行文件数 a.csv"] == "2-4:1 5:2 6:1"


@given(COUNTS, st.dictionaries(st.text("J019-1", min_size=1), st.integers(1, 9), max_size=2), st.integers(0, 5))
def test_what_is_told_is_read_again(rows: dict[tuple[str, int], int], codes: dict[str, int], unplaced: int) -> None:
    by_place = {f"{sheet} {row}": number for (sheet, row), number in rows.items()}
    pairs = [*by_place.items(), *((place_without_row(code), number) for code, number in codes.items())]
    if unplaced:
        pairs.append((place_without_row(""), unplaced))
    assert read_counts(told(99, pairs)) == FileCounts(99, by_place, codes, unplaced)
    assert read_counts((("备注", "x"),)) is None
