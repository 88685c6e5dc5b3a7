"""Units as rows: what is written is read again, and nothing of a code or a value is refused."""

import json
from dataclasses import replace
from datetime import date

import pytest

from archives.errors import FormatError
from archives.record.dates.parse import parse_record_date
from archives.record.description import Description, Retention
from archives.record.holding import LEFT
from archives.record.identifiers import parse_archival_code, reference_code
from archives.record.secrecy import SecurityClassification
from archives.units.state import State
from archives.units.unit import Level, Unit, head_of, purged, read_row_head, read_unit_row, row_digest, unit_row

FULL = Description(
    parse_archival_code("J019-2-0015-003"),
    "关于水利工程的请示",
    author="青峤县水利局",
    document_number="青水〔1983〕5号",
    formed=parse_record_date("[198305]"),
    year=1983,
    retention=Retention("长期"),
    security=SecurityClassification.WORK_SECRET,
    declassified_on=date(2003, 5, 6),
    pages=8,
    note="多行\n备注\t“引号”",
    former_code="19-2-15-3",
    sequence="3",
    page_range="34-41",
    place="1库2列3节",
    box="007",
    persons=(("男方", "张建国"), ("女方", "李秀英")),
    other=(("版次", "1"), ("版次 *", "2")),
)


def unit(**changes: object) -> Unit:
    """Return a unit that says all that one can say."""
    full = Unit(
        "6f7a1b8c-6f0e-4b2f-9d3e-0a1b2c3d4e5f",
        "990121",
        Level.ITEM,
        FULL,
        parent="7f7a1b8c-6f0e-4b2f-9d3e-0a1b2c3d4e5f",
        state=State.NOT_DIGITISED,
        revision=3,
        previous=row_digest(b"x\n"),
        person="李档",
        at="2026-11-26T09:30:00+08:00",
        reason="补正题名",
        import_id="2026-0001",
        source="卷内目录.xls!Sheet1 12",
    )
    return replace(full, **changes)  # type: ignore[arg-type]  # the fields of a unit, by name


def test_what_a_row_says_is_read_as_it_was_written() -> None:
    assert read_unit_row(unit_row(unit())) == unit()
    bare = Unit("6f7a1b8c-6f0e-4b2f-9d3e-0a1b2c3d4e5f", "990121", Level.FONDS, Description(reference_code(""), ""))
    assert read_unit_row(unit_row(bare)) == bare


def test_a_row_is_one_line_of_json_that_anybody_can_read() -> None:
    row = unit_row(unit())
    assert row.endswith(b"\n")
    assert row.count(b"\n") == 1
    said = json.loads(row)
    assert (said["level"], said["revision"], said["elements"]["title"]) == ("件", 3, "关于水利工程的请示")
    assert said["elements"]["date"] == [["[198305]", {"起": "1983-05-01", "止": "1983-05-31", "确定程度": "考证"}]]


def test_the_same_unit_is_the_same_row_and_another_word_is_another() -> None:
    assert unit_row(unit()) == unit_row(unit())
    assert row_digest(unit_row(unit())) != row_digest(unit_row(unit(reason="别的")))


@pytest.mark.parametrize(
    "row",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\n",
        b'{"unit_id": 1}',
        unit_row(unit()).replace("件".encode(), b"x"),
        unit_row(unit()).replace(b"1983-05-31", b"1983-05-32"),
        unit_row(unit()).replace(b'"pages":"8"', b'"pages":"viii"'),
        unit_row(unit()).replace(b'"box":"007"', b'"box":7'),
        unit_row(unit()) * 2,
        b"null\n",
    ],
)
def test_what_is_no_row_is_said_to_be_none(row: bytes) -> None:
    for read in (read_unit_row, read_row_head):
        with pytest.raises(FormatError):
            read(row)


def test_the_head_of_a_row_is_what_the_whole_row_says() -> None:
    bare = Unit("6f7a1b8c-6f0e-4b2f-9d3e-0a1b2c3d4e5f", "990121", Level.FONDS, Description(reference_code(""), ""))
    foreign = unit(description=replace(FULL, code=reference_code("RG 59, Box 3"), former_code=""))
    for one in (unit(), bare, foreign, purged(unit(), "plan 1")):
        head = read_row_head(unit_row(one))
        assert head == head_of(one)
        assert (head.code.written, head.former_code) == (
            one.description.code.written,
            one.description.former_code,
        )


@pytest.mark.parametrize("code", ["HC/1/3", "MS 123", "RG 59, Box 3", "J0190020150003", "", "甲·乙·丙"])
def test_a_code_of_any_archives_is_kept_as_it_is_written(code: str) -> None:
    kept = reference_code(code)
    assert kept.written == code
    assert read_unit_row(unit_row(unit(description=replace(FULL, code=kept)))).description.code.written == code


def test_an_archival_code_is_one_wherever_it_stands() -> None:
    assert reference_code("Z109-WS·2011-Y-BGS-0001").year == 2011
    assert (reference_code("HC/1/3").fonds, reference_code("RG 59, Box 3").key) == ("HC", "RG 59, BOX 3")


def test_codes_are_ordered_as_people_order_them() -> None:
    codes = ["J019-2-10", "J019-2-9-10", "J020", "J019-2", "J019-10", "J019-2-9-1", "J019-2-9"]
    in_order = ["J019-2", "J019-2-9", "J019-2-9-1", "J019-2-9-10", "J019-2-10", "J019-10", "J020"]
    assert sorted(codes, key=lambda code: reference_code(code).order) == in_order
    assert sorted(["HC/10/1", "HC/9/2", "HC/9/10", "HC/9"], key=lambda code: reference_code(code).order) == [
        "HC/9",
        "HC/9/2",
        "HC/9/10",
        "HC/10/1",
    ]


def test_what_stays_of_a_purged_row_says_nothing_of_the_unit() -> None:
    unit = Unit(
        "u", "990001", Level.ITEM, FULL, "above", State.HELD, 3, "before", "李档", "2026", "r", "import", "t.csv 5"
    )
    row = unit_row(purged(unit, "plan 1"))
    said = json.loads(row)
    assert {key for key in said if said[key]} <= {
        "unit_id",
        "revision",
        "repository",
        "level",
        "parent",
        "state",
        "elements",
        "reason",
    }
    assert read_unit_row(row).state is State.PURGED
    assert not any(value and value in row.decode() for value in (FULL.title, FULL.author, FULL.code.written))


def test_which_units_have_left_the_catalogue_is_said_by_their_states() -> None:
    assert {State(one) for one in LEFT} == {State.TAKEN_BACK, State.PURGED}
