"""The kinds of dirt in catalogues: what each is called, how bad it is, what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from archives.findings import Severity
from archives.message import Language, Message, message
from archives.record.elements.table import ELEMENTS
from ingest.dirt.places import Places, table_name

CORRECT = message(
    "请在原表中改正这些行（--to-correct 列出每一处）再导入，或确认无误后照录；已导入的用 jinkui describe 更正",
    "correct these rows in the table itself (--to-correct lists every place) and import it again, or leave them where they are right; what is in already: jinkui describe",
)
_COMPARE = message(
    "请与实体档案核对；确认无误的可照录", "compare with the records themselves; leave them where they are right"
)
_SECRECY = message(
    "请写明密级；用代码的，在方案（profile）的 maps 中写明各代码所指",
    "write the classification; where codes are used, say in the maps of the profile what they stand for",
)
_RETENTION = message(
    "请写 永久、长期、短期 或 30年；用代码的，在方案（profile）的 [maps.retention] 中写明各代码所指",
    "write permanent, long-term, short-term or 30 years; where codes are used, say under [maps.retention] of a profile what they stand for",
)
_FONDS = message(
    "请用 jinkui fonds import SHEET 登记全宗；全宗号写错的，在原表中改正",
    "register the fonds: jinkui fonds import SHEET; where its number is wrong, correct it in the table",
)
_VOLUME = message("请核对案卷目录与卷内文件目录", "compare the list of volumes with the list of their items")

WITH_CONSTANT = message(
    '{advice}；整张表同属一个全宗而没有全宗号的，可在方案（profile）中写明：[parts] 下写 QZH = {{ constant = "B012" }}',
    '{advice}; where a whole table is of one fonds and does not say its number, a profile may: QZH = {{ constant = "B012" }} below [parts]',
    advice=CORRECT,
)
"""What to do where the number of the fonds is wanting, which printed lists leave out."""
_LANGUAGES: tuple[Language, ...] = ("zh", "en")
_LABELS: Mapping[str, Message] = MappingProxyType({one.key: one.label for one in ELEMENTS})

BESIDE_DESCRIBED = frozenset(("code-taken", "unit-differs"))
"""Kinds of rows beside what is described: of each place it is told what the row says and what the catalogue says."""


@dataclass(frozen=True, slots=True)
class DirtRow:
    """A row of a kind: where it stands, what is written there, what would be right if that can be told.

    ``number`` is the row's in its table; ``beside`` names the row that it does not go with (``file:number``). Of a row
    beside what is described ``proposed`` is what the catalogue says.
    """

    file: str
    worksheet: str
    number: int
    cell: str
    code: str
    element: str
    written: str
    proposed: str = ""
    beside: str = ""

    def said(self, language: Language) -> str:
        """Return what the catalogue says of the element, and what the row does."""
        name = _LABELS[self.element].text(language) if self.element in _LABELS else self.element
        return f"{self.code} {name}: {self.proposed or '—'} → {self.written or '—'}"

    @property
    def where(self) -> str:
        """The table that it stands in."""
        return table_name(self.file, self.worksheet)


@dataclass(frozen=True, slots=True)
class DirtKind:
    """A kind of dirt that was found: how many rows (or, of gaps, how many numbers) it has, where, and the first of them."""

    code: str
    severity: Severity
    message: Message
    advice: Message
    count: int
    first: tuple[DirtRow, ...]
    places: Message

    def told_at(self, most: int) -> Message:
        """Return the first places; of a row beside what is described with what it says and what the catalogue says."""
        some = Places()
        for row in self.first[:most]:
            some.add(row.where, row.number, row.cell)
        places = some.told()
        if self.code in BESIDE_DESCRIBED:
            zh, en = ("; ".join(row.said(language) for row in self.first[:most]) for language in _LANGUAGES)
            places = message("{places}（{zh}）", "{places} ({en})", places=places, zh=zh, en=en)
        if self.count <= most:
            return places
        return message("{places} …（共 {n} 处）", "{places} … ({n} in all)", places=places, n=self.count)


class Said(NamedTuple):
    """What is said of a kind."""

    severity: Severity
    message: Message
    advice: Message


def _of(zh: str, en: str, advice: Message = CORRECT, severity: Severity = Severity.WARNING) -> Said:
    return Said(severity, message(zh, en), advice)


_DESCRIBED = message(
    "目录未改：要改著录的，用 jinkui describe 更正；是另一件的，改正档号后再导入",
    "the catalogue stays as it is: to change it, correct it with jinkui describe; where another unit is meant, give it its own code and import it",
)
_TAKEN = message(
    "已收入，两条档号相同，均为待定：是另一件的，用 jinkui renumber 改正其一；是同一件的，用 jinkui catalogue undo 撤销本次导入，再用 jinkui describe 更正",
    "it is in, and the code of both is doubtful: renumber one of them with jinkui renumber; where both are the same, take this import back with jinkui catalogue undo and correct the first with jinkui describe",
)

KINDS: Mapping[str, Said] = MappingProxyType(
    {
        "code-missing": _of("缺少档号", "the archival code is missing"),
        "code-part-missing": _of("档号缺少组成部分", "parts of the archival code are missing"),
        "code-unreadable": _of("不是合规的档号", "not an archival code"),
        "code-taken": _of("档号已属于目录中的另一条", "archival codes that other units of the catalogue have", _TAKEN),
        "unit-differs": _of("与目录中已有的著录不同", "units that the catalogue describes otherwise", _DESCRIBED),
        "code-twice": _of("档号重复", "archival codes that several rows have"),
        "code-alike": _of("档号只差前导零", "archival codes that differ in leading zeros only"),
        "code-written-otherwise": _of("档号含全角或异形字符", "archival codes written in full width or with odd hyphens and dots"),
        "code-differs-from-parts": _of("档号与其组成部分的列不一致", "the archival code and the columns of its parts say different things"),
        "zeros-lost": _of("编号位数不一，前导零可能已丢失", "numbers of different width: leading zeros may be lost"),
        "number-gap": _of("编号不连续（数的是缺号）", "numbers that are missing in a sequence (they are counted)", _COMPARE, Severity.NOTE),
        "fonds-differs": _of("混入其他全宗的行", "rows of another fonds"),
        "fonds-unknown": _of("没有登记的全宗", "a fonds that is not registered", _FONDS),
        "level-unreadable": _of("不认识的层级", "levels that are not known"),
        "title-missing": _of("缺少题名", "the title is missing"),
        "date-impossible": _of("没有这样的日期", "days that there are not"),
        "date-reversed": _of("日期的起止颠倒", "ranges that end before they begin"),
        "date-unreadable": _of("读不懂的日期，照录", "dates that cannot be read; kept as written"),
        "date-in-future": _of("日期尚未到来", "dates that lie in the future"),
        "date-outside-volume": _of("日期在案卷起止日期之外", "dates outside those of the volume", _VOLUME),
        "year-differs": _of("年度与日期不一致", "the year is not that of the date"),
        "document-number-differs": _of("文号中的年份与日期不一致", "the year in the document number is not that of the date"),
        "code-differs": _of("年度或保管期限与档号不一致", "the year or the retention period is not that of the archival code"),
        "code-short": _of("档号比同表其他行少一段", "archival codes with fewer parts than the others of the table"),
        "pages-none": _of("页数为 0", "records of no page at all", _COMPARE),
        "line-breaks": _of("题名、档号等单元格内换行", "line breaks in titles, codes or dates"),
        "year-unreadable": _of("读不懂的年度", "years that cannot be read"),
        "retention-unreadable": _of(
            "读不懂的保管期限，照录", "retention periods that cannot be read; kept as written", _RETENTION
        ),
        "retention-below-volume": _of("文件的保管期限短于案卷", "items whose retention is shorter than their volume's", _VOLUME),
        "retention-above-volume": _of("文件的保管期限长于案卷", "items whose retention is longer than their volume's", _VOLUME),
        "security-unreadable": _of(
            "读不懂的密级，不收入", "security classifications that cannot be read; these rows are not taken in", _SECRECY, Severity.ERROR
        ),
        "state-unreadable": _of("读不懂的状态，照录", "states that cannot be read, or that no table may give; kept as written"),
        "language-unreadable": _of("读不懂的语种，照录", "languages that cannot be read; kept as written"),
        "pages-unreadable": _of("页数不是数字，照录", "numbers of pages that are no numbers; kept as written"),
        "page-range-unreadable": _of("读不懂的页号，照录", "page numbers that cannot be read; kept as written"),
        "page-range-reversed": _of("页号的起止颠倒", "page ranges that end before they begin"),
        "page-range-descends": _of("页号不升反降", "page numbers that go down from one item to the next", _COMPARE),
        "page-range-overlaps": _of("页号重叠", "page ranges that overlap", _COMPARE),
        "page-beyond-volume": _of("页号超出案卷页数", "page numbers beyond the pages of the volume", _VOLUME),
        "pages-differ": _of("页数与页号不符", "the number of pages is not what the page numbers say", _COMPARE),
        "volume-missing": _of("文件所在的案卷不在目录中", "items whose volume is not in the list", _VOLUME),
        "items-missing": _of("案卷写明有件数而没有文件", "volumes that say how many items they have, and have none", _VOLUME),
        "item-count-differs": _of("案卷的件数与文件数不符", "volumes whose number of items is not that of the rows", _VOLUME),
        "characters-forbidden": _of("含移交时不接受的字符（\" < > = {{ }} & * %）", "characters that transfers refuse (\" < > = {{ }} & * %)"),
        "characters-unseen": _of("含看不见的字符", "characters that nobody sees"),
        "characters-lost": _of("有字已丢失（�、??）", "letters that were lost (U+FFFD, ??)", _COMPARE),
        "characters-private": _of("含造字，别处显示不出来", "letters of somebody's own, which nobody else can see", _COMPARE),
        "control-characters": _of("含控制字符", "control characters"),
        "spaces-doubled": _of("连续的空格", "doubled blanks"),
        "digits-lost": _of("科学记数法或超过 15 位的数字，末尾已丢失", "numbers of which a spreadsheet program lost digits", _COMPARE),
        "nothing-above": _of("“同上”之上没有内容", "ditto below an empty cell"),
        "cell-error": _of("单元格是错误值", "cells that show an error"),
        "formula-without-value": _of("公式没有保存结果", "formulas whose value was not saved"),
        "cell-rounded": _of("单元格显示的数字比存储的少", "cells that show fewer digits than they store", _COMPARE),
        "cell-shown-otherwise": _of("数字格式无法解读", "formats of numbers that are not understood", _COMPARE),
        "date-without-year": _of("单元格只显示月日", "cells that show a month and a day only"),
        "made-a-date": _of("单元格被表格软件存成了日期", "cells of which the spreadsheet made a date", _COMPARE),
        "value-not-in-map": _of("对照表中没有的值，照录", "values that are not in the map of the profile; kept as written"),
        "image-path-unusable": _of("不能用作路径的图像路径", "paths of images that cannot be paths"),
        "row-hidden": _of("隐藏的行，也已读取", "hidden rows; they were read, too", severity=Severity.NOTE),
    }
)  # fmt: skip
"""Every kind, the worst first."""
