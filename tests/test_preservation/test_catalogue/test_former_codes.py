"""Former codes: a decision under one is the record's own, and nothing is found by one that it is no longer said to have had."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sql

from archives.journal.facts import OpeningWithdrawn, PackageStored, RepositoryAdded
from archives.record.description import Description, Repository
from archives.record.identifiers import PackageId, RecordKey, RepositoryCode, parse_archival_code
from archives.record.record import PackageKind
from archives.record.rights import Withdrawal
from archives.record.volume.structure import VolumeItem, VolumeStructure
from archives.units.unit import Level, Unit, purged, unit_row
from preservation.catalogue import tables
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.descriptions import PackageContent
from preservation.catalogue.folding.unit_rows import keep_record, keep_rows
from preservation.catalogue.journal_fold import JournalFold
from preservation.catalogue.units import Units
from tests.support.vaults import make_vault

OLD, NEW = "Z109-WS·2011-Y-BGS-0001", "Z109-WS·2011-Y-BGS-0901"
PACKAGE = PackageId("00000000-0000-4000-8000-000000000001")


def stored(version: int, code: str) -> PackageStored:
    """Return the anchor of a version under a code."""
    return PackageStored(PACKAGE.value, version, "0" * 128, 1, PackageKind.RECORD, "990001", code, "b", ("first",))


@pytest.mark.parametrize("code", [OLD, NEW])
def test_decisions_under_either_code_stay_with_the_record(tmp_path: Path, code: str) -> None:
    vault = make_vault(tmp_path)
    home = Repository(RepositoryCode("990001"), "馆", "Archives", "馆")
    before, after = Withdrawal("before"), Withdrawal("after")
    vault.ledger.append([RepositoryAdded(home), stored(1, OLD), OpeningWithdrawn("990001", OLD, before)])
    vault.ledger.append([stored(2, NEW), OpeningWithdrawn("990001", code, after)])
    catalogue = Catalogue(JournalFold(tmp_path / "catalogue.db"))
    catalogue.fold.follow(vault.ledger.groups)
    catalogue.descriptions.describe(
        lambda anchor: PackageContent(Description(parse_archival_code(anchor.archival_code), title="件"), ()),
        lost=lambda _: None,
    )
    for written in (OLD, NEW):
        found = catalogue.find_key(RecordKey("990001", parse_archival_code(written).key))
        assert found is not None
        assert found.decisions == (before, after)
        assert found.sequence == catalogue.head().sequence - 1, "the newest entry but for its seal"
        assert found.access_on(date(2030, 1, 1)).is_online is False
    catalogue.fold.close()


A_CODE, B_CODE, C_CODE = "19-2-15-3", "19-2-15-4", "19-2-15-5"
ITEM = "10000000-0000-4000-8000-000000000002"


def formerly(code: str, *, revision: int = 1, unit_id: str = PACKAGE.value) -> Unit:
    """Return a unit that says it had a code before."""
    said = Description(parse_archival_code(NEW), "件", former_code=code)
    return Unit(unit_id, "990001", Level.ITEM, said, revision=revision)


def had(engine: sql.Engine) -> set[str]:
    """Return by which former codes units are found, as the table has them."""
    with engine.connect() as connection:
        kept = {str(key) for key in connection.scalars(sql.select(tables.former_code.c.code_key))}
    assert {*Units(engine).by_former_code("990001", (A_CODE, B_CODE, C_CODE))} == kept
    return kept


@pytest.mark.parametrize("revision", [1, 3])
def test_a_purged_unit_is_found_by_no_code_that_it_had(revision: int) -> None:
    engine = sql.create_engine("sqlite://")
    tables.METADATA.create_all(engine)
    unit = formerly(f"{A_CODE}；{B_CODE}", revision=revision)
    with engine.begin() as connection:
        keep_rows(connection, 1, unit_row(unit))
    assert had(engine) == {A_CODE, B_CODE}
    with engine.begin() as connection:
        keep_rows(connection, 2, unit_row(purged(unit, "申请")))
    assert had(engine) == set()


def test_the_newest_row_says_which_codes_a_unit_had_whatever_comes_first() -> None:
    item = VolumeItem(ITEM, formerly(B_CODE).description, ())
    package = (formerly(A_CODE).description, (), VolumeStructure({}, (item,)))
    rows = unit_row(formerly(C_CODE)) + unit_row(formerly(A_CODE, unit_id=ITEM))
    for order in ((1, 2, 1), (2, 1), (1, 2)):
        engine = sql.create_engine("sqlite://")
        tables.METADATA.create_all(engine)
        with engine.begin() as connection:
            mine = dict.fromkeys((one.name for one in tables.package.columns), "")
            numbers = {one.name: 1 for one in tables.package.columns if isinstance(one.type, sql.Integer)}
            connection.execute(tables.package.insert().values({**mine, **numbers, "unit_id": PACKAGE.value}))
            for step in order:
                if step == 1:
                    keep_record(connection, 1, "990001", package)
                else:
                    keep_rows(connection, 2, rows)
        assert had(engine) == {C_CODE, A_CODE}
