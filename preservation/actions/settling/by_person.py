"""Findings about what came in: settled by a person, with a reason."""

from collections.abc import Sequence

from archives.errors import ConflictError, NotFoundError
from archives.journal.facts import FindingsSettled
from archives.message import listed, message
from preservation.archive import Archive
from preservation.catalogue.findings import KeptFinding, Wanted


def settle_findings(archive: Archive, wanted: Wanted, *, reason: str, settled_by: str) -> tuple[KeptFinding, ...]:
    """Settle the chosen findings that live; one entry of the journal for each package.

    Returned are all that were chosen, as they were before. Raises ``NotFoundError`` when one that is named does not exist
    or none was chosen, ``ConflictError`` when all are settled already.
    """
    archive.begin_writing()
    found = archive.refresh().findings.of(wanted)
    unknown = sorted({*wanted.identifiers} - {one.identifier for one in found})
    living = [one for one in found if one.settlement is None]
    if unknown or not found:
        which = unknown or [*wanted.identifiers] or [wanted.kind or wanted.batch_id or wanted.package_id]
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
        f"{one.identifier} ({one.settlement.settled_by}, {one.settlement.at.date().isoformat()}: {one.settlement.reason})"
        for one in found
        if one.settlement
    ]
    return ConflictError(
        message("已经了结：{which}", "settled already: {which}", which=listed(told)),
        subject=listed([one.identifier for one in found]),
        advice=message(
            "无须再了结；用 jinkui findings list --settled 列出",
            "nothing is left to settle; jinkui findings list --settled lists them",
        ),
    )
