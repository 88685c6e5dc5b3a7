"""A decision about opening is applied whole or not at all."""

from datetime import date

import pytest

from archives.record.identifiers import parse_archival_code
from archives.record.rights import Conclusion, OnlineScope
from ingest.sheets.decisions import DecisionRow, filled_in, read_decisions
from ingest.sheets.fonds import read_fonds
from ingest.sheets.table import Sheet, SheetCell, SheetRow
from tests.support.intake import HOME, codes

TODAY = date(2026, 1, 5)
WHOLE = {
    "code": "Z109-WS·2011-Y-BGS-0001",
    "conclusion": "开放",
    "basis": "档案法",
    "reviewer": "甲",
    "approver": "乙",
    "reviewed_on": "2026-01-02",
    "takes_effect_on": "2026-02-01",
}


def sheet(*rows: dict[str, str]) -> Sheet:
    """Return a sheet of these rows from the second on."""
    read = [
        SheetRow(number, {f: SheetCell(text, f"{f}{number}") for f, text in row.items() if text})
        for number, row in enumerate(rows, 2)
    ]
    return Sheet("s.csv", 1, tuple(WHOLE), (), tuple(read))


def row(**cells: str) -> DecisionRow:
    """Read one row that is whole but for what is said."""
    (found,) = read_decisions(sheet({**WHOLE, **cells}), today=TODAY)
    return found


def test_a_whole_row_is_a_decision() -> None:
    found = row(scope="全文")
    assert found.findings == ()
    assert found.decision is not None
    assert (found.decision.conclusion, found.decision.scope) == (Conclusion.OPEN, OnlineScope("全文"))


@pytest.mark.parametrize("letter", ["\x01", "\x0b", "\x7f", "\ufffe"])
def test_control_characters_of_a_public_title_become_what_the_finding_says(letter: str) -> None:
    found = row(scope="全文", public_title=f"水{letter}位")
    assert codes(found.findings) == ["control-characters"]
    assert found.decision is not None
    assert found.decision.public_title == "水�位"


def test_without_a_scope_nothing_goes_online() -> None:
    found = row().decision
    assert found is not None
    assert found.scope is OnlineScope.NOT_ONLINE


@pytest.mark.parametrize("field", ["conclusion", "basis", "reviewer", "approver", "reviewed_on", "code"])
def test_a_row_that_lacks_something_decides_nothing_and_says_what(field: str) -> None:
    found = row(**{field: ""})
    assert found.decision is None
    assert codes(found.findings) == [f"{field.replace('_', '-')}-missing"]


@pytest.mark.parametrize(
    ("field", "text"), [("conclusion", "也许"), ("reviewed_on", "2026-01"), ("scope", "部分"), ("takes_effect_on", "x")]
)
def test_a_value_that_is_not_known_decides_nothing_and_names_its_cell(field: str, text: str) -> None:
    found = row(**{field: text})
    assert found.decision is None
    assert (f"{field.replace('_', '-')}-unreadable", f"{field}2") in [(f.code, f.cell) for f in found.findings]


@pytest.mark.parametrize(("english", "chinese"), [("Open", "开放"), ("postponed", "延期开放"), ("closed", "不开放")])
def test_conclusions_are_read_in_both_languages(english: str, chinese: str) -> None:
    (one, two) = (row(conclusion=word).decision for word in (english, chinese))
    assert one is not None
    assert one == two


def test_an_opening_needs_its_day_and_a_closing_does_not() -> None:
    assert codes(row(takes_effect_on="").findings) == ["takes-effect-on-missing"]
    assert row(conclusion="不开放", takes_effect_on="").decision is not None


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"approver": "甲"}, "approver-is-reviewer"),
        ({"reviewer": "Li Ming", "approver": "ＬＩ  ming "}, "approver-is-reviewer"),
        ({"reviewed_on": "2026-01-06"}, "reviewed-on-in-future"),
        ({"takes_effect_on": "2026-01-01"}, "takes-effect-before-review"),
    ],
)
def test_an_opening_is_decided_by_two_people_on_days_that_can_be(cells: dict[str, str], code: str) -> None:
    found = row(**cells)
    assert found.decision is None
    assert codes(found.findings) == [code]
    assert row(**cells, conclusion="不开放").decision is not None, "nothing keeps a record from being closed"


def test_two_decisions_about_one_record_are_both_left_undone() -> None:
    rows = read_decisions(sheet(WHOLE, {**WHOLE, "code": WHOLE["code"].lower(), "conclusion": "不开放"}), today=TODAY)
    assert [one.decision for one in rows] == [None, None]
    assert [codes(one.findings) for one in rows] == [["code-twice"], ["code-twice"]]


def test_one_code_in_two_repositories_is_two_records() -> None:
    rows = read_decisions(sheet({**WHOLE, "repository": "990001"}, {**WHOLE, "repository": "990101"}), today=TODAY)
    assert [one.decision is not None for one in rows] == [True, True]


@pytest.mark.parametrize("number", ["J 7", "J7/8", "J7-8", "J7:8", "..", "全 宗", "J7;"])
def test_a_number_that_no_archival_code_can_begin_with_is_no_fonds(number: str) -> None:
    fonds, findings = read_fonds(sheet({"number": number, "name": "水利局"}), HOME.code)
    assert (fonds, [(f.code, f.row) for f in findings]) == ((), [("fonds-number", 2)])


@pytest.mark.parametrize("number", ["Z109", "j001", "0125", "G3·1", "J7.8", "全宗7", "ｊ００１", "A_1", "(7)"])
def test_every_number_that_an_archival_code_can_begin_with_is_a_fonds(number: str) -> None:
    ((one,), findings) = read_fonds(sheet({"number": number, "name": "水利局"}), HOME.code)
    assert findings == ()
    assert parse_archival_code(f"{number}-WS·2011-Y-BGS-0001").fonds == one.number


def test_fonds_need_a_number_and_a_name_and_the_others_go_in() -> None:
    rows = ({"number": "z109", "name": "水利局"}, {"number": "Z110"}, {"name": "无号"})
    fonds, findings = read_fonds(sheet(*rows), HOME.code)
    assert [(one.number, one.name) for one in fonds] == [("Z109", "水利局")]
    assert [(f.code, f.row) for f in findings] == [("fonds-incomplete", 3), ("fonds-incomplete", 4)]


def test_rows_in_which_nothing_was_decided_are_passed_over_and_those_half_filled_are_not() -> None:
    waiting = {"code": "Z109-WS·2011-Y-BGS-0002"}
    uncoded = {"repository": "990001"}
    kept, blank = filled_in(
        sheet(WHOLE, waiting, {**waiting, "basis": "档案法"}, uncoded, {**uncoded, "basis": "档案法"})
    )
    assert (blank, [one.number for one in kept.rows]) == (2, [2, 4, 6])


def test_only_what_opens_has_a_title_for_the_public() -> None:
    opened, closed = row(public_title=" 材料 "), row(public_title="材料", conclusion="不开放")
    assert opened.decision is not None and closed.decision is not None
    assert (opened.decision.public_title, closed.decision.public_title) == ("材料", None)
    assert row().decision == row(public_title=" ").decision
