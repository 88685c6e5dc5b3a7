"""Holds (冻结): a record under one is not disposed of, whatever its retention period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archives.journal.chain import Entry
from archives.journal.facts import HoldLifted, HoldPlaced
from archives.record.holding import Holding
from archives.record.identifiers import archival_code_key


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold (冻结) that stands: its record may not be disposed of."""

    hold_id: str
    repository: str
    archival_code: str
    reason: str


def standing_holds(entries: Iterable[Entry]) -> Mapping[str, Hold]:
    """Return the holds that were placed and not lifted, by identifier."""
    holds: dict[str, Hold] = {}
    for entry in entries:
        match entry.fact:
            case HoldPlaced(hold_id, repository, archival_code, reason):
                holds[hold_id] = Hold(hold_id, repository, archival_code, reason)
            case HoldLifted(hold_id):
                holds.pop(hold_id, None)
    return holds


def is_held(holding: Holding, holds: Iterable[Hold], *, former_keys: Iterable[str] = ()) -> bool:
    """Return whether a hold stands on a record, under its code or a former one."""
    keys = {holding.key.code_key, *former_keys}
    return any(
        hold.repository == holding.key.repository and archival_code_key(hold.archival_code) in keys for hold in holds
    )
