"""What the public may see of what leaves by mistake, taken back in the journal before anything of it is removed."""

from collections.abc import Collection, Iterator

from archives.journal.facts import OpeningWithdrawn
from archives.message import message
from archives.record.holding import Holding
from archives.record.rights import Withdrawal, closes_for_good
from preservation.archive import Archive
from preservation.disposal.plan import DisposalPlan


def openings_of(archive: Archive, package_ids: Collection[str]) -> Iterator[Holding]:
    """Yield the units whose content lies in packages and that are open by now, or would be one day."""
    for holding in archive.catalogue.named(package_ids):
        yield from (one for one in (holding, *holding.each_item()) if not closes_for_good(one.decisions))


def withdraw_all(archive: Archive, plan: DisposalPlan) -> tuple[str, ...]:
    """Take back every opening of what a plan removes; returns the identifiers of the units. Once a plan."""
    said = message(
        "误接收，将按计划 {id} 移除：{why}",
        "taken in by mistake, to be removed under the plan {id}: {why}",
        id=plan.plan_id,
        why=plan.mistake,
    )
    reason = f"{said.text('zh')} {said.text('en')}"
    open_units = [*openings_of(archive, [one.package_id for one in plan.records])]
    facts = [
        OpeningWithdrawn(one.key.repository, one.description.code.written, Withdrawal(reason), one.unit_id)
        for one in open_units
    ]
    if facts:
        archive.vault.ledger.append(facts)
        archive.refresh()
    return tuple(one.unit_id for one in open_units)
