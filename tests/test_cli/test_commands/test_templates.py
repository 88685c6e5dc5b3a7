"""Templates: what is written is what the readers read, an example comes in as it stands, and never by mistake."""

import io
import json
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from archives.errors import FormatError
from archives.findings import Severity
from archives.message import Language
from archives.record.elements.table import ELEMENTS
from ingest.profiles.profile import usual_names
from ingest.sheets.catalogue import CATALOGUE_HEADINGS
from ingest.sheets.decisions import DECISION_HEADINGS
from ingest.sheets.fonds import FONDS_HEADINGS
from ingest.sheets.headings import field_of, fold_heading
from ingest.sheets.table import read_sheet
from ingest.templates.decided import FONDS, OPENING
from ingest.templates.elements import MEANINGS
from ingest.templates.records import BATCH, CATALOGUE, VOLUMES
from ingest.templates.workbook import LONGEST_LIST, LONGEST_PROMPT, LONGEST_PROMPT_TITLE, template_workbook
from ingest.volumes.columns import columns_of
from tests.support.batches import make_image
from tests.support.command_line import Jinkui, Prepared

ALL = (BATCH, VOLUMES, CATALOGUE, FONDS, OPENING)
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_OF_FONDS = {"names", "fonds_kind", "fonds_state", "relations", "history"}
_OF_NOBODY = {"year_basis"}
"""What no person writes: it is told how a year came about that nobody stated."""


def founded(jinkui: Jinkui) -> None:
    """Make an archive with a repository and nothing else."""
    jinkui("repository", "add", "990001", "--name", "馆", "--name-en", "Library", "--kind", "馆")


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def template(jinkui: Jinkui, name: str, path: Path, lang: Language) -> Workbook:
    """Have a template written, and open it."""
    path.parent.mkdir(exist_ok=True)
    jinkui("template", name, str(path), lang=lang)
    return openpyxl.load_workbook(path)


def filled(jinkui: Jinkui, name: str, path: Path, lang: Language) -> Path:
    """Write a template and put its examples where records stand, as a person does."""
    book = template(jinkui, name, path, lang)
    half = len(book.worksheets) // 2
    for to, example in zip(book.worksheets[:half], book.worksheets[half:-1], strict=True):
        for number, row in enumerate(example.iter_rows(min_row=3, values_only=True), 2):
            for place, value in enumerate(row, 1):
                to.cell(number, place, value)
    book.save(path)
    return path


def with_fonds(jinkui: Jinkui, folder: Path, lang: Language) -> None:
    """Take the example of the fonds in."""
    done = jinkui.json("fonds", "import", str(filled(jinkui, "fonds", folder / "fonds.xlsx", lang)))
    assert (done["fonds"], done["findings"]) == (["X001"], [])


def scanned(folder: Path, *names: str) -> Path:
    """Draw pages into the folder of a batch."""
    for name in names:
        make_image(folder / name)
    return folder


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_examples_of_fonds_batch_and_opening_come_in_without_a_finding(
    jinkui: Jinkui, tmp_path: Path, lang: Language
) -> None:
    with_fonds(jinkui, tmp_path, lang)
    batch = scanned(tmp_path / "batch", "001.jpg", "002.jpg")
    filled(jinkui, "batch", batch / "catalogue.xlsx", lang)
    done = jinkui.json("ingest", str(batch))
    assert [(one["archival_code"], one["outcome"]) for one in done["records"]] == [
        ("X001-WS·2024-Y-BGS-0001", "stored")
    ]
    assert (done["findings"], done["records"][0]["findings"]) == ([], [])
    assert "2024-03-18" in json.dumps(jinkui.json("show", "X001-WS·2024-Y-BGS-0001"))
    sheet = str(filled(jinkui, "opening", tmp_path / "opening.xlsx", lang))
    done = jinkui.json("opening", "apply", sheet)
    assert (done["applied"][0]["conclusion"], done["applied"][0]["online_scope"], done["findings"]) == (
        "开放",
        "全文",
        [],
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_example_of_volumes_comes_in_as_a_volume_with_its_items(
    jinkui: Jinkui, tmp_path: Path, lang: Language
) -> None:
    with_fonds(jinkui, tmp_path, lang)
    pages = [f"X001-2-0001/X001-2-0001-00{number}.jpg" for number in (1, 2, 3, 4, 5)]
    batch = scanned(tmp_path / "batch", *pages)
    filled(jinkui, "volumes", batch / "catalogue.xlsx", lang)
    done = jinkui.json("ingest", str(batch))
    assert [(one["archival_code"], one["outcome"]) for one in done["records"]] == [("X001-2-0001", "stored")]
    assert (done["findings"], done["records"][0]["findings"]) == ([], [])
    items = jinkui.json("show", "X001-2-0001")["items"]
    assert [one["page_labels"] for one in items] == [["001", "002"], ["003", "004", "005"]]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["catalogue", "volumes"])
def test_the_examples_of_catalogue_and_volumes_are_described_at_their_levels(
    jinkui: Jinkui, tmp_path: Path, lang: Language, name: str
) -> None:
    with_fonds(jinkui, tmp_path, lang)
    sheet = str(filled(jinkui, name, tmp_path / "目录.xlsx", lang))
    done = jinkui.json("catalogue", "import", sheet)
    assert (done["dirt"], done["findings"]) == ([], [])
    assert done["levels"] == {"X001 案卷": 1, "X001 件": 1 if name == "catalogue" else 2}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_example_that_nobody_copied_is_not_taken_in(jinkui: Jinkui, tmp_path: Path, lang: Language) -> None:
    with_fonds(jinkui, tmp_path, lang)
    batch = scanned(tmp_path / "batch", "001.jpg", "002.jpg")
    template(jinkui, "batch", batch / "catalogue.xlsx", lang)
    done = jinkui.json("ingest", str(batch), code=12)
    assert done["records"] == []
    found = {one["code"]: one for one in done["findings"]}
    assert found.keys() == {"sheet-without-rows", "file-without-row"}
    assert "worksheet Example of a template is never taken in" in found["sheet-without-rows"]["advice"]
    template(jinkui, "catalogue", tmp_path / "目录.xlsx", lang)
    done = jinkui.json("catalogue", "import", str(tmp_path / "目录.xlsx"))
    assert done["levels"] == {}
    template(jinkui, "opening", tmp_path / "opening.xlsx", lang)
    assert jinkui.json("opening", "apply", str(tmp_path / "opening.xlsx"), code=12)["applied"] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_record_that_somebody_wrote_below_an_example_is_told_not_lost_in_silence(
    jinkui: Jinkui, tmp_path: Path, lang: Language
) -> None:
    with_fonds(jinkui, tmp_path, lang)
    batch = scanned(tmp_path / "batch", "001.jpg", "002.jpg")
    path = filled(jinkui, "batch", batch / "catalogue.xlsx", lang)
    book = openpyxl.load_workbook(path)
    book.worksheets[1].append(["X001-WS·2024-Y-BGS-0002", "another"])
    book.save(path)
    (found,) = jinkui.json("ingest", str(batch), "--dry-run", code=12)["findings"]
    assert (found["code"], found["severity"]) == ("worksheet-not-read", Severity.WARNING.value)
    book.save(tmp_path / "目录.xlsx")
    (found,) = jinkui.json("catalogue", "import", str(tmp_path / "目录.xlsx"), code=12)["findings"]
    assert found["code"] == "worksheet-not-read"


def test_a_template_replaces_nothing_and_says_what_helps(jinkui: Jinkui, tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    path.write_text("mine", "utf-8")
    said = jinkui.json("template", "batch", str(path), code=6)["error"]
    assert "left alone" in said["message"]
    assert path.read_text("utf-8") == "mine"
    assert jinkui.json("template", "batch", str(tmp_path / "sheet.csv"), code=2)["error"]["advice"].endswith(
        "sheet.xlsx"
    )
    jinkui("template", "batch", str(tmp_path / "nowhere" / "sheet.xlsx"), code=2)
    assert [one.name for one in tmp_path.glob("sheet.*")] == ["sheet.xlsx"]


def test_a_template_needs_no_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Jinkui(tmp_path / "none", capsys)("template", "fonds", str(tmp_path / "fonds.xlsx"))
    assert not (tmp_path / "none").exists()


def test_every_heading_is_one_that_the_readers_know_as_what_it_is_meant_for(tmp_path: Path) -> None:
    for language in LANGUAGES:
        for one, names in ((BATCH, CATALOGUE_HEADINGS), (FONDS, FONDS_HEADINGS), (OPENING, DECISION_HEADINGS)):
            for column in one.worksheets[0].columns:
                assert field_of(column.heading.text(language), names) == column.key
        for column in CATALOGUE.worksheets[0].columns:
            assert usual_names()[fold_heading(column.heading.text(language))] == column.key
        path = tmp_path / f"{language}.xlsx"
        path.write_bytes(template_workbook(VOLUMES, language))
        for sheet, about in zip(("volumes", "items"), VOLUMES.worksheets, strict=True):
            own = [column for column in about.columns if column.key != "items"]
            known = [field_of(column.heading.text(language), CATALOGUE_HEADINGS) for column in own]
            assert known == [column.key for column in own], sheet
        assert "items" in columns_of(read_sheet(path, CATALOGUE_HEADINGS, required=()))


def test_every_element_that_a_person_writes_has_a_meaning_and_stands_in_a_template() -> None:
    written = {one.key for one in ELEMENTS if one.headings} - _OF_FONDS - _OF_NOBODY
    assert set(MEANINGS) == written
    standing = {c.key for one in (BATCH, VOLUMES, CATALOGUE) for sheet in one.worksheets for c in sheet.columns}
    assert written <= standing


def test_every_value_that_is_offered_is_understood() -> None:
    kinds = {one.key: one.kind for one in ELEMENTS}
    for one in ALL:
        for column in (column for sheet in one.worksheets for column in sheet.columns if column.key in kinds):
            for value in column.values:
                for language in LANGUAGES:
                    parse = kinds[column.key].parse
                    assert parse
                    try:
                        parse(value.text(language))
                    except FormatError as unknown:
                        raise AssertionError(f"{column.key}: {value}") from unknown


def choices(sheet: Worksheet) -> list[DataValidation]:
    """Return what is said and offered where one types."""
    return list(sheet.data_validations.dataValidation)


def test_every_column_says_where_one_types_what_goes_into_it_and_offers_what_there_is() -> None:
    for one in ALL:
        for language in LANGUAGES:
            book = openpyxl.load_workbook(io.BytesIO(template_workbook(one, language)))
            assert len(book.worksheets) == 2 * len(one.worksheets) + 1
            for about, sheet in zip(one.worksheets, book.worksheets, strict=False):
                found = choices(sheet)
                assert len(found) == len(about.columns)
                for column, said in zip(about.columns, found, strict=True):
                    assert column.meaning.text(language) in str(said.prompt)
                    assert said.showInputMessage
                    assert len(str(said.prompt)) <= LONGEST_PROMPT
                    assert len(str(said.promptTitle)) <= LONGEST_PROMPT_TITLE
                    values = [value.text(language) for value in column.values]
                    assert not any("," in value or '"' in value for value in values)
                    assert said.formula1 == (f'"{",".join(values)}"' if values else None)
                    assert len(said.formula1 or "") <= LONGEST_LIST + 2
                assert sheet.max_row == 1
                assert all(
                    sheet.column_dimensions[letter].number_format == "@"
                    for letter in map(get_column_letter, range(1, len(found) + 1))
                )
            for sheet in book.worksheets[len(one.worksheets) :]:
                assert sheet.protection.sheet
            for sheet in book.worksheets:
                for row in sheet.iter_rows():
                    for cell in row:
                        assert cell.value is None or (isinstance(cell.value, str) and cell.number_format == "@")
