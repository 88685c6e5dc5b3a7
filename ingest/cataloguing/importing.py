"""Tables of a catalogue imported: planned while they are read, described after that; no row is lost but what is secret.

Nothing of a table is ever wholly in memory but the codes of what has something below it: rows wait on disk. An import that was stopped goes
on where it stood, for a row makes the same unit each time.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import TypeVar

from archives.errors import FormatError
from archives.findings import Finding, error, warning
from archives.message import listed, message
from archives.record.description import Repository
from archives.record.identifiers import SEPARATORS, archival_code_key, reference_code
from archives.units.by_rule import key_by_rule
from archives.units.unit import Level
from ingest.batch.secrets import Marked
from ingest.cataloguing.already import Already, Standing, Stands
from ingest.cataloguing.brought.beside import with_volumes_beside
from ingest.cataloguing.brought.left_out import Judged, LeftOut, RowsLeftOut, judge, told_of_unknown
from ingest.cataloguing.brought.spooled import SpooledRows
from ingest.cataloguing.brought.tables import Imported
from ingest.cataloguing.former import codes_of_before
from ingest.cataloguing.parents import Above
from ingest.cataloguing.rows import Origin, facts_of, fonds_of, is_nameless, unit_of
from ingest.cataloguing.told import ToldOnce, finding_of
from ingest.dirt.dirt import Dirt
from ingest.dirt.kinds import DirtKind
from ingest.dirt.one_row import Found
from ingest.profiles.reading import ProfiledRow
from ingest.tables.gate import require_none_marked
from preservation.actions.units.describing import Change

Some = TypeVar("Some")

_AT_ONCE = 1_000
_TOLD = {Standing.DIFFERS: "unit-differs", Standing.DOUBLED: "code-taken"}
_DIGITS = 16
_MAY_HAVE_SOMETHING_BELOW = (Level.FONDS, Level.SERIES, Level.FILE, Level.GROUP)


@dataclass(slots=True)
class Tally:
    """What an import comes to: every row that was read is new, known or refused.

    Known are also those that this very import brought in before; ``going_in`` counts them with the new ones.
    """

    read: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    levels: Counter[tuple[str, Level]] = field(default_factory=Counter)
    going_in: int = 0
    with_image: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do; ``above`` are the units that may have others below them, by the key of their code.

    ``described`` are the rows that go in: all but what is described already, and those that are ``left_out``, by their
    places: where there is any, the tables with it may not be kept. ``renamed`` are the identifiers that rows got, by those
    that they state, which are of units of other repositories.
    """

    origin: Origin
    tables: tuple[Imported, ...]
    tally: Tally
    dirt: tuple[DirtKind, ...]
    findings: tuple[Finding, ...]
    above: Mapping[str, str]
    described: SpooledRows
    left_out: Mapping[str, LeftOut]
    renamed: Mapping[str, str]

    @property
    def may_keep_tables(self) -> bool:
        """Whether the tables may be kept as they came."""
        return not self.left_out

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.tally.read.total()

    def all_findings(self) -> tuple[Finding, ...]:
        """Return what was found wrong, each kind of dirt once."""
        return (*self.findings, *(finding_of(one, self.origin) for one in self.dirt))


def import_number(tables: Sequence[Imported], repository: Repository, profile_text: str) -> str:
    """Return what an import is known by: the same tables with the same memos under the same profile are the same import."""
    digest = hashlib.sha256(f"{repository.code.value}\n{profile_text}\n".encode())
    for file in sorted((file for one in tables for file in one.files), key=lambda one: one.path.name):
        digest.update(file.path.name.encode() + bytes.fromhex(file.sha256))
    return digest.hexdigest()[:_DIGITS]


def plan_import(
    tables: Sequence[Imported],
    already: Already,
    *,
    today: date,
    dirt: Dirt,
    described: SpooledRows,
    not_secret: Mapping[str, str],
) -> ImportPlan:
    """Read every row once and say what would become of it; ``not_secret`` are places that are no markings, and why.

    Rows that go in are set aside in ``described``. What has neither a code nor a title is no unit, and is refused.
    Raises ``FormatError`` for a table of which that is true of every row, and ``RefusedError`` when a row is a state secret that was not declassified, unless its profile leaves such rows out.
    """
    tables = with_volumes_beside(tables)
    tally, findings, out = Tally(), ToldOnce(), RowsLeftOut()
    above, renamed, nameless = dict[str, str](), dict[str, str](), Counter[str]()
    stops: list[Marked] = [marked for one in tables for marked in one.marked]
    for one in tables:
        for rows in _some(one.rows()):
            tally.read[one.name] += len(rows)
            judged = [judge(one, cells, row, today=today, not_secret=not_secret) for cells, row in rows]
            asked = [row for (_, row), said in zip(rows, judged, strict=True) if said.left_out is None]
            known = already.identifiers(row.code for row in asked)
            standing, read = iter(already.stands(asked, known)), list[tuple[ProfiledRow, str]]()
            for (cells, row), said in zip(rows, judged, strict=True):
                stands = next(standing) if said.left_out is None else None
                why = said.left_out or _left_out(stands, is_source_out=out.is_source_of(cells, row))
                _hear(said, why, stops, findings, one.name)
                if why is not None or stands is None:
                    out.leave(row, why or LeftOut.UNKNOWN)
                    dirt.pass_over(row)
                    continue
                if stands.standing.comes_in and not stands.is_in and is_nameless(row):
                    nameless[one.name] += 1
                    findings.take([_nameless(row)])
                    dirt.pass_over(row)
                    continue
                read.append((row, stands.unit_id))
                findings.take(_own_identifier(row, stands, renamed))
                dirt.take(row)
                _count(tally, one.name, row, stands, above)
                for found in _beside_described(stands):
                    dirt.note(row, found, beside=stands.described)
                if stands.standing.comes_in:
                    described.add(stands.unit_id, row)
            tally.refused[one.name] += len(rows) - len(read)
            findings.take(codes_of_before(read, already.origin.repository, already.units, known))
    findings.take(require_none_marked(stops, not_secret))
    for one in tables:
        if 0 < nameless[one.name] == tally.read[one.name]:
            raise _no_units(one)
    findings.take(out.told())
    of_tables = ToldOnce()
    for one in tables:
        told = one.table.without_texts if out.reasons else one.table.findings
        of_tables.take((*told, *one.profile.about(one.table.columns)))
    all_told = (*of_tables.told(), *findings.told())
    return ImportPlan(already.origin, tables, tally, dirt.told(), all_told, above, described, out.reasons, renamed)


def _hear(judged: Judged, why: LeftOut | None, stops: list[Marked], findings: ToldOnce, file: str) -> None:
    """Take over what a row says of secrecy: ``stops`` gets what stops the import, ``findings`` what is told of a row that is told at all."""
    told = told_of_unknown(judged) if why is LeftOut.UNKNOWN else judged.marked.findings
    if why in (None, LeftOut.UNKNOWN):
        findings.take(replace(found, file=file) for found in told)
    if why is not LeftOut.SECRET:
        stops += judged.places if why is None else (replace(one, said="…", code="") for one in judged.places)


def _nameless(row: ProfiledRow) -> Finding:
    said = message("既无档号也无题名，未导入", "it has neither an archival code nor a title, and was left out")
    cell = row.cells.get("title") or next(iter(row.cells.values()), f"A{row.number}")
    return error("row-nameless", said, file=row.file, row=row.number, cell=cell)


def _no_units(table: Imported) -> FormatError:
    said = message(
        "{file}：没有一行有档号或题名，不是档案目录，未导入；列名：{read}",
        "{file}: no row has an archival code or a title; it is no catalogue, and nothing was imported; its headings: {read}",
        file=table.name,
        read=listed([f"“{heading}”" for heading in table.table.columns.headings if heading]),
    )
    advice = message(
        "请核对是否为所指的表；是的，补上“档号”或“题名”列，或用 jinkui catalogue profile 起草方案，写明哪一列是档号或题名，再用 --profile 导入",
        "see whether it is the table that is meant; where it is, add a column of codes or titles, or say in a profile (jinkui catalogue profile drafts one) which of its columns that is, and import it with --profile",
    )
    return FormatError(said, subject=table.name, advice=advice)


def _own_identifier(row: ProfiledRow, stands: Stands, renamed: dict[str, str]) -> Iterator[Finding]:
    """Remember and tell that a row states the identifier of a unit of another repository, and has one of its own."""
    if stands.instead_of:
        renamed.setdefault(stands.instead_of, stands.unit_id)
        said = message(
            "所写的单元标识是另一馆（室）的著录单元，此行在本馆（室）另有标识",
            "the identifier that it states is of a unit of another repository; here the row has one of its own",
        )
        yield warning("identifier-of-another-repository", said, file=row.file, row=row.number)


def _left_out(stands: Stands | None, *, is_source_out: bool) -> LeftOut | None:
    if stands is not None and stands.standing is Standing.PURGED:
        return LeftOut.PURGED
    return LeftOut.DEPENDS if is_source_out else None


def changes_of(plan: ImportPlan, already: Already) -> Iterator[Change]:
    """Yield what is to be said of every unit that is not described yet, in the order of the tables."""
    origin, above = plan.origin, Above(plan.above)
    for some in _some(plan.described):
        codes = [above.code(row) for _, row in some]
        parents = above.units_of(codes, already.identifiers)
        named = [origin.stated_id(row, facts_of(row).get("parent_id", "")) for _, row in some]
        elsewhere = already.elsewhere({*named} - plan.renamed.keys() - {""})
        for (own, row), above_it, name in zip(some, codes, named, strict=True):
            stated = "" if name in elsewhere else plan.renamed.get(name, name)
            parent = stated or ("" if _is_told(row, above_it) else parents.get(above_it, ""))
            yield Change(unit_of(row, origin, own, parent=parent if parent != own else ""))


def _some(rows: Iterable[Some]) -> Iterator[list[Some]]:
    rest = iter(rows)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _count(tally: Tally, table: str, row: ProfiledRow, stands: Stands, above: dict[str, str]) -> None:
    level = Level(row.level)
    (tally.new if stands.standing.comes_in and not stands.is_in else tally.known)[table] += 1
    tally.going_in += stands.standing.comes_in
    tally.levels[fonds_of(row), level] += 1
    tally.with_image += bool(row.image)
    tally.characters += sum(map(len, row.values.values())) + sum(len(text) for _, text in row.rest)
    if level in _MAY_HAVE_SOMETHING_BELOW and row.code:
        above.setdefault(archival_code_key(row.code), stands.unit_id)


def _beside_described(stands: Stands) -> Iterator[Found]:
    """Yield what a row says otherwise than the unit that is described under its code, each with both."""
    kind = _TOLD.get(stands.standing)
    if kind:
        yield from (Found(kind, one.element, one.said, one.held) for one in stands.differences)


def _is_told(row: ProfiledRow, above: str) -> bool:
    """Say whether the rule of a row's code tells what stands above it: its series or the fonds, described or not."""
    if row.parent or facts_of(row).get("parent_code", ""):
        return False
    key, by_rule = archival_code_key(above), key_by_rule(reference_code(row.code), Level(row.level), row.series)
    is_begun = by_rule.startswith(key) and by_rule[len(key) :][:1] in ("", *SEPARATORS)
    return row.level == Level.FONDS or (bool(key) and is_begun)
