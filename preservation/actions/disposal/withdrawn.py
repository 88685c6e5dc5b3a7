"""What the public may see of what leaves by mistake, taken back in the journal before anything of it is removed."""

from collections.abc import Collection, Iterator

from archives.journal.facts import OpeningWithdrawn
from archives.record.holding import Holding
from archives.record.rights import Withdrawal, closes_for_good
from preservation.archive import Archive
from preservation.disposal.plan import DisposalPlan


def withdraw_all(archive: Archive, plan: DisposalPlan) -> frozenset[str]:
    """Take back every opening of what a plan removes, now or later; returns all units whose content leaves. Once a plan."""
    withdrawal = Withdrawal(f"{plan.mistake} ({plan.plan_id})")  # in the words of who planned it, whoever reads them
    units = [*_units(archive, [one.package_id for one in plan.records])]
    facts = [
        OpeningWithdrawn(one.key.repository, one.description.code.written, withdrawal, one.unit_id)
        for one in units
        if not closes_for_good(one.decisions)
    ]
    if facts:
        archive.vault.ledger.append(facts)
        archive.refresh()
    return frozenset(one.unit_id for one in units)


def _units(archive: Archive, package_ids: Collection[str]) -> Iterator[Holding]:
    """Yield the units whose content lies in packages: records, and items of volumes."""
    for holding in archive.catalogue.named(package_ids):
        yield from (holding, *holding.each_item())
