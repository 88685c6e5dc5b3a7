"""A correction made on an older description meets what was said since: nobody's newer word is written over unasked."""

from dataclasses import replace
from typing import Any

import pytest

from archives.record.description import Description
from archives.record.elements.table import describe
from archives.record.identifiers import reference_code
from archives.units.merging import merged, overtaken, told_person
from archives.units.state import State
from archives.units.unit import Level, Unit

UNIT = "00000000-0000-4000-8000-000000000001"


def said(**values: Any) -> Description:
    """Return what is said of a unit."""
    return describe({"language": "", "title": "t", "code": reference_code("J1-1-1")} | values)


def row(revision: int, person: str, state: State = State.HELD, **values: Any) -> Unit:
    """Return a row."""
    at = f"2026-0{revision}-01T10:00:00+08:00"
    return Unit(UNIT, "990001", Level.ITEM, said(**values), state=state, revision=revision, person=person, at=at)


def test_what_nobody_else_changed_is_as_the_sheet_says() -> None:
    found = merged((row(1, "甲"),), said(title="mine"), State.MISSING)
    assert (found.description.title, found.state, found.since, found.conflicts) == ("mine", State.MISSING, (), ())


def test_each_change_is_of_whoever_made_it_last() -> None:
    rows = (row(1, "甲"), row(2, "乙", title="a"), row(3, "丙", title="b"), row(4, "丁", title="b", note="n"))
    found = merged(rows, said(title="mine"))
    assert {one.label.en: one.by.person for one in found.since} == {"title": "丙", "note": "丁"}
    (conflict,) = found.conflicts
    assert (conflict.since.was, conflict.since.now, conflict.mine, conflict.is_written) == ("t", "b", "mine", False)
    assert (found.description.title, found.description.note) == ("b", "n")
    kinds = [one.code for one in overtaken(rows[-1], found)]
    assert kinds == ["described-since", "changed-meanwhile"]


def test_what_is_asked_for_is_written_over_and_nothing_else() -> None:
    rows = (row(1, "甲"), row(2, "乙", title="a", note="n"))
    found = merged(rows, said(title="mine"), over_newer=True)
    assert (found.description.title, found.description.note) == ("mine", "n")
    assert [one.is_written for one in found.conflicts] == [True]
    assert [one.code for one in overtaken(rows[-1], found)] == ["described-since", "newer-written-over"]


@pytest.mark.parametrize("mine", ["t", "a"], ids=["as it was exported", "as it is now"])
def test_a_value_that_is_no_change_of_this_person_is_no_conflict(mine: str) -> None:
    found = merged((row(1, "甲"), row(2, "乙", title="a")), said(title=mine))
    assert (found.description.title, found.conflicts) == ("a", ())


def test_under_names_only_what_both_changed_is_a_conflict() -> None:
    base, now = (("男方", "张"), ("女方", "李")), (("男方", "王"), ("女方", "李"))
    mine = (("男方", "赵"), ("女方", "钱"))
    rows = (row(1, "甲", persons=base), row(2, "乙", persons=now))
    found = merged(rows, said(persons=mine))
    assert dict(found.description.persons) == {"男方": "王", "女方": "钱"}
    assert [(one.since.label.zh.endswith("{name}"), one.mine) for one in found.conflicts] == [(True, "赵")]


def test_a_state_is_a_conflict_like_any_element_but_not_one_that_files_gave() -> None:
    rows = (row(1, "甲"), row(2, "乙", State.MISSING))
    assert merged(rows, said(), State.OBJECT).state is None
    assert merged(rows, said(), State.OBJECT, over_newer=True).state is State.OBJECT
    hooked = (row(1, "甲", State.NOT_DIGITISED), row(2, "乙", title="a"))
    assert [one.label.en for one in merged(hooked, said()).since] == ["title"]


def test_what_only_a_package_says_came_with_a_batch() -> None:
    assert told_person(replace(row(1, ""), at="")).zh == "更新的批次"
