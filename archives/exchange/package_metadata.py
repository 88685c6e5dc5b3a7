"""A record read back from the metadata files of its package."""

from archives.exchange.description_xml import read_items_xml, read_record_xml
from archives.exchange.mets import read_mets_header
from archives.exchange.mets_volume import read_volume
from archives.exchange.premis import read_premis
from archives.record.record import FileObject, Record, Representation, RepresentationName


def read_record(mets: bytes, premis: bytes, record_xml: bytes, items_xml: bytes | None = None) -> Record:
    """Return the record that its files describe, a volume with its items; raises ``FormatError``."""
    header = read_mets_header(mets)
    content = read_premis(premis)
    description, repository, fonds, batch_id = read_record_xml(record_xml)
    return Record(
        package_id=header.package_id,
        description=description,
        repository=repository,
        fonds=fonds,
        representations=_representations(content.files),
        events=content.events,
        agents=content.agents,
        created_at=header.created_at,
        findings=content.findings,
        batch_id=batch_id,
        modified_at=header.modified_at,
        empty_folders=content.empty_folders,
        volume=read_volume(mets, read_items_xml(items_xml) if items_xml else {}),
    )


def _representations(files: tuple[FileObject, ...]) -> tuple[Representation, ...]:
    by_name: dict[RepresentationName, list[FileObject]] = {}
    for file in files:
        by_name.setdefault(RepresentationName(file.path.parts[2]), []).append(file)
    return tuple(Representation(name, tuple(group)) for name, group in by_name.items())
