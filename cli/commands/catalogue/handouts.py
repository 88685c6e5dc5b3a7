"""Commands that give the catalogue away: as a sheet that comes back in, as EAD3, as printed forms."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, NotFoundError, ToolMissingError, UsageProblem
from archives.exchange.ead3 import REPOSITORY, EadHead, EadUnit
from archives.findings import Finding
from archives.message import Language, message
from archives.record.elements.kinds import Written
from archives.record.elements.table import ELEMENTS
from archives.units.unit import Level, Unit
from cli.commands.catalogue.units import unit_named
from cli.commands.record.rendering import finding_lines
from cli.commands.shared import LOOKS, InRepository
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from preservation.actions.describe import named_repository
from preservation.actions.units.tree import tree_of
from preservation.catalogue.units import Listed, Wanted
from preservation.handouts.catalogue_sheet import catalogue_columns, cells_of, keys_with_values, write_catalogue
from preservation.handouts.form import Form, built_in_forms, read_forms
from preservation.stores.files import require_place, write_streamed, write_whole

Fonds = Annotated[str | None, Option(message("全宗号", "number of the fonds"))]
_SHEETS = (".xlsx", ".csv")
_FORM_LEVELS = {
    "volume-list": (Level.FILE,),
    "archived-items": (Level.ITEM,),
    "volumes-and-contents": (Level.FILE, Level.ITEM),
}
"""Which units a form lists; any other form lists whatever stands below what it is about."""


@command(example="jinkui catalogue export J019.xlsx --fonds J019", exits=(*LOOKS, FINDINGS))
def export(
    call: Call,
    *,
    file: Annotated[
        Path, Argument(message("写入 .xlsx、.csv 或 .xml（EAD3）", "written to: .xlsx, .csv or .xml (EAD3)"))
    ],
    fonds: Fonds = None,
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
    wanted = Wanted(repository=place.value, fonds=fonds or "", code=code or "")
    count = home.catalogue.units.number(wanted)
    found = (
        _sheet(home, wanted, file, call.output.language) if ending in _SHEETS else _ead(home, wanted, file, place.value)
    )
    said = message("已写入 {n} 条：{file}", "{n} units written to {file}", n=count, file=str(file))
    lines = (said, *finding_lines(found))
    return Result(
        {"file": str(file), "units": count, "findings": found}, lines=lines, exit_code=FINDINGS.code if found else 0
    )


@command(
    example="jinkui print volume-contents 卷内目录.pdf --below J019-2-0015",
    exits=(*LOOKS, ToolMissingError, FormatError, FINDINGS),
)
def print_forms(
    call: Call,
    *,
    form: Annotated[
        str, Argument(message("表格名称，如 volume-list、volume-contents", "name of a form, as volume-list"))
    ],
    file: Annotated[Path, Argument(message("写入 .pdf 或 .xlsx", "written to: .pdf or .xlsx"))],
    fonds: Fonds = None,
    below: Annotated[
        str | None, Option(message("案卷等的档号：只列其所辖的", "code of a volume: what stands below it"))
    ] = None,
    year: Annotated[int | None, Option(message("年度", "year"))] = None,
    forms: Annotated[Path | None, Option(message("自定的表格（TOML）", "forms of one's own (TOML)"))] = None,
    repository: InRepository = None,
) -> Result:
    """Print a form of the catalogue: lists of volumes, of their items, of what was filed by year, notes, covers."""
    if file.suffix.lower() not in (".pdf", ".xlsx"):
        raise UsageProblem(
            message("文件须以 .pdf 或 .xlsx 结尾", "the file's name ends in .pdf or .xlsx"), subject=str(file)
        )
    require_place(file)
    known = {**built_in_forms(), **(read_forms(forms.read_text("utf-8")) if forms else {})}
    if form not in known:
        raise NotFoundError(
            message("没有表格 {name}", "there is no form {name}", name=form),
            subject=form,
            advice=message("可用：{all}", "there are: {all}", all=", ".join(sorted(known))),
        )
    home = home_of(call)
    place = named_repository(home.archive, repository)
    about = unit_named(home, below, place.value).unit if below else None
    wanted = Wanted(
        repository=place.value,
        fonds=fonds or "",
        parent=about.unit_id if about else "",
        levels=_FORM_LEVELS.get(form, ()),
    )
    rows = [
        _row(home, one.unit) for one in home.catalogue.units.all(wanted) if year in (None, one.unit.description.year)
    ]
    head = {**_said_by_all(rows), **_head(home, place.value, fonds, about, year)}
    found = _print(known[form], head, rows, file, call.output.language, home)
    said = message("已写入 {n} 行：{file}", "{n} rows written to {file}", n=len(rows), file=str(file))
    lines = (said, *finding_lines(found))
    return Result(
        {"file": str(file), "rows": len(rows), "findings": found}, lines=lines, exit_code=FINDINGS.code if found else 0
    )


def _print(
    form: Form, head: dict[str, str], rows: list[dict[str, str]], file: Path, language: Language, home: Home
) -> tuple[Finding, ...]:
    if file.suffix.lower() == ".xlsx":
        from preservation.handouts.form_workbook import form_workbook

        write_whole(file, form_workbook(form, head, rows, language=language))
        return ()
    from preservation.handouts.printed_form import print_form

    printed = print_form(form, head, rows, language=language, printed_at=home.archive.world.now())
    write_whole(file, printed.data)
    return printed.findings


def _sheet(home: Home, wanted: Wanted, file: Path, language: Language) -> tuple[Finding, ...]:
    columns = catalogue_columns(keys_with_values(_cells(home, wanted)), language)
    return write_catalogue(file, columns, _cells(home, wanted))


def _cells(home: Home, wanted: Wanted) -> Iterator[dict[str, str]]:
    """Yield what every unit says, with the code of what is above it."""
    for one, above, is_plain in _with_above(home, wanted):
        unit = one.unit
        facts = {
            "unit_id": unit.unit_id,
            "revision": str(unit.revision) if unit.revision else "",
            "level": unit.level.value,
            "parent_code": above.description.code.written if above else "",
            "parent_id": unit.parent if unit.parent and not is_plain else "",
            "state": unit.state.value,
        }
        yield {**facts, **cells_of(unit.description)}


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
    for depth, unit in tree_of(home.catalogue.units, wanted):
        yield depth + 1, EadUnit(unit.level.value, unit.unit_id, _written(unit))


def _written(unit: Unit) -> dict[str, tuple[Written, ...]]:
    said = {
        element.key: tuple(one for one in element.written(unit.description) if one.text or one.attributes)
        for element in ELEMENTS
    }
    state = (Written(unit.state.value),) if unit.state.value else ()
    return {key: values for key, values in {**said, "state": state}.items() if values}


def _head(home: Home, repository: str, fonds: str | None, about: Unit | None, year: int | None) -> dict[str, str]:
    place = next(one for one in home.catalogue.repositories() if one.code.value == repository)
    number = fonds or (about.description.code.fonds if about else "")
    described = home.fonds(repository, number) if number else None
    head = {"repository": place.name, "fonds": number, "fonds_name": described.name if described else ""}
    if year:
        head["year"] = str(year)
    if about:
        parts = about.description.code.key.split("-")
        head |= {key: text for key, text in _row(home, about).items() if text}
        head |= {"volume": parts[-1], "catalogue": parts[1] if len(parts) > 2 else ""}
    return {key: text for key, text in head.items() if text}


def _said_by_all(rows: list[dict[str, str]]) -> dict[str, str]:
    """Return what the rows of the highest level in a list say alike, which is said once above them."""
    levels = [level.value for level in Level]
    highest = min((row["level"] for row in rows), key=levels.index, default="")
    said = [row for row in rows if row["level"] == highest]
    first = said[0] if said else {}
    return {key: text for key, text in first.items() if key in _ABOVE and all(row.get(key) == text for row in said)}


_ABOVE = ("catalogue", "retention", "year")


def _row(home: Home, unit: Unit) -> dict[str, str]:
    """Return what a form may say of a unit: dates and pages as they are written, of a volume how many items it has."""
    said = unit.description
    row = {element.key: element.text(said) for element in ELEMENTS if element.kind.parse}
    row["date"] = said.formed.written if said.formed else ""
    row["level"] = unit.level.value
    if unit.level is Level.FILE:
        parts = said.code.key.split("-")
        row |= {"volume": parts[-1], "catalogue": parts[1] if len(parts) > 2 else ""}
        below = Wanted(repository=unit.repository, parent=unit.unit_id, levels=(Level.ITEM,))
        row["items"] = str(sum(home.catalogue.units.counts(below).values()) or dict(said.other).get("件数", ""))
    return {key: text for key, text in row.items() if text}
