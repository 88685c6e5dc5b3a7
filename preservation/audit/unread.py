"""What audits could not read and nobody read since: no damage, so that no journal tells of it, and yet a matter for a person."""

from collections.abc import Collection, Iterable

from preservation.audit.audit import AuditResult
from preservation.audit.verdicts import FileVerdict, Mending
from preservation.working_state import WorkingState


def remember_unread(state: WorkingState, result: AuditResult) -> None:
    """Remember what an audit could not read, which is no damage and in no journal; what it read is forgotten."""
    judged = {(one.store, "") for one in result.readings}
    judged |= {(store, package_id) for store, package_id in result.good_copies}
    judged |= {(one.store, one.package_id or "") for one in result.problems}
    found = {(one.store, one.package_id or "", one.file) for one in result.problems if is_unread(one)}
    with state.transaction() as connection:
        if (
            result.plan.selection.name == "all" and not result.not_reached
        ):  # what was disposed of is among nothing judged
            connection.executemany("DELETE FROM unread WHERE store = ?", [(one.store,) for one in result.readings])
        connection.executemany("DELETE FROM unread WHERE store = ? AND package_id = ?", sorted(judged))
        connection.executemany("INSERT INTO unread VALUES (?, ?, ?)", sorted(found))


def is_unread(found: FileVerdict) -> bool:
    """Say whether a place could not be read, so that nobody knows whether it is whole."""
    return found.verdict.mending is Mending.REPLACE_IF_KNOWN


def forget_unread(state: WorkingState, files: Iterable[tuple[str, str]]) -> None:
    """Forget files, each with its store, that were mended since."""
    with state.transaction() as connection:
        connection.executemany("DELETE FROM unread WHERE store = ? AND file = ?", sorted(files))


def unread_places(state: WorkingState, stores: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return what audits could not read in some stores and nobody read since: the store and the path, each once."""
    rows = state.read("SELECT DISTINCT store, file FROM unread ORDER BY store, file")
    return tuple((str(store), str(file)) for store, file in rows if store in stores)
