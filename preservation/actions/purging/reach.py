"""Where the data of units lie: rows, content, the tables and batches that they came in, and what nobody here can reach."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from archives.errors import NotFoundError
from archives.journal.concern import the_package, the_record
from archives.journal.facts import PackageStored
from archives.message import Message, listed, message
from archives.record.holding import Holding
from archives.record.identifiers import PackageId
from archives.record.record import PackageKind
from archives.units.unit import State, Unit
from preservation.archive import Archive
from preservation.catalogue.levels.wanted import directly_below
from preservation.disposal.register import REGISTER_BATCH

_LEAST_CHARACTERS = 2
_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Reach:
    """The units whose data go, the newest versions of the packages that have some, and the words by which data are known.

    ``units`` are also the items of a volume that goes whole. ``whole`` are the packages of which nothing stays.
    """

    units: tuple[Unit, ...]
    packages: tuple[PackageStored, ...]
    whole: frozenset[str]

    @property
    def words(self) -> tuple[str, ...]:
        """What is said of the units and of nobody else: titles, persons, numbers of documents; never one character alone."""
        said = (one.description for one in self.units)
        found = {
            text.strip()
            for one in said
            for text in (one.title, one.document_number, one.note, *(who for _, who in (*one.persons, *one.other)))
        }
        return tuple(sorted(text for text in found if len(text) >= _LEAST_CHARACTERS))

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
    whole = frozenset(content & anchors.keys())
    return Reach(tuple(known[one] for one in sorted(known)), tuple(anchors[one] for one in sorted(anchors)), whole)


def beyond_reach(archive: Archive, reach: Reach) -> Iterator[Message]:
    """Yield what holds, or may hold, something of the units and is not destroyed by a purge."""
    away = [store.name for store in archive.vault.stores if store.name in archive.vault.ledger.away]
    if away:
        yield message(
            "不在位的存储（{names}），归位后执行",
            "stores that are away ({names}): they follow when they are back",
            names=listed(away),
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
    if below := sum(1 for one in reach.units for _ in archive.catalogue.units.page(directly_below(one))):
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


def _volumes_with(archive: Archive, units: Iterable[Unit]) -> Iterator[Holding]:
    """Yield the volumes in whose packages items that are units lie; tables that came apart name them by code alone."""
    items = [*units]
    above = {one.parent for one in items} - {""}
    for repository in {one.repository for one in items}:
        codes = (one.description.code.key.rpartition("-")[0] for one in items if one.repository == repository)
        found = archive.catalogue.units.by_code(repository, codes)
        above |= {one.unit.unit_id for some in found.values() for one in some}
    above |= {
        whose for _, whose in archive.catalogue.units.packages.with_content(one.unit_id for one in items).values()
    }
    for volume in archive.catalogue.named(sorted(above)):
        inside = volume.volume.items if volume.volume else ()
        own = [one for one in items if one.repository == volume.key.repository]
        if any(is_purged_item(one.unit_id, one.description.code.key, own) for one in inside):
            yield volume


def is_purged_item(unit_id: str, code_key: str, units: Iterable[Unit]) -> bool:
    """Say whether an item of a volume is one of these units: by its identifier, or else by its code."""
    return any(unit_id == one.unit_id or (code_key and code_key == one.description.code.key) for one in units)


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
    for entry in archive.fresh_reading.entries_about(*packages, *records):
        told = str(entry.fact)
        if any(word in told for word in reach.words):
            yield entry.sequence


def _others(archive: Archive, reach: Reach) -> Iterator[str]:
    own = {one.unit_id for one in reach.units}
    names = {name for one in reach.units for name in _names(one)}
    for one in archive.catalogue.units.naming(names):
        if one.unit.unit_id not in own and one.unit.state is not State.PURGED:
            yield one.unit.description.code.written or one.unit.unit_id


def _names(unit: Unit) -> Iterator[str]:
    return (who for _, who in unit.description.persons if len(who) >= _LEAST_CHARACTERS)
