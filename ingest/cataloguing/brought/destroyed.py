"""Imports and batches whose tables were destroyed since, with why: nothing of them can be added up by row any more."""

import re

from archives.journal.facts import DisposalPlanned
from archives.message import Message, message
from preservation.actions.disposal.batches import ROWS_PREFIX
from preservation.actions.overview.batches import TABLES_PREFIX
from preservation.archive import Archive

_SUBMISSION = re.compile(f"(?:{TABLES_PREFIX}|{ROWS_PREFIX})(.+)", re.IGNORECASE)


def destroyed_tables(archive: Archive) -> dict[str, Message]:
    """Return why the tables of imports and batches are gone, by their numbers, in the order in which they went."""
    tombstones = archive.reading.refresh().tombstones.values()
    gone = [(found[1], one) for one in tombstones if (found := _SUBMISSION.fullmatch(one.archival_code))]
    if not gone:
        return {}
    planned = (entry.fact for entry in archive.decisions.refresh())
    purges = {fact.plan_id for fact in planned if isinstance(fact, DisposalPlanned) and fact.purge}
    return {number: _why(number, one.plan_id, is_purge=one.plan_id in purges) for number, one in gone}


def _why(number: str, plan: str, *, is_purge: bool) -> Message:
    if is_purge:
        return message(
            "{id} 的原表已随清除销毁（计划 {plan}），不能逐行核对",
            "the tables of {id} were destroyed by a purge (plan {plan}): nothing of them can be added up by row",
            id=number,
            plan=plan,
        )
    return message(
        "{id} 的原表已销毁（计划 {plan}），不能逐行核对",
        "the tables of {id} were destroyed under the plan {plan}: nothing of them can be added up by row",
        id=number,
        plan=plan,
    )
