"""What was said of a unit, from the first row to the newest, read from the packages in which the rows lie."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from archives.errors import IntegrityError, StorageError
from archives.journal.concern import Subject, SubjectKind, the_package
from archives.journal.facts import FondsDescribed, PackageStored
from archives.message import message
from archives.record.description import Description
from archives.record.identifiers import PackageId, archival_code_key
from archives.units.fonds import plain_fonds
from archives.units.unit import Level, Unit, read_unit_row
from preservation.archive import Archive
from preservation.catalogue.descriptions import PackageContent
from preservation.catalogue.naming import named
from preservation.package.description_package import UNITS
from preservation.vault.content import read_content


def rows_about(archive: Archive, unit_id: str) -> Iterator[Unit]:
    """Yield every row of a unit, the first first; raises ``IntegrityError`` where no store has one whole."""
    for revision, package_id in archive.catalogue.units.packages.packages_of(unit_id):
        inventory = archive.vault.inventory(archive.catalogue.anchor(PackageId(package_id)))
        yield _row(archive.vault.read(inventory, UNITS), unit_id, revision)


def said_at_intake(archive: Archive, first: Unit) -> Iterator[Unit]:
    """Yield what packages said of a unit before its ``first`` row, each version that says something else, as of revision 0.

    Of a unit that a table brought in its first row is the first that was said. Of what no store has whole nothing is told.
    """
    held = archive.catalogue.units.packages.with_content([first.unit_id]).get(first.unit_id)
    if first.import_id or first.level is Level.FONDS or held is None:
        return
    said: Description | None = None
    for entry in archive.reading.entries_about(the_package(held[0])):
        fact, at = entry.fact, entry.at.astimezone().isoformat(timespec="seconds")
        if not isinstance(fact, PackageStored) or fact.package_id != held[0] or at > first.at:
            continue
        try:
            content = read_content(archive.vault, fact)
        except (IntegrityError, StorageError):
            return
        now = _said_in(content, "" if held[1] == first.unit_id else first.unit_id)
        if now is not None and now != said:
            why = "ingest" if fact.version == 1 else "update"
            yield replace(first, revision=0, description=now, person=entry.agent, at=at, reason=why, source="")
        said = now


def rows_at(archive: Archive, revisions: Mapping[str, int]) -> dict[str, Unit]:
    """Return units as they were at revisions, by identifier; every package is read once. Raises as ``rows_about`` does."""
    wanted: dict[str, list[str]] = {}
    for unit_id, revision in revisions.items():
        for number, package_id in archive.catalogue.units.packages.packages_of(unit_id):
            if number == revision:
                wanted.setdefault(package_id, []).append(unit_id)
    found: dict[str, Unit] = {}
    for package_id, identifiers in wanted.items():
        for unit in rows_in(archive, package_id, frozenset(identifiers)):
            if unit.revision == revisions[unit.unit_id]:
                found[unit.unit_id] = unit
    return found


class Mark(NamedTuple):
    """The state of a unit that a sheet was written at: its revision, and where no row said anything its package's version."""

    revision: int
    version: int = 0


def mark_text(mark: Mark) -> str:
    """Return how a cell says a mark: the revision, or ``v`` and the version, which no spreadsheet takes for a number.

    What only the journal says is the first revision.
    """
    return f"v{mark.version}" if mark.version else str(mark.revision or 1)


def parse_mark(text: str) -> Mark | None:
    """Return the mark of a cell, None for what is none."""
    found = _MARK.fullmatch(text.strip())
    return Mark(int(found["revision"] or 0), int(found["version"] or 0)) if found else None


_MARK = re.compile(r"(?P<revision>[0-9]{1,6})|[vV](?P<version>[0-9]{1,6})")


def rows_taken_back(archive: Archive, code: str, repository: str | None) -> tuple[tuple[Unit, ...], ...]:
    """Return the rows of each unit that was taken back and had ``CODE`` or ``REPOSITORY:CODE``, its first row first."""
    repository, plain = named(code, repository)
    key, packages = archival_code_key(plain), archive.refresh().units.packages
    places = [one.code.value for one in archive.catalogue.repositories() if repository in (None, one.code.value)]
    gone = [unit_id for place in places for unit_id, had in packages.taken_back(place).items() if had == key]
    return tuple(tuple(rows_about(archive, unit_id)) for unit_id in sorted(gone))


def states_at(archive: Archive, marks: Mapping[str, Mark]) -> dict[str, Unit]:
    """Return units as they were at marks, by identifier: by their rows, else as their packages, or the journal, said them.

    One of which nothing that is kept says it is left out. Raises as ``rows_about`` does.
    """
    found = rows_at(archive, {unit_id: mark.revision for unit_id, mark in marks.items() if mark.revision})
    bare = {unit_id: marks[unit_id].version for unit_id in marks.keys() - found.keys()}
    held = archive.catalogue.units.packages.with_content(bare)
    contents: dict[tuple[str, int], PackageContent] = {}
    for unit_id, listed in archive.catalogue.units.get(bare).items():
        unit, version = replace(listed.unit, revision=0), bare[unit_id]
        if unit.level is Level.FONDS and not version:
            if (fonds := _plain_fonds(archive, unit)) is not None:
                found[unit_id] = replace(unit, description=fonds.description, state=fonds.state)
            continue
        if not version or unit_id not in held:
            continue
        place = held[unit_id][0], version
        if place not in contents:
            contents[place] = read_content(archive.vault, archive.catalogue.stored(PackageId(place[0]), version))
        if said := _said_in(contents[place], "" if held[unit_id][1] == unit_id else unit_id):
            found[unit_id] = replace(unit, description=said)
    return found


def _plain_fonds(archive: Archive, unit: Unit) -> Unit | None:
    subject = Subject(SubjectKind.FONDS, f"{unit.repository}:{unit.description.code.key}")
    facts = (entry.fact for entry in archive.reading.entries_about(subject))
    said = [fact.fonds for fact in facts if isinstance(fact, FondsDescribed)]
    return plain_fonds(said[-1]) if said else None


def _said_in(content: PackageContent, item: str) -> Description | None:
    """Return what a version of a package says of its unit, or of an item of its volume."""
    if not item:
        return content.description
    items = content.volume.items if content.volume else ()
    return next((one.description for one in items if one.unit_id == item), None)


def rows_in(archive: Archive, package_id: str, unit_ids: Collection[str]) -> Iterator[Unit]:
    """Yield the rows of units that lie in a package of rows. Raises as ``rows_about`` does."""
    inventory = archive.vault.inventory(archive.catalogue.anchor(PackageId(package_id)))
    for row in archive.vault.read(inventory, UNITS).splitlines(keepends=True):
        if row[_BEFORE_ID:_AFTER_ID].decode("ascii", "replace") in unit_ids:
            yield read_unit_row(row)


_BEFORE_ID = len('{"unit_id":"')
_AFTER_ID = _BEFORE_ID + len("00000000-0000-0000-0000-000000000000")


def _row(data: bytes, unit_id: str, revision: int) -> Unit:
    begins = f'{{"unit_id":"{unit_id}",'.encode()
    for row in data.splitlines(keepends=True):
        if row.startswith(begins) and (unit := read_unit_row(row)).revision == revision:
            return unit
    raise IntegrityError(
        message(
            "著录包中没有单元 {id} 的第 {n} 次修订",
            "the package of descriptions has no revision {n} of the unit {id}",
            id=unit_id,
            n=revision,
        ),
        subject=unit_id,
    )
