"""Renumbering: another archival code for a record that is kept, as the next version of its package."""

from dataclasses import dataclass, replace

from archives.errors import ConflictError, UsageProblem
from archives.message import message
from archives.record.description import Description
from archives.record.holding import Holding
from archives.record.identifiers import ArchivalCode, RecordKey, parse_archival_code
from archives.record.record import PackageKind
from ingest.package import Packaging, redescribe_package
from preservation.actions.units.describing import Said, say_too
from preservation.archive import Archive
from preservation.catalogue.naming import named_record
from preservation.package.new_package import NewPackage, software
from preservation.vault.content import NewestVersion


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A record as it was, its code now, and the version that says so."""

    before: Holding
    code: ArchivalCode
    version: int


def renumber(archive: Archive, old: str, new: str, *, repository: str | None, reason: str) -> Renumbered:
    """Give a record another archival code; its history stays, and both codes find it.

    Raises ``ConflictError`` when another record has the code, had it before it was disposed of, or is getting it, or when
    the record got another version meanwhile.
    """
    archive.begin_writing()
    holding = named_record(archive.catalogue, old, repository)
    code = parse_archival_code(new)
    if code.key == holding.key.code_key:
        raise UsageProblem(
            message("{code} 已是它的档号", "{code} is its archival code already", code=code.written), subject=new
        )
    key = RecordKey(holding.key.repository, code.key)
    with archive.vault.locks.records((key, holding.key)):
        if archive.refresh().anchor(holding.package_id).version != holding.version:
            raise ConflictError(
                message("{code} 刚有了新版本，请重试", "{code} has just got another version; try again", code=old),
                subject=old,
            )
        _require_free(archive, key, code, holding)
        newest = archive.holdings.newest(holding.package_id)
        stored = archive.vault.put_next(
            _redescribed(archive, holding, newest, code, reason),
            newest.anchor,
            holders=newest.holders,
            note="renumber",
            require_newest=lambda known: archive.refresh().require_newest(known),
        )
    description = _renamed(holding, code)
    say_too(archive, holding.repository, holding.package_id, description, Said("", archive.operator, reason))
    return Renumbered(holding, code, stored.version)


def _renamed(holding: Holding, code: ArchivalCode) -> Description:
    """Return what is said of a record under its new code: the one that it had stays among its former ones."""
    said = holding.description
    former = [one for one in (said.former_code, said.code.written) if one]
    return replace(said, code=code, former_code="；".join(former))


def _require_free(archive: Archive, key: RecordKey, code: ArchivalCode, holding: Holding) -> None:
    catalogue = archive.catalogue
    gone = catalogue.tombstone(key)
    if gone is not None and not gone.mistake:
        raise ConflictError(
            message("档号 {code} 属于已销毁的档案", "{code} was the code of a disposed record", code=code.written),
            subject=code.written,
        )
    catalogue.open_work.require_none_under(key)
    other = catalogue.find_key(key)
    if other is not None and other.package_id != holding.package_id:
        raise ConflictError(
            message("档号 {code} 已有别的档案", "another record has the archival code {code}", code=code.written),
            subject=code.written,
        )


def _redescribed(
    archive: Archive, holding: Holding, newest: NewestVersion, code: ArchivalCode, reason: str
) -> NewPackage:
    packaging = Packaging(
        package_id=holding.package_id,
        kind=PackageKind.RECORD,
        repository=holding.repository,
        fonds=archive.fonds(holding.key.repository, code.fonds),
        batch_id=newest.anchor.batch_id,
        now=archive.world.now(),
        operator=archive.operator,
        software=software(),
        engine="",
        previous=newest.record,
        changes=f"archival code {holding.description.code.written} became {code.written}: {reason}".rstrip(": "),
    )
    return redescribe_package(newest.record, _renamed(holding, code), packaging)
