"""Commands that give the catalogue away: as a sheet that comes back in, as EAD3, as printed forms."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Annotated

from archives.errors import UsageProblem
from archives.exchange.ead3 import REPOSITORY, EadHead, EadUnit
from archives.findings import Finding
from archives.message import Language, Message, message
from archives.record.description import Description, as_written
from archives.record.elements.kinds import Written
from archives.record.elements.table import ELEMENTS, kept_as_written
from archives.units.unit import Level, Unit
from cli.commands.catalogue.units import levels_named
from cli.commands.record.rendering import finding_lines
from cli.commands.shared import LOOKS, InRepository
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from preservation.actions.describe import named_repository
from preservation.actions.units.history import Mark, mark_text
from preservation.actions.units.tree import tree_of
from preservation.catalogue.levels.wanted import Listed, Wanted
from preservation.handouts.catalogue_sheet import catalogue_columns, cells_of, keys_with_values, write_catalogue
from preservation.stores.files import require_place, write_streamed

Fonds = Annotated[str | None, Option(message("全宗号", "number of the fonds"))]
_SHEETS = (".xlsx", ".csv")


@command(example="jinkui catalogue export J019.xlsx --fonds J019", exits=(*LOOKS, FINDINGS))
def export(
    call: Call,
    *,
    file: Annotated[
        Path, Argument(message("写入 .xlsx、.csv 或 .xml（EAD3）", "written to: .xlsx, .csv or .xml (EAD3)"))
    ],
    fonds: Fonds = None,
    level: Annotated[
        str | None, Option(message("层次：全宗、类别、案卷、组、件", "level: fonds, series, file, group or item"))
    ] = None,
    code: Annotated[str | None, Option(message("档号的开头", "how the code begins"))] = None,
    repository: InRepository = None,
) -> Result:
    """Write the present catalogue to a file that comes back in: a sheet to be corrected, or EAD3."""
    ending = file.suffix.lower()
    if ending not in (*_SHEETS, ".xml"):
        raise UsageProblem(
            message("文件须以 .xlsx、.csv 或 .xml 结尾", "the file's name ends in .xlsx, .csv or .xml"),
            subject=str(file),
        )
    require_place(file)
    home = home_of(call)
    place = named_repository(home.archive, repository)
    wanted = Wanted(
        repository=place.value,
        fonds=fonds or "",
        levels=levels_named(level),
        code=code or "",
        unwritten=(Level.FONDS,) if ending in _SHEETS else (Level.FONDS, Level.SERIES),
    )
    count, entry = home.catalogue.units.number(wanted), home.catalogue.head().sequence
    found = (
        _sheet(home, wanted, file, call.output.language) if ending in _SHEETS else _ead(home, wanted, file, place.value)
    )
    said = message(
        "已写入 {n} 条：{file}（截至日志第 {entry} 条）",
        "{n} {n:unit|units} written to {file}, as of entry {entry} of the journal",
        n=count,
        file=str(file),
        entry=entry,
    )
    lines = (said, *_undescribed(home, wanted, count), *finding_lines(found))
    return Result(
        {"file": str(file), "units": count, "entry": entry, "findings": found},
        lines=lines,
        exit_code=FINDINGS.code if found else 0,
    )


def _undescribed(home: Home, wanted: Wanted, count: int) -> Iterator[Message]:
    """Yield how many of these units nobody described: EAD has series that codes name, sheets have not."""
    others = tuple(one for one in wanted.unwritten if one is not Level.SERIES)
    if unwritten := count - home.catalogue.units.number(replace(wanted, unwritten=others)):
        said = message(
            "其中 {n} 条未著录，由下级档号推知",
            "{n} of them nobody described: the codes below them name them",
            n=unwritten,
        )
        yield said


def _sheet(home: Home, wanted: Wanted, file: Path, language: Language) -> tuple[Finding, ...]:
    columns = catalogue_columns(keys_with_values(_cells(home, wanted)), language)
    return write_catalogue(file, columns, _cells(home, wanted))


def _cells(home: Home, wanted: Wanted) -> Iterator[dict[str, str]]:
    """Yield what every unit says, with the code of what is above it, and at which state of it this is written."""
    units = _with_above(home, wanted)
    while some := list(islice(units, _AT_ONCE)):
        bare = [one.unit.unit_id for one, _, _ in some if not one.unit.revision and one.has_content]
        versions = home.catalogue.units.packages.versions(bare)
        yield from (_row(one, above, versions, is_plain=is_plain) for one, above, is_plain in some)


def _row(one: Listed, above: Unit | None, versions: Mapping[str, int], *, is_plain: bool) -> dict[str, str]:
    unit = one.unit
    mark = Mark(unit.revision, versions.get(unit.unit_id, 0))
    facts = {
        "unit_id": unit.unit_id,
        "revision": mark_text(mark),
        "level": unit.level.value,
        "parent_code": above.description.code.written if above else "",
        "parent_id": unit.parent if unit.parent and not is_plain else "",
        "state": unit.state.value,
    }
    return {**facts, **cells_of(unit.description)}


def _with_above(home: Home, wanted: Wanted) -> Iterator[tuple[Listed, Unit | None, bool]]:
    """Yield units in order, each with the one above it and whether its code tells which that is.

    Those above stand shortly before in this order.
    """
    units = home.catalogue.units
    known: dict[str, tuple[Unit | None, bool]] = {"": (None, True)}
    for one in units.all(wanted):
        parent = one.unit.parent
        if parent and parent not in known:
            if len(known) > _REMEMBERED:
                known = {"": (None, True)}
            found = units.get([parent]).get(parent)
            code = found.unit.description.code.key if found else ""
            is_plain = bool(code) and len(units.identifiers(wanted.repository, [code]).get(code, ())) == 1
            known[parent] = (found.unit if found else None, is_plain)
        yield one, *known[parent]


_REMEMBERED = 1_000
_AT_ONCE = 500


def _ead(home: Home, wanted: Wanted, file: Path, repository: str) -> tuple[Finding, ...]:
    from archives.exchange.ead3_writer import write_ead

    place = next(one for one in home.catalogue.repositories() if one.code.value == repository)
    labels = {element.key: element.label.text("zh") for element in ELEMENTS}
    moment = home.archive.world.now()
    head = EadHead(f"jinkui-{repository}", place.name, repository, place.name, moment, "zh", labels)
    write_streamed(file, lambda out: write_ead(out, head, _tree(home, wanted)))
    return ()


def _tree(home: Home, wanted: Wanted) -> Iterator[tuple[int, EadUnit]]:
    """Yield the units below the repository in the order of their tree."""
    yield 0, EadUnit(REPOSITORY)
    for depth, one in tree_of(home.catalogue.units, wanted):
        unit_id = "" if one.is_implied else one.unit.unit_id
        yield depth + 1, EadUnit(one.unit.level.value, unit_id, _written(one.unit), is_implied=one.is_implied)


def _written(unit: Unit) -> dict[str, tuple[Written, ...]]:
    said = {
        element.key: tuple(one for one in element.written(unit.description) if one.text or one.attributes)
        for element in ELEMENTS
    }
    said |= _unread_date(said, unit.description)
    state = (Written(unit.state.value),) if unit.state.value else ()
    return {key: values for key, values in {**said, "state": state}.items() if values}


def _unread_date(said: Mapping[str, tuple[Written, ...]], description: Description) -> dict[str, tuple[Written, ...]]:
    """Return a date that nobody could read in its own place, as it is written, where every reader of EAD looks for it."""
    text = kept_as_written(description).get("date", "")
    if not text or said["date"]:
        return {}
    beside = tuple(
        one for one in said["other"] if one.text != text or as_written("日期") not in one.attributes.values()
    )
    return {"date": (Written(text),), "other": beside}
