"""Where the data of units lie: rows, content, the tables and batches that they came in, and what nobody here can reach."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from archives.errors import NotFoundError
from archives.journal.concern import LEFT, the_package, the_record
from archives.journal.facts import OpeningWithdrawn, PackageStored, StoreReplaced, StoreRetired
from archives.message import Message, listed, message
from archives.record.description import Description
from archives.record.holding import Holding
from archives.record.identifiers import SEPARATORS, PackageId
from archives.record.record import PackageKind
from archives.record.rights import Conclusion, OpeningDecision, Withdrawal
from archives.record.volume.structure import VolumeItem
from archives.units.state import GONE, State
from archives.units.unit import Unit
from preservation.actions.purging.wording import Wording, words_of
from preservation.actions.units.history import rows_in
from preservation.archive import Archive
from preservation.catalogue.levels.wanted import Wanted, directly_below
from preservation.disposal.register import REGISTER_BATCH

_SEPARATORS = re.compile(f"[{re.escape(SEPARATORS)}]+")
_LEAST_CHARACTERS = 2
_MOST_TOLD = 10
_LEFT = (StoreReplaced, StoreRetired)


@dataclass(frozen=True, slots=True)
class Reach:
    """The units whose data go, the newest versions of the packages that have some, and the words by which data are known.

    ``units`` are also the items of a volume that goes whole. ``whole`` are the packages of which nothing stays. ``before`` is
    what rows said of the units, also before they were corrected.
    """

    units: tuple[Unit, ...]
    packages: tuple[PackageStored, ...]
    whole: frozenset[str]
    before: tuple[Description, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The words by which the units' data are known again."""
        return words_of((*(one.description for one in self.units), *self.before))

    @property
    def codes(self) -> frozenset[str]:
        """The matching forms of the units' codes."""
        return frozenset(one.description.code.key for one in self.units if one.description.code.key)


def reach_of(
    archive: Archive, unit_ids: Iterable[str], *, tables: Collection[str] = (), apart: Collection[str] = ()
) -> Reach:
    """Return where the data of units lie now: in ``tables`` (numbers of imports and batches) as somebody says.

    ``apart`` are packages that hold nothing of them any more. Raises ``NotFoundError`` for what is no unit, no import.
    """
    units = archive.refresh().units
    wanted = {*unit_ids}
    known = {unit_id: one.unit for unit_id, one in units.get(wanted).items()}
    if unknown := wanted - known.keys():
        first = min(unknown)
        raise NotFoundError(message("目录中没有单元 {id}", "the catalogue has no unit {id}", id=first), subject=first)
    content = {
        package_id for unit_id, (package_id, whose) in units.packages.with_content(known).items() if whose == unit_id
    }
    items = [item.unit_id for one in archive.catalogue.named(content) if one.volume for item in one.volume.items]
    known |= {unit_id: one.unit for unit_id, one in units.get(items).items()}
    volumes = {one.package_id.value for one in _volumes_with(archive, known.values())} - content
    found = {*units.packages.describing(known), *content, *volumes} - {*apart}
    anchors = {one: archive.catalogue.anchor(PackageId(one)) for one in sorted(found)}
    for batch_id in sorted(_batches(archive, known.values(), anchors.values()) | {*tables}):
        came = archive.catalogue.anchors(batch_id=batch_id).values()
        kept = {one.package_id: one for one in came if one.kind is PackageKind.SUBMISSION}
        if batch_id in tables and (not kept or batch_id.startswith(REGISTER_BATCH)):
            raise NotFoundError(
                message("没有导入或批次 {id}", "there is no import {id}", id=batch_id), subject=batch_id
            )
        anchors |= {package_id: one for package_id, one in kept.items() if package_id not in apart}
    rows = (one for one in anchors.values() if one.kind is PackageKind.DESCRIPTION)
    before = dict.fromkeys(row.description for one in rows for row in rows_in(archive, one.package_id, known.keys()))
    return Reach(
        tuple(known[one] for one in sorted(known)),
        tuple(anchors[one] for one in sorted(anchors)),
        frozenset(content & anchors.keys()),
        tuple(before),
    )


def beyond_reach(archive: Archive, reach: Reach) -> Iterator[Message]:
    """Yield what holds, or may hold, something of the units and is not destroyed by a purge."""
    away = [store.name for store in archive.vault.stores if store.name in archive.vault.ledger.away]
    if away:
        yield message(
            "现在够不到的存储（{names}），够得到时执行",
            "stores out of reach now ({names}): they follow when they can be written",
            names=listed(away),
        )
    left = [entry.fact.name for entry in archive.fresh_reading.entries_about(LEFT) if isinstance(entry.fact, _LEFT)]
    if left:
        yield message(
            "已替换、停用的存储（{names}）原来的位置，其中可能还有",
            "the former places of stores that were replaced or retired ({names}), which may still have them",
            names=listed(sorted({*left})),
        )
    if entries := [str(number) for number in _entries(archive, reach)]:
        yield message(
            "日志第 {numbers} 条中有同样的文字，日志不可改",
            "entries {numbers} of the journal have the same words; the journal is never changed",
            numbers=listed(entries[:_MOST_TOLD]),
        )
    if others := list(_others(archive, reach)):
        yield message(
            "另有 {n} 条著录含同样的文字：{codes}",
            "{n} other units have the same words: {codes}",
            n=len(others),
            codes=listed(others[:_MOST_TOLD]),
        )
    if below := _below(archive, reach):
        yield message(
            "其下 {n} 条著录不在计划之内",
            "{n} units directly below them, which the plan does not name",
            n=below,
        )
    if any(one.batch_id.startswith(REGISTER_BATCH) for one in archive.catalogue.anchors().values()):
        yield message("销毁清册照原样保存", "registers of destruction, which are kept as they are signed")
    yield message(
        "已交出的副本、导出的文件、打印件、本馆以外的备份",
        "copies that were given out, exports, prints, backups outside the stores",
    )


def _below(archive: Archive, reach: Reach) -> int:
    """Return how many units stand directly below those that go, and do not go themselves."""
    ids = {one.unit_id for one in reach.units}
    going = sum(1 for one in reach.units if one.parent in ids and one.state not in GONE)
    return sum(archive.catalogue.units.number(directly_below(one)) for one in reach.units) - going


def rows_beside(archive: Archive, reach: Reach) -> Iterator[Message]:
    """Yield which tables go whole, with how many units' rows, and that of those that are not purged the descriptions stay."""
    going = {one.unit_id for one in reach.units}
    for batch_id in sorted({one.batch_id for one in reach.packages if one.kind is PackageKind.SUBMISSION}):
        came = archive.catalogue.anchors(batch_id=batch_id).values()
        records = [one.package_id for one in came if one.kind is PackageKind.RECORD]
        every = {one.unit.unit_id for one in archive.catalogue.units.all(Wanted(import_id=batch_id))}
        every |= {*archive.catalogue.units.packages.whose(records).values()}
        if others := every - going:
            yield message(
                "{id} 的表格整张移除，其中有 {all} 个单元的行，{n} 个不在要清除之列；这些单元的著录保留",
                "the tables of {id} go whole, with rows of {all} units; {n} of these are not to be purged, and what is said of them stays",
                id=batch_id,
                all=len(every),
                n=len(others),
            )


def opened_beside(archive: Archive, reach: Reach) -> tuple[Holding, ...]:
    """Return what was opened and shares pages with what goes, or names it in a list of contents: volumes, and their items.

    The pages stay, with what they say of the units; whether the public may see them is to be reviewed anew.
    """
    found: list[Holding] = []
    for volume in _volumes_with(archive, reach.units):
        structure = volume.volume
        if structure is None or volume.package_id.value in reach.whole:
            continue
        going = {one.unit_id: one.pages for one in purged_items(structure.items, reach.units)}
        pages = {page for some in going.values() for page in some}
        names_it = not all(map(structure.is_of_the_volume_alone, structure.of_the_volume))
        found += [volume] if names_it else []
        found += [
            one for one in volume.each_item() if one.item not in going and not pages.isdisjoint(one.own_pages or ())
        ]
    return tuple(one for one in found if _was_opened(one))


def closed_beside(archive: Archive, reach: Reach) -> Iterator[Message]:
    """Yield what a purge closes beside what it destroys."""
    if codes := [one.description.code.written for one in opened_beside(archive, reach)]:
        yield message(
            "{codes} 与要清除的内容共有页，或目录页上列有它：这些页保留，执行时停止开放，重新审核后方可再开放",
            "{codes} share pages with what is purged, or list it: these pages stay, are closed by the purge, and may be opened "
            "again when they were reviewed anew",
            codes=listed(codes),
        )


def closings_beside(archive: Archive, reach: Reach, reason: str) -> list[OpeningWithdrawn]:
    """Return the facts that close what a purge closes beside what it destroys."""
    return [
        OpeningWithdrawn(one.key.repository, one.description.code.written, Withdrawal(reason), one.unit_id)
        for one in opened_beside(archive, reach)
    ]


def _was_opened(holding: Holding) -> bool:
    last = holding.decisions[-1] if holding.decisions else None
    return isinstance(last, OpeningDecision) and last.conclusion is Conclusion.OPEN


def _volumes_with(archive: Archive, units: Iterable[Unit]) -> Iterator[Holding]:
    """Yield the volumes in whose packages items that are units lie; tables that came apart name them by code alone."""
    items = [*units]
    above = {one.parent for one in items} - {""}
    for repository in {one.repository for one in items}:
        codes = {
            code for one in items if one.repository == repository for code in codes_above(one.description.code.key)
        }
        found = archive.catalogue.units.by_code(repository, codes)
        above |= {one.unit.unit_id for some in found.values() for one in some}
    above |= {
        whose for _, whose in archive.catalogue.units.packages.with_content(one.unit_id for one in items).values()
    }
    for volume in archive.catalogue.named(sorted(above)):
        inside = volume.volume.items if volume.volume else ()
        own = [one for one in items if one.repository == volume.key.repository]
        if purged_items(inside, own):
            yield volume


def codes_above(key: str) -> list[str]:
    """Return how a code begins before each of its parts, the shortest first: one of these is that of its volume."""
    return [key[: found.start()] for found in _SEPARATORS.finditer(key) if found.start()]


def purged_items(items: Collection[VolumeItem], units: Iterable[Unit]) -> list[VolumeItem]:
    """Return the items of a volume that are among these units: by identifier; where none is one, those with its code."""
    inside = {one.unit_id for one in items}
    known = [*units]
    ids = {one.unit_id for one in known}
    keys = {key for one in known if one.unit_id not in inside and (key := one.description.code.key)}
    return [one for one in items if one.unit_id in ids or one.description.code.key in keys]


def _batches(archive: Archive, units: Iterable[Unit], anchors: Iterable[PackageStored]) -> set[str]:
    """Return the imports and batches that rows and content came with: their tables name the units, too."""
    found = {one.import_id for one in units}
    versions = archive.fresh_reading.refresh().versions
    for anchor in anchors:
        found |= {one.batch_id for one in versions[anchor.package_id]}
    return {one for one in found if one and not one.startswith(REGISTER_BATCH)}


def _entries(archive: Archive, reach: Reach) -> Iterator[int]:
    packages = [the_package(one.package_id) for one in reach.packages]
    records = [the_record(one.repository, key) for one in reach.units if (key := one.description.code.key)]
    wording = Wording(reach.words)
    for entry in archive.fresh_reading.entries_about(*packages, *records):
        if wording.is_in(entry.fact):
            yield entry.sequence


def _others(archive: Archive, reach: Reach) -> Iterator[str]:
    own = {one.unit_id for one in reach.units}
    names = {name for one in reach.units for name in _names(one)}
    for one in archive.catalogue.units.naming(names):
        if one.unit.unit_id not in own and one.unit.state is not State.PURGED:
            yield one.unit.description.code.written or one.unit.unit_id


def _names(unit: Unit) -> Iterator[str]:
    return (who for _, who in unit.description.persons if len(who) >= _LEAST_CHARACTERS)
