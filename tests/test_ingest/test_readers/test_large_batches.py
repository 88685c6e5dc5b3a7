"""Planning takes twice as long for twice as much, however files and rows stand to each other."""

import cProfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ingest.readers.registry import read_batch
from tests.support.intake import KNOWN

FEW, MANY = 150, 300
LINEAR = 2.5
Shape = Callable[[int], tuple[Sequence[str], Sequence[str]]]
"""How many there are, to the rows of a sheet (code, title, files) and the names of files."""


def code(number: int) -> str:
    """Return an archival code."""
    return f"Z109-WS·2011-Y-BGS-{number:06}"


def files_of_nobody(number: int) -> tuple[Sequence[str], Sequence[str]]:
    """One row, and files that no row names."""
    return [f"{code(1)},t,"], [f"{one // 10}/stray {one}.txt" for one in range(number)]


def rows_without_files(number: int) -> tuple[Sequence[str], Sequence[str]]:
    """Rows, and one file."""
    return [f"{code(one)},t," for one in range(number)], [f"{code(1)}.txt"]


def files_beside_rows(number: int) -> tuple[Sequence[str], Sequence[str]]:
    """As many rows as files, none of which fits another."""
    return [f"{code(one)},t," for one in range(number)], [f"some file - {one}.txt" for one in range(number)]


def folders_by_name(number: int) -> tuple[Sequence[str], Sequence[str]]:
    """Rows of which each names a folder."""
    return [f"{code(one)},t,f{one}" for one in range(number)], [f"f{one}/a.txt" for one in range(number)]


def codes_twice(number: int) -> tuple[Sequence[str], Sequence[str]]:
    """Rows that have one code."""
    return [f"{code(1)},t," for _ in range(number)], [f"{code(1)}-{one}.txt" for one in range(number)]


def pages_of_one(number: int) -> tuple[Sequence[str], Sequence[str]]:
    """One record of many pages, each number standing twice."""
    return [f"{code(1)},t,"], [f"{code(1)}-{one}.{end}" for one in range(number // 2) for end in ("jpg", "png")]


def calls(folder: Path, shape: Shape, number: int) -> int:
    """Return how many calls planning takes: what a clock shows, without a clock."""
    rows, names = shape(number)
    place = folder / str(number)
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(b"x")
    (place / "catalogue.csv").write_text("\n".join(["档号,题名,文件", *rows]), "utf-8")
    profile = cProfile.Profile()
    profile.runcall(read_batch, place, KNOWN)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize(
    "shape", [files_of_nobody, rows_without_files, files_beside_rows, folders_by_name, codes_twice, pages_of_one]
)
def test_twice_as_much_takes_twice_as_long(tmp_path: Path, shape: Shape) -> None:
    calls(tmp_path / "warm", shape, FEW)
    assert calls(tmp_path, shape, MANY) < LINEAR * calls(tmp_path, shape, FEW)


def test_a_finding_about_many_rows_names_the_first_ones_and_how_many(tmp_path: Path) -> None:
    rows, names = codes_twice(1000)
    for name in names[:1]:
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "catalogue.csv").write_text("\n".join(["档号,题名,文件", *rows]), "utf-8")
    plan = read_batch(tmp_path, KNOWN)
    (found,) = {found.message.text("en") for found in plan.rejected[0].findings if found.code == "code-twice"}
    assert found.endswith("… (1000); each may stand in one only")
    assert len(found) < 400
