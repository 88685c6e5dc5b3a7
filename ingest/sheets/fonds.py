"""Sheets of fonds (全宗): one row a fonds, or one a name that it had, with its creator, dates, kind, state and relations."""

import re
from collections.abc import Iterator, Mapping, Sequence

from archives.findings import Finding, error, warning
from archives.message import listed, message
from archives.record.description import Fonds
from archives.record.fonds_names import FondsName, in_order, is_period_end, names_text
from archives.record.identifiers import CodeRule, RepositoryCode, archival_code_key, is_fonds_number
from ingest.sheets.doubts import doubts_of
from ingest.sheets.headings import fold_heading
from ingest.sheets.table import Sheet, SheetRow

COLUMNS = {
    "number": ("全宗号", "fonds_number", "fonds number", "全宗编号"),
    "name": ("全宗名称", "fonds_name", "fonds name"),
    "creator": ("立档单位", "立档单位名称", "creator"),
    "years": ("起止年", "起止年代", "起止时间", "years"),
    "history": ("全宗介绍", "机构沿革", "history", "introduction"),
    "first": ("启用时间", "名称启用时间", "名称起始时间", "起用时间", "起", "valid from", "from"),
    "last": ("停用时间", "名称停用时间", "名称终止时间", "止", "valid to", "to", "until"),
    "kind": ("全宗属类", "属类", "kind"),
    "state": ("全宗状态", "封闭全宗", "是否封闭", "状态", "state", "closed"),
    "relations": ("演变关联情况", "全宗关系", "关联情况", "relations"),
    "relation": ("关系", "演变关系", "relation"),
    "related": ("相关全宗", "相关全宗号", "关联全宗", "关联全宗号", "related fonds"),
    "relation_date": ("关系时间", "演变时间", "relation date"),
}
FONDS_HEADINGS = {fold_heading(name): field for field, names in COLUMNS.items() for name in names}
REQUIRED = ("number", "name")
_OF_COLUMNS = ("column-unknown", "column-twice", "column-without-heading")
"""Findings that say of columns that they are kept as written, which those of fonds are not."""
_SAID_ONCE = ("history", "kind", "state")
"""What a fonds has once, whichever of its rows says it."""
_FROM_TO = re.compile(r"([^-—–－~～至]+)[-—–－~～至]+([^-—–－~～至]*)")
_Named = tuple[str, SheetRow]
_STATES = {
    "封闭": ("封闭", "已封闭", "是", "closed", "yes", "y"),
    "未封闭": ("未封闭", "开放", "否", "open", "no", "n"),
}


def read_fonds(
    sheet: Sheet, repository: RepositoryCode, codes: CodeRule = CodeRule.DA_T
) -> tuple[tuple[Fonds, ...], tuple[Finding, ...]]:
    """Return the fonds of a sheet, and a finding for every row that says of none, for dates and names in doubt, and for every
    column and cell that is not taken in.

    Rows with one number are one fonds, each with a name that it had: the same name may have held several times. A row that
    says of a creator or of dates alone is about the name in the row above it of the same fonds.
    """
    rows: dict[str, list[_Named]] = {}
    findings: list[Finding] = [found for found in sheet.findings if found.code not in _OF_COLUMNS]
    findings += _not_taken(sheet)
    for row in sheet.rows:
        findings += doubts_of(row, sheet=sheet.name, dates=(), identifiers=("number",), known=sheet.fields)
        number, name = archival_code_key(row.text("number")), row.text("name")
        if number and codes is CodeRule.DA_T and not is_fonds_number(number):
            said = message(
                "全宗号“{number}”不能写进档号：不能有空格、连字号、/ \\ : ; 等",
                "no archival code can begin with the number “{number}”: no blanks, hyphens, / \\ : ; and the like",
                number=number,
            )
            findings.append(error("fonds-number", said, file=sheet.name, row=row.number))
            continue
        if number and not name and number in rows and any(row.text(field) for field in ("creator", "first", "last")):
            name = rows[number][-1][0]
        if number and name:
            rows.setdefault(number, []).append((name, row))
            findings += _about_dates(sheet.name, row)
        else:
            said = message(
                "缺少全宗号或全宗名称，本行未登记", "number or name of the fonds is missing: this row was left out"
            )
            findings.append(error("fonds-incomplete", said, file=sheet.name, row=row.number))
    for number, some in rows.items():
        findings += _about_others(sheet, number, [row for _, row in some])
    return tuple(_fonds(repository, number, some) for number, some in rows.items()), tuple(findings)


def _not_taken(sheet: Sheet) -> Iterator[Finding]:
    """Yield every column with something in it that is none of a fonds: a fonds has no place for it."""
    for column in sheet.unknown:
        if any(row.text(column) for row in sheet.rows):
            said = message(
                "不认识的列“{heading}”，未登记",
                "the column “{heading}” is not known, and nothing of it was taken in",
                heading=sheet.headings.get(column, column),
            )
            cell = sheet.heading_cells.get(column)
            yield warning("column-not-taken", said, file=sheet.name, row=sheet.header_row, cell=cell)


def _fonds(repository: RepositoryCode, number: str, named: Sequence[_Named]) -> Fonds:
    rows = [row for _, row in named]
    said = [FondsName(name, row.text("creator"), row.text("first"), row.text("last")) for name, row in named]
    names = in_order(list(dict.fromkeys(said)))
    now = names[-1]
    has_history = len(names) > 1 or now.first or now.last
    return Fonds(
        repository,
        number,
        now.name,
        now.creator,
        _span(_texts(rows, "years")) or _first(rows, "years"),
        _first(rows, "history"),
        names_text(names) if has_history else "",
        _first(rows, "kind"),
        _state(_first(rows, "state")),
        "；".join(dict.fromkeys(text for row in rows for text in _relations(row))),
    )


def _span(periods: Sequence[str]) -> str:
    """Return the period from the beginning of the first of several to the end of the last; empty where one cannot be read."""
    found = [_FROM_TO.fullmatch("".join(text.split())) for text in periods]
    read = [FondsName("", "", one[1], one[2]) for one in found if one and is_period_end(one[2])]
    begun = [(one.begins, one.first) for one in read if one.begins]
    if len(periods) < 2 or len(begun) < len(periods):
        return ""
    ended = [(one.ends, one.last) for one in read if one.ends]
    return f"{min(begun)[1]}-{max(ended)[1] if len(ended) == len(read) else ''}"


def _about_others(sheet: Sheet, number: str, rows: Sequence[SheetRow]) -> Iterator[Finding]:
    """Yield what later rows of a fonds say otherwise than its first, where it has room for one of them."""
    fields = (*_SAID_ONCE, *(() if _span(_texts(rows, "years")) else ("years",)))
    for field in fields:
        texts = _texts(rows, field)
        if len({_state(text) if field == "state" else text for text in texts}) > 1:
            row = next(row for row in rows if row.text(field) not in ("", texts[0]))
            said = message(
                "全宗 {number} 各行的“{heading}”不一，登记的是“{first}”，未登记：{others}",
                "the rows of the fonds {number} differ in “{heading}”: “{first}” was taken in, and not: {others}",
                number=number,
                heading=sheet.headings.get(field, field),
                first=texts[0],
                others=listed(texts[1:]),
            )
            yield warning("fonds-rows-differ", said, file=sheet.name, row=row.number, cell=row.cell_name(field))


def _texts(rows: Sequence[SheetRow], field: str) -> list[str]:
    """Return what rows say, each text once."""
    return [*dict.fromkeys(text for row in rows if (text := row.text(field)))]


def _first(rows: Sequence[SheetRow], field: str) -> str:
    return next((text for row in rows if (text := row.text(field))), "")


def _state(text: str) -> str:
    plain = text.strip().casefold()
    return next((state for state, words in _STATES.items() if plain in words), text)


def _relations(row: SheetRow) -> tuple[str, ...]:
    cells: Mapping[str, str] = {field: row.text(field) for field in ("relation", "related", "relation_date")}
    typed = f"{cells['relation']} {cells['related']}".strip()
    if typed and cells["relation_date"]:
        typed += f"（{cells['relation_date']}）"
    return tuple(filter(None, (row.text("relations"), typed)))


def _about_dates(sheet: str, row: SheetRow) -> list[Finding]:
    found: list[Finding] = []
    for field in ("first", "last"):
        if not is_period_end(row.text(field)):
            said = message(
                "读不懂的时间：{text}；照录，判断用哪个名称时不计",
                "a date that cannot be read: {text}; kept as written, it tells nothing of which name held",
                text=row.text(field),
            )
            found.append(warning("date-unreadable", said, file=sheet, row=row.number, cell=row.cell_name(field)))
    name = FondsName("", "", row.text("first"), row.text("last"))
    if name.begins and name.ends and name.begins > name.ends:
        said = message("停用时间早于启用时间", "the name ends before it begins")
        found.append(warning("date-reversed", said, file=sheet, row=row.number, cell=row.cell_name("last")))
    return found
