"""What a crash left open is told by the archival code, where that is known, and the identifier."""

from dataclasses import replace
from pathlib import Path

from archives.journal.facts import PackageAbandoned, PackageStored
from preservation.catalogue.journal_fold import JournalReading
from preservation.vault.recovery import told_recovery
from tests.support.vaults import make_package, make_vault


def test_a_package_is_told_by_its_archival_code_where_that_is_known(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    stored = replace(vault.put(make_package(1), note="ingest"), archival_code="Z109-WS·2011-Y-0001")
    assert isinstance(stored, PackageStored)
    named = f"Z109-WS·2011-Y-0001 ({stored.package_id})"
    assert told_recovery(stored, {}).text("en") == f"completed an interrupted package: {named}"
    given_up = PackageAbandoned(stored.package_id, stored.version, "crash")
    assert told_recovery(given_up, {stored.package_id: [stored]}).text("en").endswith(named)
    assert told_recovery(given_up, {}).text("en").endswith(f": {stored.package_id}")
    assert JournalReading(vault.ledger).anchors.versions.keys() == {stored.package_id}
