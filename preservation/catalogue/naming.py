"""Which record a person means, by an archival code or ``REPOSITORY:CODE``; and what a person calls a package."""

from collections.abc import Collection
from contextlib import suppress
from typing import NamedTuple

from archives.errors import IdentifierError, NotFoundError
from archives.journal.facts import PackageStored
from archives.message import message
from archives.record.holding import Holding
from archives.record.identifiers import PackageId, RecordKey, archival_code_key
from archives.record.record import PackageKind
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.holdings.unit_holdings import UnitHoldings
from preservation.catalogue.levels.wanted import Listed


def named_record(catalogue: Catalogue, code: str, repository: str | None) -> Holding:
    """Return the record that ``CODE`` or ``REPOSITORY:CODE`` names.

    Raises ``NotFoundError``, which says so of a record that was disposed of, or ``AmbiguousError``.
    """
    repository, code = named(code, repository)
    try:
        return catalogue.find(code, repository=repository)
    except NotFoundError as unknown:
        for one in catalogue.repositories():
            key = RecordKey(one.code.value, archival_code_key(code))
            if repository in (None, one.code.value) and (gone := catalogue.tombstone(key)) is not None:
                advice = message("经过见 jinkui explain {code}", "jinkui explain {code} tells what happened", code=code)
                raise NotFoundError(gone.said(code), subject=code, advice=advice) from unknown
            if repository in (None, one.code.value):
                for unit in catalogue.units.by_code(one.code.value, [code]).get(key.code_key, ()):
                    raise _no_package_of_its_own(catalogue, unit, code) from unknown
        raise


def _no_package_of_its_own(catalogue: Catalogue, listed: Listed, code: str) -> NotFoundError:
    if not listed.has_content:
        said = message("{code} 只有目录，没有内容", "{code} is described only and has no content", code=code)
        advice = message("挂接扫描件：jinkui ingest", "hook its scans to it: jinkui ingest")
        return NotFoundError(said, subject=code, advice=advice)
    above = catalogue.units.above(listed.unit)
    volume = above[-1].description.code.written if above else ""
    said = message(
        "{code} 是案卷 {volume} 中的一件，没有自己的信息包",
        "{code} is an item of the volume {volume} and has no package of its own",
        code=code,
        volume=volume,
    )
    advice = message("请指定案卷 {volume}", "name the volume {volume}", volume=volume)
    return NotFoundError(said, subject=code, advice=advice)


def doubled_in(catalogue: Catalogue, code: str, repository: str | None) -> str:
    """Return the repository, of one or of all, in which several units have a code; empty where there is none."""
    repository, code = named(code, repository)
    places = (one.code.value for one in catalogue.repositories() if repository in (None, one.code.value))
    return next((one for one in places if any(len(f) > 1 for f in catalogue.units.by_code(one, [code]).values())), "")


def named_unit(catalogue: Catalogue, code: str, repository: str | None) -> Holding:
    """Return the record, the item of a volume or the unit without content that ``CODE`` or ``REPOSITORY:CODE`` names, or the fonds.

    Raises as ``named_record`` does.
    """
    repository, code = named(code, repository)
    holdings = UnitHoldings(catalogue)
    try:
        return holdings.find(code, repository=repository)
    except NotFoundError:
        return holdings.plain_fonds(code, repository=repository) or named_record(catalogue, code, repository)


class Called(NamedTuple):
    """What people call a package: its archival code and the title of its record, empty for what a batch came with."""

    archival_code: str
    title: str


def called(catalogue: Catalogue, package_ids: Collection[str]) -> dict[str, Called]:
    """Return what people call these packages; those that the catalogue does not know are left out."""
    records = {
        one.package_id.value: Called(one.description.code.written, one.description.title)
        for one in catalogue.named(package_ids)
    }
    for package_id in {*package_ids} - records.keys():
        with suppress(NotFoundError, IdentifierError):
            records[package_id] = Called(catalogue.anchor(PackageId(package_id)).archival_code, "")
    return records


def named_apart(catalogue: Catalogue, text: str, repository: str | None) -> PackageStored | None:
    """Return the package that is no record's and that a person names; None for no such one.

    By its identifier, its code (``BATCH-…``, ``DISPOSAL-…``) or the number of its batch. Rows of units are named by their
    identifiers alone.
    """
    with suppress(NotFoundError, IdentifierError):
        anchor = catalogue.anchor(PackageId(text.removeprefix("urn:uuid:")))
        return None if anchor.kind is PackageKind.RECORD else anchor
    repository, plain = named(text, repository)
    key = archival_code_key(plain)
    for one in catalogue.anchors(kind=PackageKind.SUBMISSION).values():
        is_meant = one.batch_id == plain or archival_code_key(one.archival_code) == key
        if is_meant and repository in (None, one.repository):
            return one
    return None


def named(code: str, repository: str | None) -> tuple[str | None, str]:
    """Return repository and code that ``CODE`` or ``REPOSITORY:CODE`` names."""
    if repository is None and ":" in code:
        repository, _, code = code.partition(":")
    return repository, code
