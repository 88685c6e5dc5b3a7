"""What happened to a unit and what was said of it, from first to last, as people and programs are shown it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from archives.journal.chain import Entry
from archives.journal.concern import the_package
from archives.journal.facts import PackageStored
from archives.message import Message, message
from archives.record.elements.differences import told_differences
from archives.record.elements.table import ELEMENTS
from archives.units.state import State
from archives.units.unit import Unit
from cli.frame.listing import Field, as_data, listing, moment
from cli.frame.output import Result, Table
from cli.home.home import Home
from preservation.actions.units.history import rows_about, rows_taken_back, said_at_intake
from preservation.archive import Archive
from preservation.catalogue.levels.wanted import Listed

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


_HISTORY: tuple[Field[tuple[Unit, Message]], ...] = (
    Field("revision", message("修订", "revision"), lambda one: one[0].revision, lambda one: one[0].revision or "—"),
    Field("at", message("时间", "at"), lambda one: one[0].at),
    Field("person", message("何人", "by"), lambda one: one[0].person),
    Field("reason", message("理由", "why"), lambda one: one[0].reason, lambda one: told_reason(one[0].reason)),
    Field("source", message("出处", "from"), lambda one: one[0].source),
    Field("what", message("改动", "what changed"), lambda one: one[1]),
)
_STORY: tuple[Field[Happened], ...] = (
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
    table, told = listing(message("经过", "what happened"), _STORY, every)
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


def history_of(home: Home, unit_id: str) -> tuple[tuple[Table, ...], list[dict[str, object]]]:
    """Return what was said of a unit, row by row, as a table (none where there is no row) and as JSON.

    The table has before the first row what its package said when it came.
    """
    return _told(home, tuple(rows_about(home.archive, unit_id)))


def _told(home: Home, rows: Sequence[Unit]) -> tuple[tuple[Table, ...], list[dict[str, object]]]:
    said = [*(said_at_intake(home.archive, rows[0]) if rows else ()), *rows]
    told = [(row, _changed(before, row)) for before, row in zip((None, *said), said, strict=False)]
    table, _ = listing(message("著录的修订", "what was said of it"), _HISTORY, told)
    return ((table,) if told else ()), [as_data(_HISTORY, one) for one in told if one[0].revision]


def taken_back_explained(home: Home, code: str, repository: str | None) -> Result | None:
    """Return what was said of units that were taken back and had a code; None where there is none."""
    units = [rows for rows in rows_taken_back(home.archive, code, repository) if rows]
    if not units:
        return None
    shown = [_told(home, rows) for rows in units]
    stories = [story_of_unit(home, rows[0].unit_id) for rows in units]
    data = {
        "archival_code": code,
        "is_here": False,
        "entries": [entry for _, entries in stories for entry in entries],
        "descriptions": [row for _, rows in shown for row in rows],
    }
    told = zip(stories, shown, strict=True)
    tables = tuple(one for (story, _), (history, _) in told for one in (*story, *history))
    return Result(data, tables, tuple(map(_taken_back, units)))


def taken_back_before(home: Home, repository: str, code: str) -> tuple[Message, ...]:
    """Return what is said of units that were taken back and had the code of one that is here now."""
    units = [rows for rows in rows_taken_back(home.archive, code, repository) if rows]
    return tuple(message("此前：{said}", "before that: {said}", said=_taken_back(rows)) for rows in units)


def _taken_back(rows: Sequence[Unit]) -> Message:
    first, last = rows[0], rows[-1]
    return message(
        "{code} 已不在目录中：{who} 于 {at} 著录（导入号 {id}），{by} 于 {gone} 撤销：{why}",
        "{code} is in the catalogue no more: described by {who} at {at} (import {id}), taken back by {by} at {gone}: {why}",
        code=last.description.code.written,
        who=first.person or "—",
        at=first.at[:16],
        id=first.import_id or "—",
        by=last.person or "—",
        gone=last.at[:16],
        why=told_reason(last.reason) if last.reason else "—",
    )


def unit_explained(home: Home, listed: Listed) -> Result:
    """Return what was said of a unit without content, from first to last."""
    unit = listed.unit
    history, told = history_of(home, unit.unit_id)
    story, entries = story_of_unit(home, unit.unit_id)
    code = unit.description.code.written
    data = {"archival_code": code, "unit_id": unit.unit_id, "entries": entries, "descriptions": told}
    return Result(data, (*story, *history))


def _changed(before: Unit | None, after: Unit) -> Message:
    if before is None:
        return message("初次著录", "first described")
    said = [
        message("{name}：{old} → {new}", "{name}: {old} → {new}", name=name, old=theirs or "—", new=ours or "—")
        for element in ELEMENTS
        if element.of(after.description) != element.of(before.description)
        for name, ours, theirs in told_differences(element, after.description, before.description)
    ]
    if after.state is not before.state:
        states = (before.state.label, after.state.label)
        said.append(message("状态：{old} → {new}", "state: {old} → {new}", old=states[0], new=states[1]))
    return joined(said)


def joined(said: list[Message]) -> Message:
    """Return sentences as one, divided by semicolons."""
    if not said:
        return message("—", "—")
    whole = said[0]
    for one in said[1:]:
        whole = message("{one}；{other}", "{one}; {other}", one=whole, other=one)
    return whole


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
