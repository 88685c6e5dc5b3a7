"""The columns of lists of volumes and of their items, by what they are for."""

import re
from collections.abc import Mapping

from ingest.sheets.headings import fold_heading
from ingest.sheets.table import Sheet, SheetRow

_WORDS = {
    "pages": ("页号", "起止页号", "页次", "页码", "起止页码", "起止页次", "所在页号", "所在页次", "首页", "首页号", "起页", "起页号", "起始页", "起始页号",
              "yh", "ym", "page number", "page numbers", "page no", "page range", "pages from", "first page", "folios"),
    "last": ("止页", "止页号", "终止页", "终止页号", "末页", "末页号", "last page", "pages to"),
    "fonds": ("全宗号", "全宗", "qzh", "fonds", "fonds number"),
    "series": ("目录号", "案卷目录号", "类别号", "mlh", "lbh", "series", "series number"),
    "volume": ("案卷号", "卷号", "馆编案卷号", "ajh", "volume", "volume number", "file number"),
    "volume_code": ("案卷档号", "所属案卷", "所属案卷档号", "案卷级档号", "上级档号", "父级档号", "parent", "parent id", "parent reference"),
    "item": ("件号", "卷内件号", "卷内顺序号", "jh", "sxh", "item number", "item no"),
    "running": ("序号",),
    "level": ("层级", "级别", "著录级别", "著录层级", "著录层次", "聚合层次", "档案级别", "level", "level of description"),
    "items": ("件数", "卷内件数", "文件件数", "卷内文件数", "文件份数", "number of items"),
}  # fmt: skip
_HEADINGS = {fold_heading(word): name for name, words in _WORDS.items() for word in words}
_VOLUMES = re.compile(r"案?卷级?|file|volume|dossier|folder", re.IGNORECASE)
_ITEMS = re.compile(r"(?:卷内)?(?:文件|件)级?|item|piece|document", re.IGNORECASE)


def columns_of(sheet: Sheet) -> dict[str, str]:
    """Return the columns of a sheet by what they are for, each the first that is called so."""
    answer: dict[str, str] = {}
    for column, heading in sheet.headings.items():
        if column in sheet.unknown and (name := _HEADINGS.get(fold_heading(heading))):
            answer.setdefault(name, column)
    fields = {"page_range": "pages", "sequence": "item"}
    answer = {fields[one]: one for one in reversed(sheet.fields) if one in fields} | answer
    if "running" in answer:
        answer.setdefault("item", answer["running"])
    return answer


def level_of(row: SheetRow, columns: Mapping[str, str]) -> str:
    """Return what a row says that it is: ``volume``, ``item``, or nothing."""
    said = row.text(columns.get("level", "")).strip()
    return "volume" if _VOLUMES.fullmatch(said) else "item" if _ITEMS.fullmatch(said) else ""
