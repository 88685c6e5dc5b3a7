"""What packages say of themselves, read after the journal was followed: descriptions and files."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sql

from archives.errors import FormatError, IntegrityError, NotFoundError, StorageError
from archives.findings import Finding
from archives.journal.facts import PackageStored
from archives.record.description import Description
from archives.record.holding import StoredFile
from archives.record.identifiers import parse_archival_code
from archives.record.record import PackageKind
from archives.reviewed import reviewed_digest
from preservation.catalogue import tables
from preservation.catalogue.findings import finding_rows


@dataclass(frozen=True, slots=True)
class PackageContent:
    """What the catalogue takes over from a package: its description (None for a submission), its files, its findings."""

    description: Description | None
    files: tuple[StoredFile, ...]
    findings: tuple[Finding, ...] = ()

    def reviewed(self) -> str | None:
        """Return the digest of what a review looks at, empty where nothing could be read; a submission has none."""
        if self.description is None:
            return None
        return reviewed_digest(self.description, self.files) if self.description.title or self.files else ""


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

    def describe(self, read_content: ContentReader, *, lost: Callable[[PackageStored], None]) -> None:
        """Read what new packages say of themselves; ``lost`` is told at once of each whose content no copy could give.

        Those are read again the next time. Earlier versions are read where a decision stands for one of them.
        """
        unread = self._newest(tables.UNREAD_NUMBERS)
        for number, anchor in self._newest(sql.select(tables.undescribed.c.number)):
            try:
                content = read_content(anchor)
            except (IntegrityError, FormatError, NotFoundError):
                content = PackageContent(_bare(anchor), ())
            if self._keep(number, anchor, content) and not content.files:
                lost(anchor)
        for number, anchor in unread:
            if again := _read(anchor, read_content):
                self._keep(number, anchor, again)
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
        asked = tables.reviewed_before.c
        where = (asked.number == number) & (asked.version == version)
        with self._engine.begin() as connection:
            connection.execute(tables.reviewed_before.update().where(where).values(reviewed=content.reviewed()))

    def _keep(self, number: int, anchor: PackageStored, content: PackageContent) -> bool:
        """Keep what a package says, unless it has got another version or has gone meanwhile."""
        package = tables.package.c
        same = (package.number == number) & (package.version == anchor.version)
        with self._engine.begin() as connection:
            connection.execute(tables.undescribed.delete().where(tables.undescribed.c.number == number))
            known = connection.scalar(sql.select(package.package_id).where(same))
            if known != anchor.package_id:
                if known is None and connection.scalar(sql.select(package.number).where(package.number == number)):
                    connection.execute(tables.undescribed.insert().values(number=number))
                return False
            description = content.description and tables.DESCRIPTION.as_json(content.description)
            for table in (tables.content, tables.file, tables.finding):
                connection.execute(table.delete().where(table.c.number == number))
            kept = {"number": number, "description": description, "reviewed": content.reviewed()}
            connection.execute(tables.content.insert().values(kept))
            if content.files:
                rows = [
                    {"number": number, "path": str(file.path), "value": tables.FILE.as_json(file)}
                    for file in content.files
                ]
                connection.execute(tables.file.insert(), rows)
            if found := finding_rows(number, anchor.package_id, content.findings, content.files):
                connection.execute(tables.finding.insert(), found)
        return True


def _read(anchor: PackageStored, read_content: ContentReader) -> PackageContent | None:
    try:
        return read_content(anchor)
    except (IntegrityError, FormatError, NotFoundError, StorageError):
        return None


def _bare(fact: PackageStored) -> Description | None:
    """Return what the journal alone knows of a record, so that it is never taken for absent."""
    if fact.kind is not PackageKind.RECORD:
        return None
    return Description(parse_archival_code(fact.archival_code), title="")
