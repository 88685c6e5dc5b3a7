"""What packages say of themselves, read after the journal was followed: descriptions and files."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import sqlalchemy as sql

from archives.errors import FormatError, IntegrityError, NotFoundError, StorageError
from archives.findings import Finding
from archives.journal.chain import Head
from archives.journal.facts import PackageStored
from archives.record.description import Description
from archives.record.holding import StoredFile, own_pages
from archives.record.identifiers import reference_code
from archives.record.record import PackageKind
from archives.record.volume.structure import VolumeStructure
from archives.reviewed import reviewed_digest
from preservation.catalogue import tables
from preservation.catalogue.findings import finding_rows
from preservation.catalogue.folding.filling import LACKS_INDEXES, make_indexes, put_indexes_off
from preservation.catalogue.folding.known import codes_had
from preservation.catalogue.folding.unit_rows import keep_record, keep_rows

_AT_ONCE, _BYTES_AT_ONCE = 100, 64 << 20
"""What so many packages say lies in memory at once, and waits for the disk together; rows of units of no more bytes."""


@dataclass(frozen=True, slots=True)
class PackageContent:
    """What the catalogue takes over from a package: its description (None for a submission), its files, its findings.

    ``units`` are the rows of a package that describes units, ``is_unread`` says that no copy of it could be read.
    Of a volume also its pages and items. ``codes_had`` are what renumbering took from the record, which no package says.
    """

    description: Description | None
    files: tuple[StoredFile, ...]
    findings: tuple[Finding, ...] = ()
    units: bytes = b""
    is_unread: bool = False
    volume: VolumeStructure | None = None
    codes_had: frozenset[str] = frozenset()

    def reviewed(self) -> str | None:
        """Return the digest of what a review looks at, empty where nothing could be read; a submission has none."""
        if self.description is None:
            return "" if self.is_unread else None
        if not (self.description.title or self.files):
            return ""
        return reviewed_digest(self.description, self.files, own_pages(self.volume), had=self.codes_had)


ContentReader = Callable[[PackageStored], PackageContent]
"""Reads what a package says of itself; raises ``IntegrityError`` or ``FormatError`` when no copy can be read."""


class Descriptions:
    """The part of the catalogue that is read from packages, each once a version."""

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine

    def head(self) -> int:
        """Return up to which entry everything is known, what packages say of themselves too."""
        package, waiting = tables.package.c, tables.undescribed.c
        query = sql.select(sql.func.min(package.sequence)).join(tables.undescribed, waiting.number == package.number)
        with self._engine.connect() as connection:
            first = connection.scalar(query)
            head = connection.scalar(sql.select(tables.position.c.sequence)) or 0
        return head if first is None else first - 1

    def is_level(self, head: Head) -> bool:
        """Say whether the journal was followed as far as this head, and nothing is left to be read of any package."""
        with self._engine.connect() as connection:
            row = connection.execute(_STANDING).one()
        return Head(row.sequence, row.digest) == head and not row.waits

    def describe(self, read_content: ContentReader, *, lost: Callable[[PackageStored], None]) -> None:
        """Read what new packages say of themselves; ``lost`` is told at once of each whose content no copy could give.

        Those are read again the next time. Earlier versions are read where a decision stands for one of them.
        """
        unread = self._newest(tables.UNREAD_NUMBERS)
        new = self._newest(_UNDESCRIBED)
        with self._engine.begin() as connection:
            put_indexes_off(connection, sum(one.size_bytes for _, one in new if one.kind is PackageKind.DESCRIPTION))
        for together in _together(iter(new)):
            contents: list[tuple[int, PackageStored, PackageContent]] = []
            try:
                for number, anchor in together:
                    contents.append((number, anchor, _read_or_bare(anchor, read_content)))
            finally:  # what was read is kept and told, though a store goes away meanwhile
                for anchor in self._keep(contents):
                    lost(anchor)
        with self._engine.begin() as connection:
            make_indexes(connection)
        for number, anchor in unread:
            if again := _read(anchor, read_content):
                self._keep([(number, anchor, again)])
            else:
                lost(anchor)
        for number, anchor in self._asked_before():
            if before := _read(anchor, read_content):
                self._keep_before(number, anchor.version, before)

    def _newest(self, numbers: "sql.Select[tuple[int]]") -> list[tuple[int, PackageStored]]:
        """Return the newest versions of packages by their numbers."""
        package, version = tables.package.c, tables.version.c
        newest = (version.number == package.number) & (version.version == package.version)
        query = sql.select(tables.version).join(tables.package, newest)
        query = query.where(package.number.in_(numbers)).order_by(package.number)
        with self._engine.connect() as connection:
            return [(row.number, tables.stored(row)) for row in connection.execute(query)]

    def _asked_before(self) -> list[tuple[int, PackageStored]]:
        """Return the versions that decisions stand for and that were not read yet."""
        asked, version = tables.reviewed_before.c, tables.version.c
        same = (version.number == asked.number) & (version.version == asked.version)
        query = sql.select(tables.version).join(tables.reviewed_before, same).where(asked.reviewed.is_(None))
        with self._engine.connect() as connection:
            return [(row.number, tables.stored(row)) for row in connection.execute(query)]

    def _keep_before(self, number: int, version: int, content: PackageContent) -> None:
        asked, package = tables.reviewed_before.c, tables.package.c
        where = (asked.number == number) & (asked.version == version)
        with self._engine.begin() as connection:
            unit_id = connection.scalar(sql.select(package.unit_id).where(package.number == number)) or ""
            content = replace(content, codes_had=codes_had(connection, [unit_id]).get(unit_id, frozenset()))
            connection.execute(tables.reviewed_before.update().where(where).values(reviewed=content.reviewed()))

    def _keep(self, contents: Sequence[tuple[int, PackageStored, PackageContent]]) -> list[PackageStored]:
        """Keep what packages say, but for those that have got another version or have gone meanwhile.

        Returns those of the kept that have no files.
        """
        package, waiting = tables.package.c, tables.undescribed.c
        numbers = [number for number, _, _ in contents]
        with self._engine.begin() as connection:
            connection.execute(tables.undescribed.delete().where(waiting.number.in_(numbers)))
            query = sql.select(package.number, package.version, package.package_id, package.unit_id)
            rows = connection.execute(query.where(package.number.in_(numbers))).all()
            known = {row.number: (row.version, row.package_id) for row in rows}
            # the package whose place others took, one after the other, bears the unit's identifier
            first = {row.number: row.unit_id for row in rows}
            had = codes_had(connection, first.values())
            kept = [one for one in contents if known.get(one[0]) == _of(one[1])]
            later = [n for n, anchor, _ in contents if known.get(n, _of(anchor)) != _of(anchor)]
            for table in (tables.content, tables.file, tables.finding):
                connection.execute(table.delete().where(table.c.number.in_([number for number, _, _ in kept])))
            kept = [_as_described_now(connection, *one) for one in kept]
            kept = [(n, anchor, replace(one, codes_had=had.get(first[n], frozenset()))) for n, anchor, one in kept]
            for table, new in (
                (tables.undescribed, [{"number": number} for number in later]),
                (tables.content, [_content_row(number, content) for number, _, content in kept]),
                (tables.file, [row for number, _, content in kept for row in _file_rows(number, content)]),
                (tables.finding, [row for n, _, content in kept for row in _finding_rows(n, first[n], content)]),
            ):
                if new:
                    connection.execute(table.insert(), new)
        return [anchor for _, anchor, content in kept if not (content.files or content.units)]


def _together(new: Iterator[tuple[int, PackageStored]]) -> Iterator[list[tuple[int, PackageStored]]]:
    """Yield packages as many as are read at a time, those that describe units apart: what they describe is written before.

    The rows of those lie in memory, so that they are fewer.
    """
    for describes_units, alike in groupby(new, key=lambda one: one[1].kind is PackageKind.DESCRIPTION):
        some: list[tuple[int, PackageStored]] = []
        size_bytes = 0
        for one in alike:
            size_bytes += one[1].size_bytes if describes_units else 0
            if some and (len(some) == _AT_ONCE or size_bytes > _BYTES_AT_ONCE):
                yield some
                some, size_bytes = [], one[1].size_bytes if describes_units else 0
            some.append(one)
        yield some


def _as_described_now(
    connection: sql.Connection, number: int, anchor: PackageStored, content: PackageContent
) -> tuple[int, PackageStored, PackageContent]:
    """Take over what a package says of units; returns it with what is said of its own record now."""
    if content.units:
        try:
            contradictions = keep_rows(connection, number, content.units)
        except FormatError:
            return number, anchor, PackageContent(None, (), is_unread=True)
        return number, anchor, replace(content, findings=(*content.findings, *contradictions))
    if content.description is None or not (content.description.title or content.files):
        return number, anchor, content
    of_package = (content.description, content.files, content.volume)
    said = keep_record(connection, number, anchor.repository, of_package)
    return number, anchor, replace(content, description=said)


def _of(anchor: PackageStored) -> tuple[int, str]:
    return anchor.version, anchor.package_id


def _content_row(number: int, content: PackageContent) -> dict[str, object]:
    description = content.description and tables.DESCRIPTION.as_json(content.description)
    volume = content.volume and tables.VOLUME.as_json(content.volume)
    return {"number": number, "description": description, "reviewed": content.reviewed(), "volume": volume}


def _file_rows(number: int, content: PackageContent) -> list[dict[str, object]]:
    return [{"number": number, "path": str(file.path), "value": tables.FILE.as_json(file)} for file in content.files]


def _finding_rows(number: int, first_id: str, content: PackageContent) -> list[dict[str, object]]:
    return finding_rows(number, first_id, content.findings, content.files)


def _read_or_bare(anchor: PackageStored, read_content: ContentReader) -> PackageContent:
    try:
        return read_content(anchor)
    except (IntegrityError, FormatError, NotFoundError):
        return PackageContent(_bare(anchor), (), is_unread=anchor.kind is PackageKind.DESCRIPTION)


def _read(anchor: PackageStored, read_content: ContentReader) -> PackageContent | None:
    try:
        return read_content(anchor)
    except (IntegrityError, FormatError, NotFoundError, StorageError):
        return None


def _bare(fact: PackageStored) -> Description | None:
    """Return what the journal alone knows of a record, so that it is never taken for absent."""
    if fact.kind is not PackageKind.RECORD:
        return None
    return Description(reference_code(fact.archival_code), title="")


_UNDESCRIBED = sql.select(tables.undescribed.c.number)
_STANDING = sql.select(
    tables.position.c.sequence,
    tables.position.c.digest,
    sql.or_(
        sql.exists(_UNDESCRIBED),
        sql.exists(tables.UNREAD_NUMBERS),
        LACKS_INDEXES,
        sql.exists(sql.select(tables.reviewed_before.c.number).where(tables.reviewed_before.c.reviewed.is_(None))),
    ).label("waits"),
)
