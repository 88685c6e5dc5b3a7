"""What a page is called that has no number on paper: a sheet of a workbook, a file that was attached to a mail.

Names are told only where a public page says them itself: a sheet's text begins with its name, a letter lists its attachments.
"""

from collections.abc import Sequence

from archives.record.holding import Holding
from search.published.view import PublishedPage

SHEET, ATTACHED = "工作表：", "附件："
"""How such labels begin; of an attachment its first page has one."""
_WORKBOOKS = frozenset((".xlsx", ".xlsm", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods", ".ots", ".fods"))
_LONGEST = 60
_LISTED = "Attachment: "


def labels_of(holding: Holding, pages: Sequence[PublishedPage]) -> tuple[str, ...]:
    """Return the label of each page, empty for one that has a number alone."""
    listed = {
        line.removeprefix(_LISTED) for page in pages for line in page.text.splitlines() if line.startswith(_LISTED)
    }
    return tuple(holding.label_text(page.number) or _beside(holding, page, listed) for page in pages)


def _beside(holding: Holding, page: PublishedPage, listed: set[str]) -> str:
    if holding.volume:
        return ""
    names = [one.original_name.rpartition("/")[2] for one in holding.attachments if one.page == page.number]
    if attached := next((name for name in names if name in listed and len(name) <= _LONGEST), ""):
        return f"{ATTACHED}{attached}"
    name, rows, _ = page.text.partition("\n")
    is_named = bool(rows) and 0 < len(name.strip()) <= _LONGEST and "\t" not in name
    return f"{SHEET}{name.strip()}" if is_named and not page.image and _is_of_workbook(holding, page.number) else ""


def _is_of_workbook(holding: Holding, number: int) -> bool:
    begun = [file for file in holding.originals if file.page and file.page <= number]
    is_attached = any(file.page and file.page <= number for file in holding.attachments)
    return bool(begun) and not is_attached and begun[-1].path.suffix.lower() in _WORKBOOKS
