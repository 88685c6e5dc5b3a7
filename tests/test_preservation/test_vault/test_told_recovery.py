"""What a crash left open is told by the archival code, where that is known, and the identifier."""

from dataclasses import replace
from pathlib import Path

from archives.journal.facts import PackageAbandoned, PackageStored
from preservation.catalogue.journal_fold import JournalReading
from preservation.vault.recovery import Recovery, told_recovery
from tests.support.vaults import make_package, make_vault


def test_a_package_is_told_by_its_archival_code_where_that_is_known(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    stored = replace(vault.put(make_package(1), note="ingest"), archival_code="Z109-WS·2011-Y-0001")
    assert isinstance(stored, PackageStored)
    named = f"Z109-WS·2011-Y-0001 ({stored.package_id})"
    given_up = PackageAbandoned(stored.package_id, stored.version, "crash")
    left = Recovery((stored, given_up), ())
    assert [one.text("en") for one in told_recovery(left, {stored.package_id: [stored]})] == [
        f"completed an interrupted package: {named}",
        f"set an unfinished package aside: {named}",
    ]
    told = [one.text("en") for one in told_recovery(left, {})]
    assert told[0].endswith(named), "what is completed brings its code"
    assert told[1].endswith(f": {stored.package_id}")
    assert JournalReading(vault.ledger).anchors.versions.keys() == {stored.package_id}
