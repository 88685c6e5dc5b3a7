"""A delivery is read by whoever recognises its shape."""

import pkgutil
from dataclasses import replace
from pathlib import Path

import pytest

import ingest.readers
from archives.errors import ConfigurationError, ConflictError, NotFoundError
from archives.record.description import Repository
from ingest.batch.plan import BatchPlan
from ingest.readers import registry
from ingest.readers.reader import Known
from ingest.readers.registry import READERS, read_batch
from tests.support.batches import make_batch
from tests.support.files import put
from tests.support.intake import CODE, HOME, KNOWN, batch, planned, record

ROW = (CODE, "题名", "2011-05-01", "永久", "英语", "1")


class OneFile:
    """A reader of another shape: a folder with a file ``transfer.json``."""

    def recognises(self, delivery: Path) -> bool:
        """Look for the file."""
        return (delivery / "transfer.json").is_file()

    def read(self, delivery: Path, known: Known) -> BatchPlan:
        """Plan one record that is the file itself."""
        return batch(delivery, record(planned(delivery / "transfer.json")))


def test_every_module_of_a_reader_has_its_entry_in_the_registry() -> None:
    modules = {name for _, name, _ in pkgutil.iter_modules(ingest.readers.__path__)} - {
        "beside",
        "items",
        "letters",
        "reader",
        "registry",
        "row_files",
        "unknown_secrecy",
    }
    assert {type(reader).__module__ for reader in READERS} == {f"ingest.readers.{name}" for name in modules}


def test_a_folder_with_a_sheet_is_read_as_one(tmp_path: Path) -> None:
    assert [r.row for r in read_batch(make_batch(tmp_path, [ROW]), KNOWN).records] == [2]


def test_another_shape_of_delivery_is_one_row_and_leads_to_the_same_plan(tmp_path: Path) -> None:
    put(tmp_path, "transfer.json", b"{}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "READERS", (*READERS, OneFile()))
        plan = read_batch(tmp_path, KNOWN)
    assert [file.relative for r in plan.records for file in r.files] == ["transfer.json"]


def test_a_delivery_of_no_known_shape_says_what_is_usually_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as missing:
        read_batch(tmp_path, KNOWN)
    assert missing.value.advice
    assert "catalogue.xlsx" in missing.value.advice.text("en")


def test_a_folder_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such folder"):
        read_batch(tmp_path / "gone", KNOWN)


def test_two_sheets_are_as_bad_as_none(tmp_path: Path) -> None:
    make_batch(tmp_path, [ROW])
    put(tmp_path, "catalogue.xlsx", b"x")
    with pytest.raises(ConflictError, match="exactly one"):
        read_batch(tmp_path, KNOWN)


@pytest.mark.parametrize("name", ["目录.csv", "归档文件目录.CSV", "案卷目录.csv", "文件目录.csv", "Catalog.csv"])
def test_of_several_tables_the_one_that_is_called_as_catalogues_are_counts(tmp_path: Path, name: str) -> None:
    make_batch(tmp_path, [ROW])
    (tmp_path / "catalogue.csv").rename(tmp_path / name)
    put(tmp_path, "统计.csv", b"a,b\n")
    plan = read_batch(tmp_path, KNOWN)
    assert (plan.sheet_name, len(plan.records)) == (name, 1)
    assert "sheet-taken" not in {found.code for found in plan.findings}


@pytest.mark.parametrize("names", [("目录.csv", "案卷目录.csv"), ("目录说明.csv", "旧目录.csv")])
def test_of_several_tables_none_is_guessed_and_all_are_named(tmp_path: Path, names: tuple[str, str]) -> None:
    make_batch(tmp_path, [ROW])
    (tmp_path / "catalogue.csv").rename(tmp_path / names[0])
    put(tmp_path, names[1], b"a,b\n")
    with pytest.raises(ConflictError) as asked:
        read_batch(tmp_path, KNOWN)
    assert all(name in asked.value.message.text("zh") for name in names)
    assert asked.value.exit_code == 6


@pytest.mark.parametrize(
    ("repositories", "stated", "message"),
    [
        ({}, None, "not known which"),
        ({"1": HOME, "2": HOME}, None, "not known which"),
        ({}, "9", "unknown repository: 9"),
    ],
)
def test_a_repository_that_cannot_be_told_is_asked_for(
    tmp_path: Path, repositories: dict[str, Repository], stated: str | None, message: str
) -> None:
    known = replace(KNOWN, repositories=repositories, repository=stated)
    with pytest.raises(ConfigurationError, match=message):
        read_batch(make_batch(tmp_path, [ROW]), known)


def test_a_fonds_that_nobody_described_is_a_warning(tmp_path: Path) -> None:
    plan = read_batch(make_batch(tmp_path, [ROW]), replace(KNOWN, fonds=set()))
    assert [f.code for r in plan.records for f in r.findings] == ["fonds-unknown"]
