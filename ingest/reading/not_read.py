"""What is found of pages and files that could not be read: which they are, and what helps."""

from collections.abc import Sequence
from dataclasses import replace

from archives import remedies
from archives.errors import ToolFailedError
from archives.findings import Finding, warning
from archives.message import message
from archives.pipeline import Failed
from ingest.reading.tasks import PageTask
from ingest.reading.work import Work, Worked


def pages_not_read(worked: Sequence[Worked]) -> tuple[Finding, ...]:
    """Return a finding for every piece of work that failed."""
    return tuple(_not_read(one) for one in worked if isinstance(one, Failed))


def _not_read(one: Failed[Work]) -> Finding:
    """Return which page was not read, and where that was no fault of the image, that another reading may do it."""
    said, task = one.error.message, one.item.task
    if isinstance(task, PageTask):
        said = message("文件第 {n} 页：{why}", "page {n} of the file: {why}", n=task.page_index + 1, why=said)
    found = warning("page-not-read", said, file=task.file.planned.shown if task else None)
    return replace(found, advice=remedies.RECOGNISE) if isinstance(one.error, ToolFailedError) else found
