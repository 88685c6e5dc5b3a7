"""What packages say of themselves is read once each; what cannot be read is told at once."""

from pathlib import Path

import pytest

from archives.errors import IntegrityError, StorageError
from archives.journal.facts import PackageStored
from archives.message import message
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.descriptions import PackageContent
from preservation.catalogue.journal_fold import JournalFold
from tests.support.vaults import make_package, make_vault


def test_a_package_that_cannot_be_read_is_told_though_a_store_goes_away_meanwhile(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    first, second = (vault.put(make_package(number), note="ingest") for number in (1, 2))
    catalogue = Catalogue(JournalFold(tmp_path / "catalogue.db"))
    catalogue.fold.follow(vault.ledger.groups)
    told: list[str] = []

    def read(anchor: PackageStored) -> PackageContent:
        if anchor == first:
            raise IntegrityError(message("坏了", "damaged"))
        raise StorageError(message("不在", "away"))

    with pytest.raises(StorageError):
        catalogue.descriptions.describe(read, lost=lambda anchor: told.append(anchor.package_id))
    assert told == [first.package_id]
    catalogue.descriptions.describe(
        lambda _: PackageContent(None, ()), lost=lambda anchor: told.append(anchor.package_id)
    )
    assert told == [first.package_id, second.package_id]
