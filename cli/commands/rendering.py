"""What several commands show alike: findings, a record that is named by its code."""

from collections.abc import Sequence

from archives.findings import Finding
from archives.holding import Holding
from archives.message import Message, message
from cli.home import Home
from cli.output import Table


def finding_lines(findings: Sequence[Finding]) -> tuple[Message, ...]:
    """Return a sentence a finding, with its place."""
    return tuple(
        message("{place}{said}", "{place}{said}", place=_place(found), said=found.message) for found in findings
    )


def finding_table(findings: Sequence[tuple[str, Finding]]) -> Table:
    """Return findings as a table, each with what it is about."""
    columns = (
        message("对象", "about"),
        message("代码", "code"),
        message("文件", "file"),
        message("行", "row"),
        message("单元格", "cell"),
        message("发现", "finding"),
    )
    rows = tuple((about, f.code, f.file or "", f.row or "", f.cell or "", f.message) for about, f in findings)
    return Table(message("发现的问题", "findings"), columns, rows)


def the_record(home: Home, code: str, repository: str | None) -> Holding:
    """Return the record that ``CODE`` or ``REPOSITORY:CODE`` names."""
    if repository is None and ":" in code:
        repository, _, code = code.partition(":")
    return home.catalogue.find(code, repository=repository)


def _place(found: Finding) -> str:
    parts = [found.file, f"#{found.row}" if found.row else None, found.cell]
    place = " ".join(part for part in parts if part)
    return f"{place}: " if place else ""
