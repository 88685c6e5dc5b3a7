"""A decision that was recorded under a former archival code is the record's own."""

from datetime import date
from pathlib import Path

import pytest

from archives.journal.facts import OpeningWithdrawn, PackageStored, RepositoryAdded
from archives.record.description import Description, Repository
from archives.record.identifiers import PackageId, RecordKey, RepositoryCode, parse_archival_code
from archives.record.record import PackageKind
from archives.record.rights import Withdrawal
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.descriptions import PackageContent
from preservation.catalogue.journal_fold import JournalFold
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
