"""Why findings are settled where no person says it, and the one way in which that is written."""

import re
from collections.abc import Callable

from archives.journal.facts import FindingsSettled
from archives.message import Message, message
from preservation.archive import Archive
from preservation.catalogue.findings import RECORD_IS_IN, KeptFinding, Wanted

AGAIN_IN_RECORD = ("再次接收时文件已有对应的行{batch}", "taken in again: a row names the file{batch}")
AGAIN_GONE = ("再次接收时已无此问题{batch}", "taken in again: it is so no more{batch}")
TAKEN_BACK = ("所涉著录已撤销：{reason}", "what it is about was taken back: {reason}")
KNOWN_FONDS = ("再看时全宗已登记", "looked at again: the fonds is described")
CORRECTED = ("已更正：{reason}", "corrected: {reason}")
AGAIN_AGREEING = ("再次接收后与所收一致（批次 {id}）", "it is as the batch {id} has it")
AGAIN_CODE_CORRECTED = (
    "再次接收时此行的档号为 {code}，已入库（批次 {id}）",
    "taken in again: its row has the code {code} by now, and is in (batch {id})",
)
MENDED = ("第 {v} 版中已无此问题（批次 {id}）", "it is so no more in version {v} (batch {id})")
_OWN_REASONS = (
    AGAIN_IN_RECORD,
    AGAIN_GONE,
    AGAIN_AGREEING,
    AGAIN_CODE_CORRECTED,
    TAKEN_BACK,
    KNOWN_FONDS,
    CORRECTED,
    MENDED,
    RECORD_IS_IN,
)
"""What is written as the reason where no person wrote one: in Chinese, a blank, and the same in English."""


def told_reason(reason: str) -> Message:
    """Return why a finding was settled in the reader's language alone, where we wrote it; what a person wrote stays as it is."""
    for zh, en in _OWN_REASONS:
        parts = ("(?:.*)".join(map(re.escape, re.split(r"\{\w+\}", one))) for one in (zh, en))
        if found := re.fullmatch("({}) ({})".format(*parts), reason, re.DOTALL):
            return message("{zh}", "{en}", zh=found[1], en=found[2])
    return message("{why}", "{why}", why=reason)


def settle_where(
    archive: Archive,
    wanted: Wanted,
    is_settled: Callable[[KeptFinding], bool],
    reason: Message,
    settled_by: str,
) -> int:
    """Settle the chosen findings that live and of which ``is_settled`` says so; returns how many."""
    every = archive.refresh().findings.of(wanted)
    done = [one for one in every if one.settlement is None and is_settled(one)]
    by_package: dict[str, list[str]] = {}
    for one in done:
        by_package.setdefault(one.package_id, []).append(one.identifier)
    said = f"{reason.text('zh')} {reason.text('en')}"
    facts = [FindingsSettled(package_id, tuple(ids), said, settled_by) for package_id, ids in by_package.items()]
    if facts:
        archive.vault.ledger.append(facts)
        archive.refresh()
    return len(done)
