"""What several commands show alike: findings, a record that is named by its code."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from archives.advice import advice_on
from archives.findings import Finding
from archives.journal.chain import Entry
from archives.message import Message, message
from archives.record.elements.table import ELEMENTS
from archives.record.holding import Holding
from archives.record.record import Event, Record, RepresentationName
from archives.record.rights import term as term
from cli.commands.shared import SEVERITIES
from cli.frame.listing import Field, listing, moment
from cli.frame.output import Table
from cli.home.home import Home
from preservation.catalogue.catalogue import CopyState
from preservation.catalogue.naming import named_record

LABELS = {
    "repository_name": message("馆（室）", "repository"),
    "fonds_name": message("全宗", "fonds"),
    **{element.key: element.label for element in ELEMENTS},
    "openness": message("开放状态", "openness"),
}
EVENTS = {
    "ingestion": message("接收", "ingestion"),
    "message digest calculation": message("计算摘要", "message digest calculation"),
    "format identification": message("格式识别", "format identification"),
    "unpacking": message("取出附件", "attachments taken out"),
    "transcription": message("文字识别或提取", "transcription"),
    "creation": message("生成利用件", "creation"),
    "information package creation": message("封装", "information package creation"),
    "modification": message("更改", "modification"),
}

EVENT_FIELDS: tuple[Field[Event], ...] = (
    Field("type", message("类型", "type"), lambda one: one.type, lambda one: EVENTS.get(one.type, one.type)),
    moment("at", message("时间", "at"), lambda one: one.at),
    Field("agent", message("执行者", "agent"), lambda one: one.agent),
    Field("outcome", None, lambda one: one.outcome.value),
    Field("detail", None, lambda one: one.detail),
)
NOT_YET = message("搬动后尚未", "not yet since it moved")
"""What people read of a copy that was not read since its store was moved or set back."""
COPY_FIELDS: tuple[Field[CopyState], ...] = (
    Field("store", message("存储", "store"), lambda one: one.store),
    moment("verified_at", message("最近核实", "verified at"), lambda one: one.verified_at, none=NOT_YET),
)
ENTRY_FIELDS: tuple[Field[Entry], ...] = (
    Field("sequence", message("序号", "entry"), lambda entry: entry.sequence),
    moment("at", message("时间", "at"), lambda entry: entry.at),
    Field("agent", message("执行者", "agent"), lambda entry: entry.agent),
    Field("type", None, lambda entry: entry.fact.type),
    Field("what", message("事项", "what"), lambda entry: entry.fact.said()),
)

TEXTS = {
    "recognised": message("识别", "recognised"),
    "own": message("自带", "its own"),
    "both": message("自带，部分页识别", "its own, some pages recognised"),
}
"""How the text of a file came about."""

_FINDINGS: tuple[Field[tuple[str, Finding]], ...] = (
    Field("", message("对象", "about"), lambda one: one[0]),
    Field("", message("程度", "severity"), lambda one: SEVERITIES[one[1].severity]),
    Field("", message("代码", "code"), lambda one: one[1].code),
    Field("", message("文件", "file"), lambda one: one[1].file or ""),
    Field("", message("行", "row"), lambda one: one[1].row or ""),
    Field("", message("单元格", "cell"), lambda one: one[1].cell or ""),
    Field("", message("发现", "finding"), lambda one: one[1].message),
    Field("", message("办法", "what to do"), lambda one: advice_on(one[1])),
)


def finding_lines(findings: Sequence[Finding]) -> tuple[Message, ...]:
    """Return a sentence a finding, with its place."""
    return tuple(
        message("{place}{said}", "{place}{said}", place=_place(found), said=found.message) for found in findings
    )


def settled_lines(number: int) -> tuple[Message, ...]:
    """Return a sentence about findings that were settled with what was done, none where there were none."""
    said = message(
        "随之了结 {n} 个问题（jinkui findings list --settled）",
        "{n} {n:finding|findings} {n:is|are} settled with it (jinkui findings list --settled)",
        n=number,
    )
    return (said,) if number else ()


def finding_table(findings: Sequence[tuple[str, Finding]]) -> Table:
    """Return findings as a table, each with what it is about."""
    return listing(message("发现的问题", "findings"), _FINDINGS, findings)[0]


BYTES = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
"""Units of size, the smallest first."""


def size_text(size_bytes: int) -> str:
    """Return a size as people read it, in the largest unit of which there is one, to three digits."""
    unit = next((unit for unit in reversed(BYTES) if size_bytes >= BYTES[unit]), None)
    if unit is None:
        return f"{size_bytes} B"
    number = size_bytes / BYTES[unit]
    return f"{number:.0f} {unit}" if number >= 100 else f"{number:.3g} {unit}"


def duration_text(seconds: float) -> Message:
    """Return how long something takes, in hours and minutes, minutes, or seconds."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return message("{h} 小时 {m} 分", "{h} h {m} min", h=hours, m=minutes)
    if seconds >= 120:
        return message("{m} 分", "{m} min", m=minutes)
    return message("{s} 秒", "{s} s", s=round(seconds))


@dataclass(frozen=True, slots=True)
class TextOrigin:
    """How the text of an original came about: a word of ``TEXTS``, and of how many pages it is."""

    path: PurePosixPath
    how: str
    pages: int


def text_origins(record: Record, pages: Collection[int] | None = None) -> tuple[TextOrigin, ...]:
    """Return how the text of originals came about; of files without text there is nothing to say.

    ``pages`` are those asked about, all of them for None.
    """
    made = (file for one in record.representations if one.name is RepresentationName.TEXT for file in one.files)
    asked = (file for file in made if pages is None or file.page in pages)
    texts = [file for file in asked if file.digests.size_bytes > len("\n")]
    recognised = {(source, file.page) for file in texts if file.path.suffix == ".xml" for source in file.derived_from}
    every = {(source, file.page) for file in texts for source in file.derived_from}
    answer = []
    for source in sorted({source for source, _ in every}, key=lambda path: min(p or 0 for s, p in every if s == path)):
        found = {page for path, page in every if path == source}
        read = {page for path, page in recognised if path == source}
        answer.append(TextOrigin(source, "own" if not read else "both" if found - read else "recognised", len(found)))
    return tuple(answer)


def the_record(home: Home, code: str, repository: str | None) -> Holding:
    """Return the record that ``CODE`` or ``REPOSITORY:CODE`` names."""
    return named_record(home.catalogue, code, repository)


def _place(found: Finding) -> str:
    parts = [found.file, f"#{found.row}" if found.row else None, found.cell]
    place = " ".join(part for part in parts if part)
    return f"{place}: " if place else ""


def passed_over(blank: int) -> list[Message]:
    """Return that rows of a sheet of decisions are not filled in, nothing where all are."""
    said = message("{n} 行尚未填写，略过", "{n} {n:row is|rows are} not filled in yet, passed over", n=blank)
    return [said] if blank else []


def to_update(number: int) -> Message:
    """Return what to do about records that differ from what is stored and were left alone."""
    return message(
        "{n} 件与已保存的不同，没有更改：确需更改的，加 --update 再运行一次；不该更改的，改回目录表和文件后重新接收",
        "{n} {n:record|records} {n:differs|differ} from what is stored and {n:was|were} left alone: where it is meant to change, run it "
        "again with --update; else put sheet and files back and take the batch in again",
        n=number,
    )
