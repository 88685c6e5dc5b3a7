"""What happened to a unit, in one order: what the journal has of it, and what its rows say, which came in packages of rows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archives.journal.chain import Entry
from archives.journal.concern import the_package
from archives.journal.facts import PackageStored
from archives.message import Message, message
from archives.units.state import State
from archives.units.unit import Unit
from cli.frame.listing import Field, listing, moment
from cli.frame.output import Table
from cli.home.home import Home
from preservation.actions.units.history import rows_about
from preservation.archive import Archive

_OURS = {
    "ingest": message("随批次接收的表所写", "said by the sheet of a batch that was taken in"),
    "update": message("随更新批次的表所写", "said by the sheet of a batch that updated it"),
}
"""What rows that nobody gave a reason for say in its place."""
_IN_BOTH = re.compile(r"(?P<zh>.*按计划 .*[除毁]) (?P<en>(?:removed|destroyed) on .* under the plan .*)")
"""What rows say of which the content left: in both languages, for whoever reads the packages alone."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a unit, with the journal's entry that holds it or anchors the row that says it."""

    sequence: int
    at: datetime
    agent: str
    type: str
    what: Message


_FIELDS: tuple[Field[Happened], ...] = (
    Field("sequence", message("序号", "entry"), lambda one: one.sequence),
    moment("at", message("时间", "at"), lambda one: one.at),
    Field("agent", message("执行者", "agent"), lambda one: one.agent),
    Field("type", None, lambda one: one.type),
    Field("what", message("事项", "what"), lambda one: one.what),
)


def story_told(home: Home, unit_id: str, entries: Iterable[Entry]) -> tuple[tuple[Table, ...], list[dict[str, object]]]:
    """Return what happened to a unit as a table, none where nothing did, and as JSON."""
    own = (Happened(one.sequence, one.at, one.agent, one.fact.type, one.fact.said()) for one in entries)
    every = sorted((*own, *_by_rows(home.archive, unit_id)), key=lambda one: one.sequence)
    table, told = listing(message("经过", "what happened"), _FIELDS, every)
    return ((table,) if every else ()), told


def story_of_unit(home: Home, unit_id: str) -> tuple[tuple[Table, ...], list[dict[str, object]]]:
    """Return as ``story_told`` does what happened to a unit that holds nothing, or is here no more."""
    return story_told(home, unit_id, home.archive.reading.entries_about(the_package(unit_id)))


def told_reason(reason: str) -> str | Message:
    """Return why something was said, in the reader's language where it is a sentence of ours."""
    if ours := _OURS.get(reason):
        return ours
    if both := _IN_BOTH.fullmatch(reason):
        return message("{zh}", "{en}", zh=both["zh"], en=both["en"])
    return reason


def _by_rows(archive: Archive, unit_id: str) -> Iterator[Happened]:
    packages = archive.catalogue.units.packages.packages_of(unit_id)
    before: Unit | None = None
    for row, (_, package_id) in zip(rows_about(archive, unit_id), packages, strict=True):
        for entry in archive.reading.entries_about(the_package(package_id)):
            if isinstance(entry.fact, PackageStored) and entry.fact.package_id == package_id:
                kind = _kind(before, row)
                yield Happened(entry.sequence, entry.at, entry.agent, kind, _said(kind, row))
                break
        before = row


def _kind(before: Unit | None, row: Unit) -> str:
    if row.state is State.TAKEN_BACK:
        return "unit-taken-back"
    if before is None:
        return "unit-imported" if row.import_id else "unit-described"
    return "unit-imported-again" if before.state is State.TAKEN_BACK and row.import_id else "unit-described"


def _said(kind: str, row: Unit) -> Message:
    by, why = row.person or "—", told_reason(row.reason) if row.reason else "—"
    number, source = row.import_id, row.source or "—"
    match kind:
        case "unit-imported":
            return message(
                "由导入 {id} 著录（{source}）", "described by the import {id} ({source})", id=number, source=source
            )
        case "unit-imported-again":
            return message(
                "由导入 {id} 再次著录（{source}）",
                "described again by the import {id} ({source})",
                id=number,
                source=source,
            )
        case "unit-taken-back":
            return message("{by} 撤销了著录：{why}", "taken back by {by}: {why}", by=by, why=why)
        case _:
            return message("{by} 著录：{why}", "described by {by}: {why}", by=by, why=why)
