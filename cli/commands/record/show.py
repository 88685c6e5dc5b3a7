"""The command that shows a record: description, files, events, copies."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from archives.errors import ConflictError, NotFoundError
from archives.findings import Severity
from archives.message import message
from archives.record.description import Fonds
from archives.record.elements.table import ELEMENTS
from archives.record.holding import Holding, StoredFile
from archives.record.record import ROLE, Record
from archives.record.volume.components import Component
from archives.record.volume.page_label import PageLabel
from archives.record.volume.structure import VolumeItem, VolumeStructure
from cli import wiring
from cli.commands.catalogue.above import from_above
from cli.commands.catalogue.history import history_of
from cli.commands.catalogue.said import about_its_code, called_alike, date_said, date_written, elements_said
from cli.commands.catalogue.submissions import submission_shown
from cli.commands.catalogue.units import is_fonds, unit_shown, units_named
from cli.commands.record.findings import findings_of
from cli.commands.record.rendering import COPY_FIELDS, EVENT_FIELDS, LABELS, TEXTS, term, text_origins, the_record
from cli.commands.shared import LOOKS, Code, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Cell, Result, Table
from cli.home.home import Home, home_of
from preservation.catalogue.catalogue import LOOK_FOR_IT
from preservation.catalogue.naming import named, named_apart
from preservation.vault.content import read_package_record

_Shown = tuple[StoredFile, str, PageLabel | None, str]
"""A file, how its text came about, what its page is called, and which part of a document it is."""
_FILES: tuple[Field[_Shown], ...] = (
    Field("path", message("路径", "path"), lambda one: str(one[0].path)),
    Field("role", None, lambda one: one[3]),
    Field("page", None, lambda one: one[0].page),
    Field("page_label", None, lambda one: one[2].text if one[2] else ""),
    Field("size_bytes", message("字节", "bytes"), lambda one: one[0].size_bytes),
    Field("sha256", None, lambda one: one[0].sha256),
    Field("puid", message("格式", "PUID"), lambda one: one[0].puid, lambda one: one[0].puid or "—"),
    Field("mime", message("MIME", "MIME"), lambda one: one[0].mime),
    Field("text", message("文字", "text"), lambda one: one[1], lambda one: TEXTS.get(one[1], "")),
)
_LABEL: Field[_Shown] = Field("", message("页", "page"), lambda one: None, lambda one: one[2].shown if one[2] else "")
_ROLE: Field[_Shown] = Field("", message("稿本", "part"), lambda one: one[3])
_ITEMS: tuple[Field[tuple[VolumeStructure, VolumeItem]], ...] = (
    Field("archival_code", message("档号", "archival code"), lambda one: one[1].description.code.written),
    Field("title", message("题名", "title"), lambda one: one[1].description.title),
    Field("author", message("责任者", "author"), lambda one: one[1].description.author),
    Field(
        "date",
        message("日期", "date"),
        lambda one: one[1].description.formed.edtf if one[1].description.formed else "",
        lambda one: date_said(one[1].description),
    ),
    Field("pages", message("页", "pages"), lambda one: one[0].pages_told(one[1])),
    Field("page_labels", None, lambda one: [one[0].labels.get(page, "") for page in one[1].pages]),
    Field("unit_id", None, lambda one: one[1].unit_id),
)
_COMPONENTS: tuple[Field[Component], ...] = (
    Field("name", message("组成部分", "part"), lambda one: one.name),
    Field("pages", message("页数", "pages"), lambda one: one.last - one.first + 1),
    Field("first", message("起", "from page"), lambda one: one.first),
    Field("last", message("止", "to page"), lambda one: one.last),
)


@command(example="jinkui show J019-WS·2014·Y·BGS-0101", exits=(*LOOKS, ConflictError))
def show(call: Call, *, code: Code, repository: InRepository = None) -> Result:
    """Show a record, or what a batch came with: description, files, events, copies."""
    home = home_of(call)
    try:
        holding = the_record(home, code, repository)
    except NotFoundError as unknown:
        found_instead = _instead(home, code, repository, unknown)
        if isinstance(found_instead, Result):
            return found_instead
        holding = found_instead
    record = read_package_record(home.vault, home.vault.inventory(home.catalogue.anchor(holding.package_id)))
    (unit_id,) = home.catalogue.units.packages.whose([holding.package_id.value]).values()
    unit = home.catalogue.units.get([unit_id])[unit_id]
    higher, openness = home.catalogue.units.above(unit.unit), holding.access_on(wiring.today()).openness.value
    described = Table(
        message("著录", "description"),
        (message("项目", "element"), message("内容", "value")),
        (*_described(holding, openness), *from_above(holding.description, higher)),
    )
    texts = {one.path: one.how for one in text_origins(record)}
    roles = _roles(record)
    by_page = sorted(holding.files, key=lambda file: (file.path.parts[:3], file.page or 0))
    with_texts = (
        (file, texts.get(file.path, ""), holding.label_of(file.page), roles.get(file.path, ""))
        for file in (by_page if holding.volume or roles else holding.files)
    )
    items, item_data = listing(message("卷内文件", "items"), _ITEMS, _items_of(holding))
    parts, part_data = listing(message("组成", "parts"), _COMPONENTS, holding.components)
    columns = (*_FILES, *((_LABEL,) if holding.volume or part_data else ()), *((_ROLE,) if roles else ()))
    files, file_data = listing(message("文件", "files"), columns, with_texts)
    events, event_data = listing(message("事件", "events"), EVENT_FIELDS, record.events)
    copies, copy_data = listing(message("副本", "copies"), COPY_FIELDS, home.catalogue.copies(holding.package_id))
    found, found_data = findings_of(home, holding.package_id)
    history, told = history_of(home, unit_id)
    notes = [finding for finding in record.findings if finding.severity is Severity.NOTE]
    data = {
        "archival_code": holding.description.code.written,
        "repository": holding.key.repository,
        "description": _description_data(holding) | {"openness": openness},
        "package_id": holding.package_id.value,
        "versions": list(range(1, holding.version + 1)),
        "above": [one.description.code.written for one in higher],
        "former_codes": list(home.catalogue.former_codes(holding)),
        **({"items": item_data} if holding.volume else {}),
        **({"components": part_data} if part_data else {}),
        "files": file_data,
        "events": event_data,
        "findings": [*found_data, *notes],
        "copies": copy_data,
        "history": told,
        "same_code": [one.unit.unit_id for one in called_alike(home, unit.unit)],
    }
    of_items = (*((items,) if item_data else ()), *((parts,) if part_data else ()))
    tables = (described, *of_items, files, events, copies, *history, *found)
    return Result(data, tables, about_its_code(home, unit.unit, named(code, repository)[1]))


def _instead(home: Home, code: str, repository: str | None, unknown: NotFoundError) -> Holding | Result:
    """Return what is shown where no record has a code: a unit, what a batch came with, the record of a unit named otherwise."""
    try:
        unit = units_named(home, code, repository)[0]
    except NotFoundError as no_unit:
        apart = named_apart(home.catalogue, code, repository)
        if apart is None:
            # of what is gone, of what has no package
            is_told = unknown.advice not in (None, LOOK_FOR_IT) or unknown.__cause__ is not None
            raise (unknown if is_told and not is_fonds(home, code, repository) else no_unit) from None
        return submission_shown(home, apart)
    own = _its_record(home, unit.unit.unit_id)
    return own or unit_shown(home, unit, about_its_code(home, unit.unit, named(code, repository)[1]))


def _items_of(holding: Holding) -> Iterator[tuple[VolumeStructure, VolumeItem]]:
    if holding.volume:
        yield from ((holding.volume, item) for item in holding.volume.items)


def _roles(record: Record) -> dict[PurePosixPath, str]:
    files = (file for one in record.representations for file in one.files)
    return {file.path: role for file in files if (role := dict(file.properties).get(ROLE))}


def _its_record(home: Home, unit_id: str) -> Holding | None:
    """Return the record of a unit that has a package of its own; None for any other."""
    found = home.catalogue.units.packages.with_content([unit_id]).get(unit_id)
    return next(iter(home.catalogue.named([found[0]])), None) if found and found[1] == unit_id else None


def _described(holding: Holding, openness: str) -> Iterator[tuple[Cell, Cell]]:
    whose: dict[str, Cell] = {"repository_name": holding.repository.called, "fonds_name": _fonds_name(holding.fonds)}
    yield from ((LABELS[name], text) for name, text in whose.items() if text)
    yield from elements_said(holding.description)
    yield LABELS["openness"], term(openness)


def _description_data(holding: Holding) -> dict[str, object]:
    return {
        "repository_name": holding.repository.name,
        "fonds_name": _fonds_name(holding.fonds),
        **{element.key: element.data(holding.description) for element in ELEMENTS},
        "date_written": date_written(holding.description),
    }


def _fonds_name(fonds: Fonds | None) -> str:
    """Return what a fonds was called; where that is not plain, all that it may have been."""
    if fonds is None:
        return ""
    return fonds.name or (f"？ {' / '.join(fonds.candidates)}" if fonds.candidates else "")
