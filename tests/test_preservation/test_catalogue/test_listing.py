"""Lists of units are told by indexes: a page reads no rows but its own, a count reads none, however many there are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sql

from archives.record.identifiers import archival_code_key
from archives.units.state import State
from archives.units.unit import Level
from preservation.catalogue.journal_fold import JournalFold
from preservation.catalogue.levels.wanted import Wanted
from preservation.catalogue.units import Units
from tests.support.intake import small_archive
from tests.test_preservation.test_actions.test_units.test_describing import new, say, unit

CODES = (
    "J019-1-0001",
    "J019-1-0001-2",
    "J0191-2",
    "HC/1/3",
    "HC/1",
    "RG 59, Box 3",
    "RG 591",
    "MS 123",
    "A B/3",
    "J",
    "",
)


@pytest.fixture
def plans() -> Iterator[tuple[Units, list[str]]]:
    """Give the units of an empty catalogue, and the plan of every statement that they ask."""
    fold = JournalFold()
    seen: list[str] = []

    def told(connection: sql.Connection, cursor: object, statement: str, values: object, *_: object) -> None:
        if not statement.startswith("EXPLAIN"):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]  # as it came
            seen.extend(str(row[3]) for row in plan)

    sql.event.listen(fold.engine, "before_cursor_execute", told)
    yield Units(fold.engine), seen
    fold.close()


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(repository="990121"),
        Wanted(fonds="J019"),
        Wanted(fonds="J019", levels=[Level.FILE]),
        Wanted(fonds="J019", levels=[Level.SERIES, Level.FILE]),
        Wanted(fonds="J019", states=[State.OBJECT]),
        Wanted(fonds="J019", without_content=True),
        Wanted(without_content=True),
        Wanted(levels=[Level.FONDS]),
        Wanted(import_id="3f2a71c80b4d0a11"),
        Wanted(code="J019"),
    ],
    ids=str,
)
def test_a_page_is_not_sorted_and_a_count_reads_no_row(plans: tuple[Units, list[str]], wanted: Wanted) -> None:
    units, seen = plans
    units.page(wanted)
    assert "USE TEMP B-TREE FOR ORDER BY" not in seen
    seen.clear()
    units.number(wanted)
    assert any("COVERING INDEX unit_by_" in step for step in seen)


def test_codes_that_begin_alike_are_found_whatever_divides_them(tmp_path: Path) -> None:
    with small_archive(tmp_path / "archive") as archive:
        say(archive, new(*(unit(number, code=code or " ") for number, code in enumerate(CODES, 1))))
        units = archive.catalogue.units
        for first in (
            "J",
            "J0",
            "J019",
            "J019-",
            "J019-1-0001",
            "HC",
            "HC/1",
            "RG",
            "RG 5",
            "RG 59",
            "rg 59,",
            "A",
            "A B",
            "M",
        ):
            found = sorted(one.unit.description.code.written for one in units.all(Wanted(code=first)))
            begins = archival_code_key(first)
            assert found == sorted(code for code in CODES if archival_code_key(code).startswith(begins)), first
