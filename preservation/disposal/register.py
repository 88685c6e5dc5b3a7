"""The register of destruction (销毁清册) of a disposal, as a sheet and as a page to be printed and signed.

It is kept with its plan in a package of its own; ``register_code`` and ``register_batch`` are what that is called.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from archives.message import Message
from archives.record.identifiers import ArchivalCode, parse_archival_code
from archives.text.harmless import spreadsheet_text
from preservation.disposal.plan import DisposalPlan
from preservation.handouts.fonts import NO_FONT, chinese_font
from preservation.handouts.form import Blank, Filled, Words, built_in_forms
from preservation.handouts.workbook import workbook
from preservation.stores.files import write_whole

if TYPE_CHECKING:
    from preservation.handouts.printed_form import Printed

REGISTER_BATCH = "disposal-"
"""How the batch begins that the package of a register names."""

_FORM = "destruction-register"


@dataclass(frozen=True, slots=True)
class Register:
    """What was destroyed and who answers for it; ``approvals`` are names with the time of their signature."""

    plan: DisposalPlan
    planner: str
    approvals: tuple[tuple[str, datetime], ...]
    supervisors: tuple[str, str]
    day: date

    @property
    def title(self) -> str:
        """What it is called: what was taken in by mistake is removed, and nothing of an archives is destroyed by that."""
        return "移除清册" if self.plan.mistake else "销毁清册"

    def heading(self) -> tuple[tuple[str, str], ...]:
        """Return what stands above the table."""
        return (
            ("计划编号", self.plan.plan_id),
            ("计划摘要（SHA-256）", self.plan.sha256),
            *(
                (("移除原因", f"误接收：{self.plan.mistake}"),)
                if self.plan.mistake
                else (("鉴定意见", self.plan.opinion),)
            ),
            ("提出人", self.planner),
            *(
                ("批准人", f"{name}（{at.astimezone().isoformat(timespec='seconds')} 签名）")
                for name, at in self.approvals
            ),
            ("监销人", "、".join(self.supervisors)),
            ("移除日期" if self.plan.mistake else "销毁日期", self.day.isoformat()),
            ("共计", f"{len(self.plan.records)} {'个信息包' if self.plan.mistake else '件'}"),
        )

    def rows(self) -> tuple[dict[str, str], ...]:
        """Return the table, a record a row, by the keys of the form's columns."""
        return tuple(
            {
                "sequence": str(number),
                "code": record.archival_code,
                "title": record.title,
                "retention": record.retention,
                "date": record.formed,
                "pages": str(record.pages or ""),
                "files": str(record.files),
                "note": f"第 {record.version} 版",
            }
            for number, record in enumerate(self.plan.records, 1)
        )


def register_code(plan: DisposalPlan) -> ArchivalCode:
    """Return the code under which a plan's register is kept."""
    return parse_archival_code(f"DISPOSAL-{plan.plan_id}")


def register_batch(plan: DisposalPlan) -> str:
    """Return the batch that the package of a plan's register names."""
    return f"{REGISTER_BATCH}{plan.plan_id}"


def write_register(register: Register, out: Path, tell: Callable[[Message], None]) -> tuple[Path, ...]:
    """Write a register into a folder, as XLSX and, where there is a Chinese font, as PDF; return the files.

    ``tell`` is told that there is no font, and which characters could not be printed.
    """
    sheet = out / f"{register.title}-{register.plan.plan_id}.xlsx"
    write_whole(sheet, register_sheet(register))
    if chinese_font() is None:
        tell(NO_FONT)
        return (sheet,)
    page = sheet.with_suffix(".pdf")
    printed = register_page(register)
    write_whole(page, printed.data)
    for finding in printed.findings:
        tell(finding.message)
    return sheet, page


def register_sheet(register: Register) -> bytes:
    """Return the register as XLSX; text that a spreadsheet would compute is quoted."""
    columns = built_in_forms()[_FORM].columns
    heading = ([name, spreadsheet_text(value)] for name, value in register.heading())
    rows = ([spreadsheet_text(row[column.key]) for column in columns] for row in register.rows())
    names = [column.heading.zh for column in columns]
    return workbook([(register.title, [[register.title], *heading, names, *rows])])


def register_page(register: Register) -> "Printed":
    """Return the register as PDF/A-2b with lines for the signatures of all who answer for it."""
    from preservation.handouts.printed_form import print_form

    heading = register.heading()
    signing = [
        *(f"批准人 {name}" for name, _ in register.approvals),
        *(f"监销人 {name}" for name in register.supervisors),
    ]
    form = replace(
        built_in_forms()[_FORM],
        title=Words(register.title, register.title),
        cover=tuple(Blank(f"cover-{number}", Words(name, name)) for number, (name, _) in enumerate(heading)),
        foot=tuple(blank for number, name in enumerate(signing) for blank in _signature(number, name)),
    )
    head = {f"cover-{number}": value for number, (_, value) in enumerate(heading)}
    day = datetime.combine(register.day, time(), UTC)
    return print_form(form, [Filled(head, register.rows())], language="zh", printed_at=day)


def _signature(number: int, name: str) -> tuple[Blank, Blank]:
    signed, day = f"{name}（签字）", "日期"
    return Blank(f"signed-{number}", Words(signed, signed)), Blank(f"day-{number}", Words(day, day))
