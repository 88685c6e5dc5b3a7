"""The state that a row of corrections writes: what has files is digitised, and some states nobody may write."""

from archives.findings import Finding, note, warning
from archives.message import message
from archives.units.state import State
from ingest.sheets.table import Sheet, SheetRow
from preservation.catalogue.levels.wanted import Listed

STATE = "state"
"""The field of a sheet in which the state stands."""


def state_of(sheet: Sheet, row: SheetRow, found: list[Finding], was: State, listed: Listed) -> State | None:
    """Return the state that a row writes, None for none or one that changes nothing; what is not taken over is ``found``."""
    text = row.text(STATE) if STATE in sheet.fields else ""
    if not text:
        return None
    state = State.named(text)
    if state in (was, listed.unit.state):
        return None
    if state is State.NOT_DIGITISED and listed.has_content:
        said = message(
            "已有文件，状态不改为“{text}”", "it has files, and its state does not become “{text}”", text=text
        )
        found.append(note("state-of-files", said, file=sheet.name, row=row.number, cell=row.cell_name(STATE)))
        return None
    if state in (None, State.DESTROYED, State.TAKEN_BACK, State.PURGED):
        said = message(
            "“{text}”不是可以填写的状态，未改", "“{text}” is no state that one may write; unchanged", text=text
        )
        found.append(warning("state-unknown", said, file=sheet.name, row=row.number, cell=row.cell_name(STATE)))
        return None
    return state
