"""Findings about what came in: settled by a person, with a reason."""

from collections.abc import Sequence
from dataclasses import replace

from archives.errors import ConflictError, NotFoundError
from archives.journal.facts import FindingsSettled
from archives.message import joined, listed, message
from preservation.actions.settling.mended import mended_by_version
from preservation.actions.settling.reasons import told_reason
from preservation.archive import Archive
from preservation.catalogue.findings import KeptFinding, Wanted


def settle_findings(archive: Archive, wanted: Wanted, *, reason: str, settled_by: str) -> tuple[KeptFinding, ...]:
    """Settle the chosen findings that live; one entry of the journal for each package.

    Returned are all that were chosen, as they were before. Raises ``NotFoundError`` when one that is named does not exist
    or none was chosen, ``ConflictError`` when all are settled already, those too that a later version has no more.
    """
    archive.begin_writing()
    found = archive.refresh().findings.of(wanted)
    living = [one for one in found if one.settlement is None]
    unknown = {*wanted.identifiers} - {one.identifier for one in found}
    if unknown or not (living or wanted.identifiers):
        found += tuple(mended_by_version(archive, replace(wanted, identifiers=tuple(sorted(unknown)))))
        unknown -= {one.identifier for one in found}
    if unknown or not found:
        which = sorted(unknown) or [*wanted.identifiers] or [wanted.kind or wanted.batch_id or wanted.package_id]
        raise NotFoundError(
            message(
                "没有这样的未了结问题：{which}", "no such finding waits to be settled: {which}", which=listed(which)
            ),
            subject=listed(which),
            advice=message("用 jinkui findings list 列出", "jinkui findings list lists them"),
        )
    if not living:
        raise _settled_already(found)
    by_package: dict[str, list[str]] = {}
    for one in living:
        by_package.setdefault(one.package_id, []).append(one.identifier)
    archive.vault.ledger.append(
        [FindingsSettled(package_id, tuple(found), reason, settled_by) for package_id, found in by_package.items()]
    )
    archive.refresh()
    return found


def _settled_already(found: Sequence[KeptFinding]) -> ConflictError:
    told = [
        message(
            "{id}（{who}，{on}：{why}）",
            "{id} ({who}, {on}: {why})",
            id=one.identifier,
            who=one.settlement.settled_by,
            on=one.settlement.at.date().isoformat(),
            why=told_reason(one.settlement.reason),
        )
        for one in found
        if one.settlement
    ]
    return ConflictError(
        message("已经了结：{which}", "settled already: {which}", which=joined(told)),
        subject=listed([one.identifier for one in found]),
        advice=message(
            "无须再了结；用 jinkui findings show 编号 查看",
            "nothing is left to settle; jinkui findings show ID shows each",
        ),
    )
