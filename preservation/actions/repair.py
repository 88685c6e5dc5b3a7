"""Repair in two steps, with a person between them: what can be mended is planned, then mended."""

from collections.abc import Sequence

from archives.errors import StoreAbsentError
from archives.message import listed, message
from preservation.actions.audit import AuditRequest, Watch, look
from preservation.archive import Archive
from preservation.audit.audit import AuditResult
from preservation.audit.repair import RepairStep, plan_repair, repair
from preservation.stores.store import Store


def plan(archive: Archive, *, workers: int, watch: Watch, beside: Sequence[Store] = ()) -> tuple[RepairStep, ...]:
    """Read every copy and return what can be done about each file that is not as it should be; changes nothing.

    ``beside`` are further places to read from, such as the disk of a store that was replaced.

    Raises ``StoreAbsentError`` when a store is not there: what is missing there could not be told from what is lost.
    """
    found = look(archive, AuditRequest(), workers=workers, watch=watch)
    if found.away:
        raise _absent(found)
    return plan_repair(archive.vault, archive.fresh_reading, found.problems, beside=beside)


def mend(archive: Archive, steps: Sequence[RepairStep], *, beside: Sequence[Store] = ()) -> tuple[RepairStep, ...]:
    """Carry a plan out and return the steps that were done.

    The stores' own files are mended first, so that the journal can be written; then what a crash left is recovered; then
    packages are mended.
    """
    stamp = archive.vault.stamp()
    own = [step for step in steps if step.package_id is None]
    done = repair(archive.vault, own, reading=archive.fresh_reading, stamp=stamp)
    archive.begin_writing()
    packages = [step for step in steps if step.package_id is not None]
    done += repair(archive.vault, packages, reading=archive.fresh_reading, stamp=stamp, beside=beside)
    archive.refresh()
    return done


def _absent(found: AuditResult) -> StoreAbsentError:
    names = listed([f"“{one.store.name}”" for one in found.away])
    reason = next((one.advice or one.reason for one in found.away if one.advice or one.reason), None)
    return StoreAbsentError(
        message("存储 {names} 不在，没有修复任何东西", "not there: {names}; nothing was repaired", names=names),
        subject=names,
        advice=reason or message("请检查磁盘是否已挂载", "check that its disk is mounted"),
    )
