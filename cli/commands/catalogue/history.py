"""What was said of a unit, from first to last, as people and programs are shown it."""

from archives.message import Message, message
from archives.record.elements.differences import told_differences
from archives.record.elements.table import ELEMENTS
from archives.units.unit import Unit
from cli.frame.listing import Field, listing
from cli.frame.output import Result, Table
from cli.home.home import Home
from preservation.actions.units.history import rows_about
from preservation.catalogue.levels.wanted import Listed

_OURS = {
    "ingest": message("随批次接收的表所写", "said by the sheet of a batch that was taken in"),
    "update": message("随更新批次的表所写", "said by the sheet of a batch that updated it"),
}
"""What rows that nobody gave a reason for say in its place."""
_HISTORY: tuple[Field[tuple[Unit, Message]], ...] = (
    Field("revision", message("修订", "revision"), lambda one: one[0].revision),
    Field("at", message("时间", "at"), lambda one: one[0].at),
    Field("person", message("何人", "by"), lambda one: one[0].person),
    Field(
        "reason", message("理由", "why"), lambda one: one[0].reason, lambda one: _OURS.get(one[0].reason, one[0].reason)
    ),
    Field("source", message("出处", "from"), lambda one: one[0].source),
    Field("what", message("改动", "what changed"), lambda one: one[1]),
)


def history_of(home: Home, unit_id: str) -> tuple[tuple[Table, ...], list[dict[str, object]]]:
    """Return what was said of a unit, row by row, as a table (none where there is no row) and as JSON."""
    told: list[tuple[Unit, Message]] = []
    before: Unit | None = None
    for row in rows_about(home.archive, unit_id):
        told.append((row, _changed(before, row)))
        before = row
    table, data = listing(message("著录的修订", "what was said of it"), _HISTORY, told)
    return ((table,) if told else ()), data


def unit_explained(home: Home, listed: Listed) -> Result:
    """Return what was said of a unit without content, from first to last."""
    unit = listed.unit
    history, told = history_of(home, unit.unit_id)
    data = {"archival_code": unit.description.code.written, "unit_id": unit.unit_id, "descriptions": told}
    return Result(data, history)


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
