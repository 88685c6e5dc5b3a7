"""What was said of a unit, from first to last, as people and programs are shown it."""

from collections.abc import Sequence

from archives.message import Message, message
from archives.record.elements.differences import told_differences
from archives.record.elements.table import ELEMENTS
from archives.units.unit import Unit
from cli.commands.catalogue.story import story_of_unit, told_reason
from cli.frame.listing import Field, as_data, listing
from cli.frame.output import Result, Table
from cli.home.home import Home
from preservation.actions.units.history import rows_about, rows_taken_back, said_at_intake
from preservation.catalogue.levels.wanted import Listed

_HISTORY: tuple[Field[tuple[Unit, Message]], ...] = (
    Field("revision", message("修订", "revision"), lambda one: one[0].revision, lambda one: one[0].revision or "—"),
    Field("at", message("时间", "at"), lambda one: one[0].at),
    Field("person", message("何人", "by"), lambda one: one[0].person),
    Field("reason", message("理由", "why"), lambda one: one[0].reason, lambda one: told_reason(one[0].reason)),
    Field("source", message("出处", "from"), lambda one: one[0].source),
    Field("what", message("改动", "what changed"), lambda one: one[1]),
)


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
