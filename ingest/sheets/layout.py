"""What in a table is no record though it stands among them, and no description: headings, totals, states, who drew it up."""

import re
from collections.abc import Collection, Mapping, Sequence

from archives.findings import Finding, warning
from archives.message import message
from archives.text.harmless import from_spreadsheet
from archives.units.state import State
from ingest.sheets.grid import GridRow, cell_text, written_cell
from ingest.sheets.headings import field_of, fold_heading
from preservation.handouts.catalogue_sheet import FACTS, cells_with, is_catalogue_sheet, is_cut
from preservation.handouts.workbook import LONGEST_CELL

_NUMBER = r"[共计约]*[\d,.]+\s*(?:[件卷盒页张份册条个行米]|pages?|items?|files?|records?|rows?)?"
_TOTAL = re.compile(
    r"(?:(?:以上|本页|本表|本卷|本批|全卷|全宗)?(?:合计|总计|小计|共计|累计|总数)|(?:sub|grand)?\s*totals?|sum)"
    rf"\s*[:：]?\s*(?:{_NUMBER}[，,、；;\s]*)*|(?:以上|本页|本表|本卷|本批|全卷|全宗)?共有?(?:\s*{_NUMBER}[，,、；;\s]*)+",
    re.IGNORECASE,
)
_COUNT = re.compile(_NUMBER, re.IGNORECASE)
_SIGNED = re.compile(
    r"(?:制表|填表|填报|编制|编目|备考|审核|复核|校对|核对|移交|接收|负责|经办|录入|整理|立卷|检查|监交|档案员|备注|附注|说明|注|共|第"
    r"|note|prepared by|compiled by|checked by|approved by)[^:：]{0,6}[:：].*|第\s*\d+\s*页.*|page \d+.*",
    re.IGNORECASE,
)
_FOOT = re.compile(
    r"(?:制表|填表|填报|编制|编目|审核|复核|校对|核对|负责|经办|录入|整理|立卷|监交|档案员|移交人|接收人|检查人)[^:：]{0,6}[:：].{0,4}"
    r"|第\d+页(?:[,，/]?共\d+页)?|共\d+页|page\d+(?:of\d+)?|(?:日期|时间|date)[:：].{0,12}"
    r"|[\d〇○零一二三四五六七八九十]{2,4}[年./-][\d〇○零一二三四五六七八九十年月日./-]*",
    re.IGNORECASE,
)
_BLANK = re.compile(
    r"[(（\[【]?(?:(?:本页|此页)?以下(?:空白|无正文|空)|(?:接|转|见)下页|(?:续|接|承)上页|全文?完|完毕?|end)[)）\]】]?",
    re.IGNORECASE,
)
_DATED = re.compile(r"[\d〇○零一二三四五六七八九十]{2,4}\s*[年./-][\d〇○零一二三四五六七八九十年月日./\-\s]*")
_LABELLED = re.compile(r"[^\d:：]{1,8}[:：][^:：]{0,24}")
_PART_OF_HEADING = re.compile(
    r"起|止|起始|终止|开始|结束|自|至|年|月|日|from|to|start|end|begin|绝密|机密|秘密|公开|内部|永久|长期|短期|定期"
    r"|[(（\[【](?:[年月日时页件卷份张盒册条个厘米cm、/.\-ymdhYMDH\s]+|单位.*|[必选]填|可选|可不填|required|optional|units?.*)[)）\]】]",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"绝密|机密|秘密|公开|内部|永久|长期|短期|定期")
_DITTO = re.compile(r"同上|同前|[〃″〞]{1,2}|[-—]*[〃″][-—]*|ditto|-?do\.?-?|idem", re.IGNORECASE)
_CLEARED = re.compile(r"[\[(（【](?:清空|空|clear|empty)[\])）】]", re.IGNORECASE)
_LEAST_NUMBERS = 3
CUT = "cut-cell-changed"
FACT_HEADINGS = frozenset(fold_heading(name) for key, said in FACTS.items() for name in (key, said.zh, said.en))
"""Headings of an exported catalogue that say which unit a row is, and nothing of its description."""
STATE_HEADINGS = frozenset(map(fold_heading, ("状态", "state", "数字化状态")))
_SETTLED_BY_FILES = (State.HELD, State.NOT_DIGITISED)


def is_ditto(text: str) -> bool:
    """Say whether a cell stands for the one above it (``同上``, ``〃``)."""
    return bool(_DITTO.fullmatch(text))


def is_of_unit(headings: Mapping[str, str], column: str, text: str) -> bool:
    """Say whether a cell of a batch's sheet says what its unit is and nothing of its description.

    So do the facts of an exported catalogue; and that it is not digitised or in place, which files that come settle.
    """
    folded = fold_heading(headings.get(column, ""))
    is_exported = folded in FACT_HEADINGS and is_catalogue_sheet(headings.values())
    return is_exported or (folded in STATE_HEADINGS and State.named(text) in _SETTLED_BY_FILES)


def are_of_units(headings: Mapping[str, str], column: str, texts: Collection[str]) -> bool:
    """Say whether a column that is no element has something, and only what says what units are."""
    return any(texts) and all(is_of_unit(headings, column, text) for text in texts if text)


def is_cleared(text: str) -> bool:
    """Say whether a cell is the mark that empties an element (``（清空）``)."""
    return bool(_CLEARED.fullmatch(text))


def is_as_before(text: str, before: str) -> bool:
    """Say whether a cell of an exported catalogue is what stood there, as it is or as a sheet had to hold it.

    Such a cell says nothing: it is no mark, and where the sheet could not hold all of it nothing is lost of it.
    """
    if not before or text == before:
        return before != ""
    plain, book = cells_with(before)
    return text in (cell_text(written_cell(plain)), from_spreadsheet(book.strip()))


def about_cut(file: str, text: str, before: str) -> Finding | None:
    """Return that a cell was changed of which the sheet never had the whole: nobody knows what is to become of the rest."""
    if not is_cut(file, before) or not text or is_as_before(text, before) or is_cleared(text):
        return None
    said = message(
        "此格导出时有 {length} 个字符，表中只有前 {most} 个；此格的改动没有写入",
        "this cell had {length} characters when it was exported, of which the sheet has the first {most}: its change was not written",
        length=len(before),
        most=LONGEST_CELL,
    )
    return warning(CUT, said)


def second_headings(heading: GridRow, below: GridRow | None, names: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the headings of a table whose row of headings has a second one below it; None where it has none.

    What is merged over both rows stands there once; a heading over several columns stands before each of theirs.
    """
    if below is None or below.number != heading.number + 1:
        return None
    wide = max(len(heading.cells), len(below.cells))
    tops, subs = ([*map(cell_text, row.cells), *[""] * (wide - len(row.cells))] for row in (heading, below))
    own = [sub for top, sub in zip(tops, subs, strict=True) if sub and sub != top]
    kept = sum(top != "" and sub in ("", top) for top, sub in zip(tops, subs, strict=True))
    are_headings = all(_PART_OF_HEADING.fullmatch(sub) or (field_of(sub, names) and sub != "") for sub in own)
    if not own or not kept or not are_headings:
        return None
    answer, over = [], ""
    for top, sub in zip(tops, subs, strict=True):
        over = top or (over if sub else "")
        answer.append(over if sub in ("", over) else f"{over} {sub}".strip())
    return tuple(answer)


def headings_across(
    row: int, texts: Sequence[str], across: Collection[tuple[int, int]], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the headings of a row, of which one for days or pages that is merged over two columns (``across``) heads both."""
    answer = [*texts, ""]
    for place, text in enumerate(texts):
        if (row, place + 1) in across and not answer[place + 1] and field_of(text, names) in ("date", "page_range"):
            answer[place + 1] = f"{text} 止"
    return tuple(answer if answer[-1] else answer[:-1])


def is_choice(heading: str) -> bool:
    """Say whether a heading is a choice by itself, such as 机密 or 永久, which is ticked below it."""
    return bool(_CHOICE.fullmatch(heading))


def is_tick_column(heading: str, top: str) -> bool:
    """Say whether a column of two headings is one in which a choice of the first is ticked (``密级`` over ``机密``)."""
    return heading != top and is_choice(heading.rpartition(" ")[2])


def is_beside_records(row: GridRow, headings: Sequence[str], first_row: int) -> bool:
    """Say whether a row among records is none: the headings again, their numbers, a total, or who drew the table up."""
    texts = [cell_text(cell) for cell in row.cells]
    filled = [text if text.isascii() else "".join(text.split()) for text in texts if text]
    return (
        (len(filled) == 1 and bool(_BLANK.fullmatch(filled[0])))
        or _are_headings(texts, headings)
        or (row.number == first_row and len(filled) >= _LEAST_NUMBERS and _are_numbers(filled))
        or (
            any(_TOTAL.fullmatch(text) for text in filled)
            and all(_TOTAL.fullmatch(t) or _COUNT.fullmatch(t) for t in filled)
        )
        or (bool(_SIGNED.fullmatch(filled[0])) and all(map(_is_signed, filled)))
    )


def may_be_title(texts: Sequence[str]) -> bool:
    """Say whether what looks like the foot of a table may be a record where its first text stands below titles.

    ``说明：关于乙事的经过`` and ``第12页手稿`` are titles as well; who drew the table up, with a name, and the number of a page are none.
    """
    plain = ["".join(text.split()) for text in texts if text]
    return bool(_SIGNED.fullmatch(texts[0])) and not all(map(_FOOT.fullmatch, plain))


def is_signature(label: str) -> bool:
    """Say whether a label says who drew a table up, or which page it is, and nothing of its records."""
    return bool(_SIGNED.fullmatch(f"{label}:x")) or label in (
        "日期",
        "时间",
        "date",
        "page",
        "页码",
        "页数",
        "单位",
        "计量单位",
    )


def _is_signed(text: str) -> bool:
    return bool(_LABELLED.fullmatch(text) or _SIGNED.fullmatch(text) or _DATED.fullmatch(text))


def _are_headings(texts: Sequence[str], headings: Sequence[str]) -> bool:
    pairs = [(text, top) for text, top in zip(texts, headings, strict=False) if text]
    return len(pairs) > 1 and all(fold_heading(text) == fold_heading(top) for text, top in pairs)


def _are_numbers(texts: Sequence[str]) -> bool:
    plain = [re.sub(r"[()（）.、栏]", "", text) for text in texts]
    return plain == [str(number) for number in range(1, len(plain) + 1)]
