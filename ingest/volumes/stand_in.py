"""What stands in a volume for an item whose row cannot be used: its code, its title if one was written, and that it is not opened.

Without it the pages of such an item would be the volume's own, and public with it.
"""

from collections.abc import Sequence
from dataclasses import replace

from archives.findings import Finding, Severity, warning
from archives.message import message
from archives.record.description import Description
from ingest.sheets.doubts import UNREAD_ROW
from ingest.volumes.assignment import ItemPages

_RESTRICTED = "限制利用"


def stand_in(said: Description) -> Description:
    """Return what is said of an item whose row cannot be used, by what of it can be read.

    It is withheld (``archives.record.marked``) until a row of its code that can be used has a title.
    """
    return replace(said, other=((UNREAD_ROW, _RESTRICTED), *(pair for pair in said.other if pair[0] != UNREAD_ROW)))


def is_stand_in(said: Description) -> bool:
    """Say whether a description stands for a row that could not be used, and was not corrected since."""
    return any(name == UNREAD_ROW for name, _ in said.other)


def about_unread(pages: ItemPages, said: Description | None, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return what is told of an item whose row cannot be used: what is wrong with it, which costs neither item nor volume."""
    if said is None or is_stand_in(said):
        told = message(
            "{code} 的行有误，此件先占位接收，更正前它和它的页不开放",
            "the row of {code} cannot be used: the item holds its place, and neither it nor its pages are opened before it is corrected",
            code=pages.code,
        )
    else:
        told = message(
            "{code} 的行有误，已保存的著录保持不变",
            "the row of {code} cannot be used: the item stays described as it is stored",
            code=pages.code,
        )
    found = (replace(one, severity=Severity.WARNING) if one.severity is Severity.ERROR else one for one in findings)
    return (*found, warning("item-stands-in", told, file=pages.sheet, row=pages.row, cell=pages.cell))
