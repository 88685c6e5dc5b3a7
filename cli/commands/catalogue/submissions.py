"""What batches and imports came with, as people and programs are shown it: in a list, one with its files, its story."""

from archives.journal.facts import PackageStored
from archives.message import Message, message
from archives.record.identifiers import PackageId
from archives.record.record import FileObject, PackageKind
from cli.commands.record.findings import findings_of
from cli.commands.record.rendering import COPY_FIELDS, ENTRY_FIELDS, EVENT_FIELDS
from cli.frame.listing import Field, as_data, listing
from cli.frame.output import Cell, Result, Table
from cli.home.home import Home
from preservation.actions.disposal.batches import Kept, kept, kept_batches
from preservation.actions.disposal.gone import story_of
from preservation.vault.content import read_package_record

_FIELDS: tuple[Field[Kept], ...] = (
    Field("code", message("代号", "code"), lambda one: one.anchor.archival_code),
    Field("what", message("类型", "what"), lambda one: what_of(one).en, lambda one: what_of(one)),
    Field("name", message("名称", "name"), lambda one: one.name),
    Field("batch_id", message("批次号、导入号", "number"), lambda one: one.anchor.batch_id),
    Field("repository", message("馆代码", "repository"), lambda one: one.anchor.repository),
    Field("records", message("现有档案", "records now"), lambda one: one.records),
    Field("version", message("版本", "version"), lambda one: one.anchor.version),
    Field("size_bytes", message("字节", "bytes"), lambda one: one.anchor.size_bytes),
    Field("package_id", None, lambda one: one.anchor.package_id),
)
_FILES: tuple[Field[FileObject], ...] = (
    Field("path", message("路径", "path"), lambda one: str(one.path)),
    Field("came_as", message("来时", "as it came"), lambda one: one.original_name),
    Field("size_bytes", message("字节", "bytes"), lambda one: one.digests.size_bytes),
    Field("sha256", None, lambda one: one.digests.sha256),
)


def submissions_listed(home: Home, repository: str | None) -> Result:
    """Return what every batch and import came with, and the registers of disposals, as a list."""
    table, data = listing(message("接收包", "submissions"), _FIELDS, kept_batches(home.archive, repository))
    said = message("共 {n} 个", "{n} of them", n=len(data))
    return Result({"submissions": data}, (table,) if data else (), (said,))


def submission_shown(home: Home, anchor: PackageStored) -> Result:
    """Return everything that a package holds which is no record's: files, events, findings, copies."""
    one = kept(home.archive, anchor)
    rows: list[tuple[Cell, ...]] = [
        (field.heading, field.cell(one)) for field in _FIELDS if field.heading and field.cell(one) != ""
    ]
    described = Table(message("信息包", "package"), (message("项目", "element"), message("内容", "value")), tuple(rows))
    files, events, file_data, event_data = _content(home, anchor)
    package_id = PackageId(anchor.package_id)
    copies, copy_data = listing(message("副本", "copies"), COPY_FIELDS, home.catalogue.copies(package_id))
    found, found_data = findings_of(home, package_id)
    data = {
        **as_data(_FIELDS, one),
        "archival_code": anchor.archival_code,
        "files": file_data,
        "events": event_data,
        "findings": found_data,
        "copies": copy_data,
    }
    return Result(data, (described, *files, *events, copies, *found))


def submission_explained(home: Home, anchor: PackageStored) -> Result:
    """Return what happened to a package that is no record's, and to the batch that came with it."""
    entries = story_of(home.archive, [anchor.package_id])
    table, told = listing(message("经过", "what happened"), ENTRY_FIELDS, entries)
    found, found_data = findings_of(home, PackageId(anchor.package_id))
    data = {"archival_code": anchor.archival_code, "is_here": True, "entries": told, "findings": found_data}
    return Result(data, (table, *found))


def what_of(one: Kept) -> Message:
    """Return what a package is that is no record's."""
    if one.anchor.kind is PackageKind.DESCRIPTION:
        return message("著录包", "package of descriptions")
    if one.is_register:
        return message("销毁清册", "register of destruction")
    return message("批次", "batch") if one.is_batch else message("导入", "import")


def _content(home: Home, anchor: PackageStored) -> tuple[tuple[Table, ...], tuple[Table, ...], object, object]:
    """Return files and events; of a package of rows, whose rows are shown with their units, none."""
    if anchor.kind is PackageKind.DESCRIPTION:
        return (), (), [], []
    record = read_package_record(home.vault, home.vault.inventory(anchor))
    every = (file for one in record.representations for file in one.files)
    files, file_data = listing(message("文件", "files"), _FILES, every)
    events, event_data = listing(message("事件", "events"), EVENT_FIELDS, record.events)
    return (files,), (events,), file_data, event_data
