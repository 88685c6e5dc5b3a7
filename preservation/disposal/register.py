"""The register of destruction (销毁清册) of a disposal, as a sheet and as a page to be printed and signed.

It is kept with its plan in a package of its own; ``register_code`` and ``register_batch`` are what that is called.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from archives.message import message
from archives.record.identifiers import ArchivalCode, parse_archival_code
from archives.text.harmless import spreadsheet_text
from preservation.disposal.plan import DisposalPlan
from preservation.handouts.workbook import workbook
from preservation.stores.files import write_whole

NO_FONT = message(
    "没有写 PDF：缺少中文字体，请安装 fonts-noto-cjk 后再运行一次",
    "no PDF was written: a Chinese font is missing; install fonts-noto-cjk and run again",
)

REGISTER_BATCH = "disposal-"
"""How the batch begins that the package of a register names."""

_HEADINGS = ("序号", "档号", "题名", "保管期限", "形成日期", "页数", "文件数", "备注")
_WIDTHS = (12, 58, 92, 24, 28, 14, 16, 33)
_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/truetype/noto/NotoSerifCJK-Regular.ttc",
)


@dataclass(frozen=True, slots=True)
class Register:
    """What was destroyed and who answers for it; ``approvals`` are names with the time of their signature."""

    plan: DisposalPlan
    planner: str
    approvals: tuple[tuple[str, datetime], ...]
    supervisors: tuple[str, str]
    day: date

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
            ("销毁日期", self.day.isoformat()),
            ("共计", f"{len(self.plan.records)} 件"),
        )

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return the table, a record a row."""
        return tuple(
            (
                str(number),
                record.archival_code,
                record.title,
                record.retention,
                record.formed,
                str(record.pages or ""),
                str(record.files),
                f"第 {record.version} 版",
            )
            for number, record in enumerate(self.plan.records, 1)
        )


def register_code(plan: DisposalPlan) -> ArchivalCode:
    """Return the code under which a plan's register is kept."""
    return parse_archival_code(f"DISPOSAL-{plan.plan_id}")


def register_batch(plan: DisposalPlan) -> str:
    """Return the batch that the package of a plan's register names."""
    return f"{REGISTER_BATCH}{plan.plan_id}"


def write_register(register: Register, out: Path) -> tuple[Path, ...]:
    """Write a register into a folder, as XLSX and, where there is a Chinese font, as PDF; return the files."""
    sheet = out / f"销毁清册-{register.plan.plan_id}.xlsx"
    write_whole(sheet, register_sheet(register))
    font = chinese_font()
    if font is None:
        return (sheet,)
    page = sheet.with_suffix(".pdf")
    write_whole(page, register_page(register, font))
    return sheet, page


def register_sheet(register: Register) -> bytes:
    """Return the register as XLSX; text that a spreadsheet would compute is quoted."""
    heading = ([name, spreadsheet_text(value)] for name, value in register.heading())
    rows = ([spreadsheet_text(cell) for cell in row] for row in register.rows())
    return workbook([("销毁清册", [["销毁清册"], *heading, list(_HEADINGS), *rows])])


def chinese_font() -> Path | None:
    """Return a font with Chinese characters that is installed, or None (Debian: ``fonts-noto-cjk``)."""
    return next((Path(font) for font in _FONTS if Path(font).is_file()), None)


def register_page(register: Register, font: Path) -> bytes:
    """Return the register as PDF/A-2b with lines for the signatures of all who answer for it."""
    from fpdf import FPDF, FontFace

    page = FPDF(orientation="landscape", format="A4", enforce_compliance="PDF/A-2B")
    page.set_title(f"销毁清册 {register.plan.plan_id}")
    page.add_font("cjk", fname=str(font))
    page.set_auto_page_break(auto=True, margin=15)
    page.add_page()
    page.set_font("cjk", size=18)
    page.cell(0, 12, "销 毁 清 册", align="C", new_x="LMARGIN", new_y="NEXT")
    page.set_font("cjk", size=9)
    for name, value in register.heading():
        page.multi_cell(0, 5.5, f"{name}：{value}", new_x="LMARGIN", new_y="NEXT")
    page.ln(2)
    plain = FontFace(emphasis=None)
    with page.table(col_widths=_WIDTHS, headings_style=plain, line_height=5.5) as table:
        for row in (_HEADINGS, *register.rows()):
            _fill(table.row(), row)
    page.ln(8)
    signing = [*(name for name, _ in register.approvals), *register.supervisors]
    roles = [*("批准人" for _ in register.approvals), "监销人", "监销人"]
    for role, name in zip(roles, signing, strict=True):
        page.cell(
            0,
            8,
            f"{role} {name}（签字）：____________________    日期：________________",
            new_x="LMARGIN",
            new_y="NEXT",
        )
    return bytes(page.output())


def _fill(row: object, cells: Sequence[str]) -> None:
    for cell in cells:
        row.cell(cell)  # type: ignore[attr-defined]  # fpdf's row has no public type
