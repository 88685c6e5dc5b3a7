"""A row of the catalogue becomes a description, or says cell by cell why it does not."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archives.findings import Severity
from archives.record.description import Description, SecurityClassification
from archives.record.identifiers import CodeRule
from formats.spreadsheet.cells import How
from ingest.sheets.catalogue import CATALOGUE_HEADINGS, CatalogueRow, read_catalogue
from ingest.sheets.languages import Languages
from ingest.sheets.table import Sheet, SheetCell, SheetRow
from tests.support.intake import codes

CODE = "Z109-WS·2011-Y-BGS-0001"
TODAY = date(2026, 1, 1)


def sheet(*rows: dict[str, str], numbers: tuple[str, ...] = ()) -> Sheet:
    """Return a sheet of these rows from the second on; cells of the fields in ``numbers`` held numbers."""
    read = tuple(
        SheetRow(
            number,
            {
                f: SheetCell(text, f"{f}{number}", How.NUMBER if f in numbers else How.WRITTEN)
                for f, text in row.items()
            },
        )
        for number, row in enumerate(rows, 2)
    )
    known = set(CATALOGUE_HEADINGS.values())
    columns = dict.fromkeys(field for row in rows for field in row)
    return Sheet("s.csv", 1, tuple(f for f in columns if f in known), tuple(f for f in columns if f not in known), read)


def row(**cells: str) -> CatalogueRow:
    """Read one row that lacks nothing but what is said."""
    (found,) = read_catalogue(
        sheet({"code": CODE, "title": "题名", **cells}), languages=Languages("zh-Hans"), today=TODAY
    )
    return found


def test_a_row_without_a_doubt_is_a_description() -> None:
    found = row(author="办公室", date="2011-05-01", pages="3页", language="英语", security="国内", note="附注")
    assert found.findings == ()
    assert found.description is not None
    assert (found.description.author, found.description.pages, found.description.language) == ("办公室", 3, "en")
    assert found.description.security is SecurityClassification("国内")
    assert found.description.formed is not None


def test_a_year_that_nobody_stated_is_that_of_the_date_and_said_to_be() -> None:
    read = row(code="J019-2-15-附1", title="关于修渠的请示", date="19980101").description
    assert read is not None
    assert (read.year, read.year_basis) == (1998, "日期")
    stated = row(code="J019-2-15-1", title="关于修渠的请示", date="19980101", year="1997").description
    assert stated is not None
    assert (stated.year, stated.year_basis) == (1997, "")


def test_year_and_retention_are_taken_from_the_code_when_nobody_gave_them() -> None:
    described = row().description
    assert described is not None
    assert described.year == 2011
    assert described.retention is not None


@pytest.mark.parametrize(
    ("cells", "code", "cell"),
    [
        ({"code": ""}, "code-missing", "code2"),
        ({"code": "no code"}, "code-unreadable", "code2"),
        ({"title": ""}, "title-missing", "title2"),
        ({"security": "很秘"}, "security-unknown", "security2"),
        ({"declassified_on": "某日"}, "declassified-on-unreadable", "declassified_on2"),
    ],
)
def test_what_makes_a_row_unusable_is_an_error_at_its_cell(cells: dict[str, str], code: str, cell: str) -> None:
    found = row(**cells)
    assert found.description is None
    assert [(f.code, f.severity, f.row, f.cell) for f in found.findings] == [(code, Severity.ERROR, 2, cell)]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"date": "去年"}, "date-unreadable"),
        ({"pages": "三"}, "number-unreadable"),
        ({"retention": "随便"}, "retention-unreadable"),
        ({"language": "??"}, "language-unreadable"),
        ({"year": "2012"}, "year-differs"),
        ({"retention": "D30"}, "retention-differs"),
    ],
)
def test_what_can_be_kept_as_written_is_a_warning(cells: dict[str, str], code: str) -> None:
    found = row(**cells)
    assert found.description is not None
    assert [(f.code, f.severity) for f in found.findings] == [(code, Severity.WARNING)]


@pytest.mark.parametrize(
    ("field", "name", "text"),
    [("date", "日期", "去年"), ("pages", "页数", "三"), ("retention", "保管期限", "随便"), ("language", "语种", "??")],
)
def test_what_cannot_be_understood_is_kept_beside_the_elements(field: str, name: str, text: str) -> None:
    described = row(**{field: text}).description
    assert described is not None
    assert described.other == ((f"{name}（照录）", text),)


@pytest.mark.parametrize("name", ["日期（照录）", "date"])
def test_what_is_understood_later_takes_the_place_of_what_was_kept_as_written(name: str) -> None:
    before = row().description
    assert before is not None
    held = replace(before, other=((name, "去年"), ("盒号", "3")))
    cells = sheet({"code": CODE, "title": "题名", "date": "2011-05-01"})
    (found,) = read_catalogue(cells, languages=Languages("zh-Hans"), today=TODAY, held=lambda _: held)
    assert found.description is not None
    assert found.description.other == (("盒号", "3"),)


def test_columns_without_an_element_are_kept_in_their_order() -> None:
    described = row(盒号="7", 柜="", 架="3").description
    assert described is not None
    assert described.other == (("盒号", "7"), ("架", "3"))


def test_zeros_that_a_spreadsheet_may_have_lost_are_asked_about() -> None:
    (found,) = read_catalogue(
        sheet({"code": CODE, "title": "题名", "document_number": "12"}, numbers=("document_number",)),
        languages=Languages("zh-Hans"),
        today=TODAY,
    )
    assert [(f.code, f.cell) for f in found.findings] == [("zeros-lost", "document_number2")]


def test_rows_of_one_code_are_all_unusable_and_name_each_other() -> None:
    rows = read_catalogue(
        sheet({"code": CODE, "title": "一"}, {"code": CODE.lower(), "title": "二"}),
        languages=Languages("en"),
        today=TODAY,
    )
    assert [r.description for r in rows] == [None, None]
    assert all("2, 3" in r.findings[0].message.text("en") for r in rows)


@pytest.mark.parametrize(
    ("cells", "secret"),
    [
        ({"security": "公开"}, False),
        ({"security": "秘密"}, True),
        ({"security": "机密★10年"}, True),
        ({"security": "秘密", "declassified_on": "2020-01-01"}, True),
        ({"security": "秘密", "declassified_on": "2020-01-01", "declassification_basis": "令"}, False),
        ({"security": "秘密", "declassified_on": "2026", "declassification_basis": "令"}, True),
        ({"security": "TOP SECRET"}, True),
    ],
)
def test_a_state_secret_is_one_until_its_declassification_is_past_and_founded(
    cells: dict[str, str], secret: bool
) -> None:
    assert row(**cells).classified_cells == (("security2",) if secret else ())


def test_a_title_cannot_be_emptied_and_that_is_told() -> None:
    (found,) = read_catalogue(
        sheet({"code": CODE, "title": "（清空）", "note": "(clear)"}),
        languages=Languages("zh-Hans"),
        today=TODAY,
        held=lambda code: Description(code, "旧题名", note="旧"),
    )
    assert found.description is not None
    assert (found.description.title, found.description.note) == ("旧题名", "")
    assert [(one.code, one.cell) for one in found.findings] == [("title-kept", "title2")]


@pytest.mark.parametrize(
    ("text", "code"),
    [("水\x0b位", "control-characters"), ("水\x00位", "control-characters"), ("张\ue5e5", "private-characters"), ("x\U000f0001", "private-characters")],
)  # fmt: skip
def test_what_cannot_be_kept_or_seen_elsewhere_is_named_by_its_cell(text: str, code: str) -> None:
    found = row(title=text)
    assert [(one.code, one.cell) for one in found.findings] == [(code, "title2")]
    assert "U+" in found.findings[0].message.text("en")


@pytest.mark.parametrize("letter", ["\x00", "\x01", "\x0b", "\x7f", "\x85", "\ufffe"])
def test_control_characters_become_what_the_finding_says(letter: str) -> None:
    said = row(title=f"水{letter}位", author=f"办{letter}公室").description
    assert said is not None
    assert (said.title, said.author) == ("水�位", "办�公室")


@pytest.mark.parametrize("rule", CodeRule)
def test_a_code_that_has_lost_a_character_is_none(rule: CodeRule) -> None:
    (found,) = read_catalogue(
        sheet({"code": f"{CODE}\x01", "title": "题名"}), languages=Languages("zh-Hans"), today=TODAY, codes=rule
    )
    assert found.description is None
    assert "code-unreadable" in codes(found.findings)


@pytest.mark.parametrize("text", ["一行\n二行", "a\tb", "喆𠮷😀", "Ελληνικά ไทย"])
def test_letters_of_any_script_and_ends_of_lines_are_no_doubt(text: str) -> None:
    assert row(title=text).findings == ()


def test_files_are_named_one_after_the_other() -> None:
    assert row(files="a.jpg； b.jpg;;卷二").files == "a.jpg； b.jpg;;卷二"
    assert row(files="；").files == ""


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(sorted(set(CATALOGUE_HEADINGS.values()))), st.text(max_size=12)))
def test_no_row_raises_and_an_unusable_one_says_why(cells: dict[str, str]) -> None:
    for found in read_catalogue(sheet(cells), languages=Languages("zh-Hans"), today=TODAY):
        stopped = any(finding.severity is Severity.ERROR for finding in found.findings)
        assert (found.description is None) is stopped


def test_the_term_of_a_classification_stays_until_the_classification_changes() -> None:
    def described(held: Description | None, **cells: str) -> Description:
        (found,) = read_catalogue(
            sheet({"code": CODE, "title": "题名", "declassified_on": "2020-01-01", "declassification_basis": "令", **cells}),
            languages=Languages("zh-Hans"), today=TODAY, held=lambda _: held,
        )  # fmt: skip
        assert found.description is not None
        return found.description

    first = described(None, security="机密★5年")
    assert dict(first.other) == {"密级（照录）": "机密★5年"}
    assert described(first, security="机密").other == first.other
    assert described(first).other == first.other
    assert described(first, security="公开").other == ()
