"""The command that prints forms of the catalogue: lists of volumes and items, notes, covers, spines, lists of fonds."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from archives.errors import ConflictError, FormatError, NotFoundError, ToolMissingError, UsageProblem
from archives.findings import Finding
from archives.message import Language, Message, message
from archives.record.elements.table import ELEMENTS
from archives.record.fonds_names import parse_names, span_of
from archives.units.by_rule import fonds_by_rule
from archives.units.filed import Filing, filing_of
from archives.units.unit import Level, Unit
from cli.commands.catalogue.handouts import Fonds
from cli.commands.catalogue.units import unit_named
from cli.commands.record.rendering import finding_lines
from cli.commands.shared import LOOKS, InRepository
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from preservation.actions.describe import named_repository
from preservation.actions.units.tree import tree_of
from preservation.catalogue.levels.wanted import Wanted, directly_below
from preservation.handouts.form import Filled, Form, built_in_forms, read_forms
from preservation.handouts.form_row import form_row, placed_in
from preservation.stores.files import require_place, write_whole


@command(
    example="jinkui print volume-contents 卷内目录.pdf --below J019-2-0015",
    exits=(*LOOKS, ConflictError, ToolMissingError, FormatError, FINDINGS),
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
        str | None,
        Option(
            message("目录、案卷等的档号：只列它和它所辖的", "code of a series or volume: it and what stands below it")
        ),
    ] = None,
    year: Annotated[int | None, Option(message("年度", "year"))] = None,
    forms: Annotated[Path | None, Option(message("自定的表格（TOML）", "forms of one's own (TOML)"))] = None,
    repository: InRepository = None,
) -> Result:
    """Print forms of the catalogue: lists of volumes, of their items, of what was filed by year, notes, covers, spines.

    One file has all of them, each beginning a page: one for every volume, box, or year and retention.
    """
    if file.suffix.lower() not in (".pdf", ".xlsx"):
        raise UsageProblem(
            message("文件须以 .pdf 或 .xlsx 结尾", "the file's name ends in .pdf or .xlsx"), subject=str(file)
        )
    require_place(file)
    known = {**built_in_forms(), **(read_forms(forms.read_text("utf-8")) if forms else {})}
    made = {name: one.made_by for name, one in built_in_forms().items() if one.made_by}
    if form in made:
        raise _made_otherwise(form, made[form])
    if form not in known:
        raise NotFoundError(
            message("没有表格 {name}", "there is no form {name}", name=form),
            subject=form,
            advice=message("可用：{all}", "there are: {all}", all=", ".join(sorted(known.keys() - made))),
        )
    home = home_of(call)
    place = named_repository(home.archive, repository)
    about = unit_named(home, below, place.value).unit if below else None
    wanted = Wanted(repository=place.value, fonds=fonds or (about.description.code.fonds if about else ""))
    elsewhere: Counter[Filing] = Counter()
    rows = list(_rows(home, known[form], wanted, about, year, elsewhere))
    filled = _forms(known[form], {"repository": _name(home, place.value)}, rows)
    found = _print(known[form], filled, file, call.output.language, home)
    listed = sum(one.count for one in filled)
    lines = (_said(known[form], filled, len(rows) - listed, file), *_elsewhere(elsewhere), *finding_lines(found))
    data = {"file": str(file), "forms": len(filled), "rows": listed, "left_out": len(rows) - listed}
    data |= {"elsewhere": {one.value: count for one, count in elsewhere.items()}, "findings": found}
    return Result(data, lines=lines, exit_code=FINDINGS.code if found else 0)


def _made_otherwise(form: str, command: str) -> UsageProblem:
    said = message(
        "{form} 不能由目录打印：只有销毁之后才有销毁清册",
        "{form} is no form of the catalogue: there is a register of destruction only of what was destroyed",
        form=form,
    )
    advice = message("清册由 {command} 生成", "{command} makes it", command=command)
    return UsageProblem(said, subject=form, advice=advice)


@dataclass(frozen=True, slots=True)
class _Row:
    """What a form may say of a unit, and what of the unit above it; ``fonds_now`` is what its fonds is called today."""

    said: Mapping[str, str]
    above: Mapping[str, str]
    fonds_now: str = ""


@dataclass(frozen=True, slots=True)
class _Filled(Filled):
    count: int = 0


def _rows(
    home: Home, form: Form, wanted: Wanted, about: Unit | None, year: int | None, elsewhere: Counter[Filing]
) -> Iterator[_Row]:
    """Yield the units of the form's levels, in the order of their tree: all that are wanted, or one and what is below it.

    ``elsewhere`` counts those that belong on no form of its kind.
    """
    if form.levels == ("fonds",):
        yield from (_Row(row, {}) for row in _fonds_rows(home, wanted))
        return
    levels = {Level[name.upper()] for name in form.levels} or {*Level}
    path: list[tuple[Unit, dict[str, str]]] = []
    known = {one.number: one for one in home.catalogue.fonds() if one.repository.value == wanted.repository}
    for depth, listed in tree_of(home.catalogue.units, replace(wanted, unwritten=(Level.FONDS, Level.SERIES))):
        unit = listed.unit
        del path[depth:]
        said = {"fonds": fonds_by_rule(unit.description.code, unit.series), **_row(home, unit)}
        own = known.get(said["fonds"])
        said["fonds_name"] = own.on(unit.description.formed, unit.description.year).name if own else ""
        inside, volume = next(((one, row) for one, row in reversed(path) if one.level is Level.FILE), (None, {}))
        series = next((one for one, _ in reversed(path) if one.level is Level.SERIES), None)
        said["class_name"] = series.description.title if series else ""
        said = placed_in(said, unit, inside, volume)
        path.append((unit, said))
        is_asked = about is None or any(one.unit_id == about.unit_id for one, _ in path)
        is_asked = is_asked and bool(listed.digest) and unit.level in levels and year in (None, unit.description.year)
        filing = filing_of(unit, is_in_volume=inside is not None)
        if is_asked and (not form.volumes or filing is _ON[form.volumes]):
            yield _Row({key: text for key, text in said.items() if text}, volume, own.name if own else "")
        elif is_asked and filing not in _ON.values():
            elsewhere[filing] += 1


_ON: Mapping[str, Filing] = {"inside": Filing.IN_VOLUME, "outside": Filing.BY_ITEM}


def _elsewhere(counted: Counter[Filing]) -> Iterator[Message]:
    """Yield how many units are on no form of this kind, and why."""
    for filing, number in counted.items():
        said = message("未列入：{n} 条（{why}）", "on none: {n} {n:unit|units} ({why})", n=number, why=filing.label)
        yield said


def _forms(form: Form, head: Mapping[str, str], rows: Iterable[_Row]) -> list[_Filled]:
    """Return what each form is filled with; one that is empty where there is nothing to fill any."""
    alike: dict[tuple[str, ...], list[_Row]] = {}
    for row in rows:
        if not form.needs or row.said.get(form.needs):
            alike.setdefault(tuple(row.said.get(key, "") for key in form.each), []).append(row)
    return [_one(form, head, own) for own in alike.values()] or [_Filled(head)]


def _one(form: Form, head: Mapping[str, str], rows: list[_Row]) -> _Filled:
    said = [row.said for row in rows]
    above = rows[0].above if "parent" in form.each else {}
    first, last = (one.get("code", "").rpartition("-")[2] for one in (said[0], said[-1]))
    if (
        len({one.get("fonds_name") for one in said}) > 1
    ):  # a list of several times is one of the fonds as it is called now
        head = {**head, "fonds_name": rows[0].fonds_now}
    head = {**head, **_said_by_all(said), **above, "item_range": first if first == last else f"{first}～{last}"}
    return _Filled(head, said, len(said))


def _said_by_all(rows: list[Mapping[str, str]]) -> dict[str, str]:
    """Return what the rows of the highest level in a list say alike, which is said once above them."""
    levels = [level.value for level in Level]
    highest = min((row["level"] for row in rows), key=levels.index)
    said = [row for row in rows if row["level"] == highest]
    return {key: text for key, text in said[0].items() if all(row.get(key) == text for row in said)}


def _row(home: Home, unit: Unit) -> dict[str, str]:
    """Return what a form may say of a unit; of a volume also how many items it has, as it says itself where it does."""
    said, row = unit.description, form_row(unit, home.archive.world.today())
    if unit.level is Level.FILE:
        below = replace(directly_below(unit), levels=(Level.ITEM,))
        row["items"] = dict(said.other).get("件数", "") or str(sum(home.catalogue.units.counts(below).values()) or "")
    return row


def _fonds_rows(home: Home, wanted: Wanted) -> Iterator[dict[str, str]]:
    """Yield what the list of fonds says of each: names and years of now, and how much there is of it."""
    every = (one for one in home.catalogue.fonds() if one.repository.value == wanted.repository)
    for one in sorted(every, key=lambda one: one.number):
        if wanted.fonds in ("", one.number):
            row = {"level": Level.FONDS.value, "fonds": one.number, "fonds_name": one.name, "fonds_class": one.kind}
            row |= {
                "date": one.years or span_of(parse_names(one.names)),
                "relations": one.relations,
                "quantity": _quantity(home, wanted, one.number),
            }
            yield {key: text for key, text in row.items() if text}


def _quantity(home: Home, wanted: Wanted, fonds: str) -> str:
    """Return how many volumes there are, and how many items beside those in volumes."""
    units = home.catalogue.units
    counted = {
        level: sum(units.counts(Wanted(repository=wanted.repository, fonds=fonds, levels=(level,))).values())
        for level in (Level.FILE, Level.ITEM)
    }
    counted[Level.ITEM] -= units.number_in_volumes(wanted.repository, fonds)
    words = {Level.FILE: "卷", Level.ITEM: "件"}
    return " ".join(f"{number} {words[level]}" for level, number in counted.items() if number)


def _name(home: Home, repository: str) -> str:
    return next(one.name for one in home.catalogue.repositories() if one.code.value == repository)


def _print(form: Form, filled: list[_Filled], file: Path, language: Language, home: Home) -> tuple[Finding, ...]:
    if file.suffix.lower() == ".xlsx":
        from preservation.handouts.form_workbook import form_workbook

        write_whole(file, form_workbook(form, filled, language=language))
        return ()
    from preservation.handouts.printed_form import print_form

    printed = print_form(form, filled, language=language, printed_at=home.archive.world.now())
    write_whole(file, printed.data)
    return printed.findings


def _said(form: Form, filled: list[_Filled], left_out: int, file: Path) -> Message:
    listed = sum(one.count for one in filled)
    if not listed:
        said = message(
            "没有可填的，写入一张空表：{file}",
            "there is nothing to fill it with: an empty form is written to {file}",
            file=str(file),
        )
    elif form.columns:
        said = message(
            "已写入 {n} 份，共 {rows} 行：{file}",
            "forms written to {file}: {n}, rows: {rows}",
            n=len(filled),
            rows=listed,
            file=str(file),
        )
    else:
        said = message("已写入 {n} 份：{file}", "forms written to {file}: {n}", n=len(filled), file=str(file))
    if not left_out:
        return said
    what = next((one.label for one in ELEMENTS if one.key == form.needs), message("{key}", "{key}", key=form.needs))
    return message(
        "{said}；{n} 条没有“{what}”，未列入",
        "{said}; {n} {n:unit|units} without “{what}” {n:is|are} on none",
        said=said,
        n=left_out,
        what=what,
    )
