"""What is doubtful about a cell, whatever it stands for: a value that is not there, or is not what was once typed."""

import re
from collections.abc import Collection, Iterator
from datetime import date

from archives.findings import Finding, note, warning
from archives.message import Message, message
from archives.record.dates.record_date import RecordDate
from archives.text.harmless import UNWRITABLE
from formats.spreadsheet.cells import How
from ingest.sheets.layout import is_ditto
from ingest.sheets.table import SheetCell, SheetRow

DATE_DOUBTS = ("date-in-future", "date-far-from-code")
"""What can be found about a date that was read."""
_YEARS_BESIDE = 1
"""By how much the year in an archival code may differ from that of the date: it is the year in which the matter was ended."""
NO_TEXT = (How.NO_VALUE, How.ERROR)
"""How a cell came about that says nothing a person could mean."""
UNREAD_ROW = "行有误，更正前不开放"
"""The name under which stands that a row could not be used, and only its code and title are known."""

_SAID = {
    How.NO_VALUE: (
        "formula-without-value",
        message(
            "公式没有保存结果，按空白处理；请用表格软件打开、重新计算并保存",
            "a formula whose value was not saved; read as empty: open the sheet in a spreadsheet program and save it again",
        ),
    ),
    How.ERROR: (
        "cell-error",
        message(
            "单元格是错误值 {text}，按空白处理；请改正后再接收",
            "the cell shows the error {text}; read as empty: mend it and take the batch in again",
        ),
    ),
    How.ROUNDED: (
        "cell-rounded",
        message(
            "单元格显示 {text}，存储的数字位数更多；按显示的录入",
            "the cell shows {text} and stores more digits; what is shown was taken",
        ),
    ),
    How.ODD: (
        "cell-shown-otherwise",
        message(
            "单元格的数字格式无法解读，录入的是存储的值 {text}，可能与显示的不同；请改为文本格式",
            "the format of the number is not understood; the stored {text} was taken, which may not be what is shown: make it text",
        ),
    ),
    How.LONG: (
        "digits-lost",
        message(
            "数字超过 15 位，表格软件已改掉末尾几位：{text}；请改为文本格式重新填写",
            "a number of more than 15 digits, the last of which spreadsheet programs lose: {text}; type it again as text",
        ),
    ),
    How.YEARLESS: (
        "date-without-year",
        message(
            "单元格只显示月日（{text}），年份是表格软件补的；请填写完整日期",
            "the cell shows a month and a day only ({text}), the year is the spreadsheet's: write the whole date",
        ),
    ),
}
_AS_ABOVE = message("读作与上一行相同：{text}", "read as the cell above it: {text}")
_POWER = message(
    "单元格写的是科学记数法 {text}，表格软件已丢掉其余数字；请改为文本格式，按原数重新填写",
    "the cell holds {text}, a number of which a spreadsheet program kept the first digits only: make it text and type it again",
)
_MADE_A_DATE = message(
    "单元格被表格软件存成了日期 {text}，原来写的可能是“3-5”之类；请改为文本格式核对",
    "the spreadsheet made the date {text} of it; it may have been written as “3-5” or the like: make it text and compare",
)
_ONE_OR_TEN = message(
    "单元格是数字 {text}：可能是 {year} 年 1 月，也可能是 10 月（末尾的 0 已丢失）；请改为文本格式",
    "the cell holds the number {text}: January {year}, or October whose 0 was lost: make it text",
)
_ZEROS = message(
    "单元格是数字，前导零可能已丢失：{value}", "the cell holds a number; leading zeros may be lost: {value}"
)
_UNWRITABLE = message(
    "单元格含有控制字符（{points}），无法保存，以 � 代替；请删去或改正",
    "the cell holds control characters ({points}), which cannot be kept and become �: take them out or put them right",
)
_OF_ONE_PLACE = message(
    "单元格含有造字（{points}），别处显示不出来；请改用标准汉字，或在附注中说明字形",
    "the cell holds letters of somebody's own ({points}), which nobody else can see: write standard ones, or describe them in the note",
)
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_IN_POWERS = re.compile(r"[-+]?\d(?:\.\d+)?E\+?\d{1,3}")
_OF_TIME = re.compile(r"日期|时间|日$|年$|月$|date|time|day|year|month|created|modified|时限|年度", re.IGNORECASE)


def doubts_of(
    row: SheetRow, *, sheet: str, dates: Collection[str], identifiers: Collection[str], known: Collection[str]
) -> Iterator[Finding]:
    """Yield what is doubtful about the cells of a row; ``known`` are fields, ``dates`` those of them that hold days.

    ``identifiers`` are the fields whose leading zeros count.
    """
    if row.is_hidden:
        said = message(
            "隐藏的行，也已读取；如不应接收请删除此行",
            "a hidden row; it was read like the others: delete it if it is not meant",
        )
        yield warning("row-hidden", said, file=sheet, row=row.number)
    for column, cell in row.cells.items():
        if cell.how is How.WRITTEN and is_ditto(cell.text) and column not in identifiers:
            zh, en = (
                "“{text}”上面没有内容，照录；请写明",
                "“{text}” stands below an empty cell and is kept as written: write what is meant",
            )
            yield warning("nothing-above", message(zh, en, text=cell.text), file=sheet, row=row.number, cell=cell.name)
        if cell.how is How.DITTO:
            said = message(_AS_ABOVE.zh, _AS_ABOVE.en, text=cell.text)
            yield note("read-as-above", said, file=sheet, row=row.number, cell=cell.name)
        for code, said in _doubts(column, cell, dates=dates, identifiers=identifiers, known=known):
            yield warning(code, said, file=sheet, row=row.number, cell=cell.name)


def doubts_about_date(formed: RecordDate, *, year_in_code: int | None, today: date) -> Iterator[Finding]:
    """Yield that a date which was read can hardly be meant: it is still to come, or far from the year in the archival code."""
    first, last = formed.earliest, formed.latest
    if not formed.is_known:
        return
    names_later_year = last != date.max and last.year > today.year and str(last.year) in formed.written
    if first > today or names_later_year:
        said = message("日期 {value} 尚未到来", "the date {value} lies in the future", value=formed.written)
        yield warning("date-in-future", said)
    elif year_in_code and not first.year - _YEARS_BESIDE <= year_in_code <= last.year + _YEARS_BESIDE:
        said = message(
            "日期 {value} 与档号中的年度 {year} 相差较远",
            "the date {value} is far from the year {year} in the archival code",
            value=formed.written,
            year=year_in_code,
        )
        yield note("date-far-from-code", said)


def _doubts(
    column: str, cell: SheetCell, *, dates: Collection[str], identifiers: Collection[str], known: Collection[str]
) -> Iterator[tuple[str, Message]]:
    if cell.how in _SAID:
        code, said = _SAID[cell.how]
        yield code, message(said.zh, said.en, text=cell.text)
    if cell.how is How.WRITTEN and "E+" in cell.text and _IN_POWERS.fullmatch(cell.text):
        yield "digits-lost", message(_POWER.zh, _POWER.en, text=cell.text)
    if found := set(UNWRITABLE.findall(cell.text)):
        yield "control-characters", message(_UNWRITABLE.zh, _UNWRITABLE.en, points=_points(found))
    if found := set(_PRIVATE.findall(cell.text)):
        yield "private-characters", message(_OF_ONE_PLACE.zh, _OF_ONE_PLACE.en, points=_points(found))
    is_day = column in dates or (column not in known and bool(_OF_TIME.search(column)))
    if cell.how is How.DATE and not is_day and not cell.text.isdigit():
        yield "made-a-date", message(_MADE_A_DATE.zh, _MADE_A_DATE.en, text=cell.text)
    if column in dates and cell.how is How.NUMBER and re.fullmatch(r"\d{4}\.1", cell.text):
        yield "date-ambiguous", message(_ONE_OR_TEN.zh, _ONE_OR_TEN.en, text=cell.text, year=cell.text[:4])
    if column in identifiers and cell.was_number and cell.how is not How.LONG:
        yield "zeros-lost", message(_ZEROS.zh, _ZEROS.en, value=cell.text)


def _points(letters: Collection[str]) -> str:
    return ", ".join(f"U+{ord(letter):04X}" for letter in sorted(letters))
