"""Worksheets of our templates that explain the others: they hold no records, and every reader of tables passes them over.

Each is known by the sentence in its first cell, in whatever language and by whatever version it was written: these
sentences stay as they are. Whoever writes more below an example than stood there is told that it is not read.
"""

import re

from archives.message import Message, message

EXAMPLE = message(
    "示例（以下 {rows} 行）：只供参考，不会被接收。请填写工作表“{worksheet}”。",
    "Example (rows below: {rows}): to look at only, it is never taken in. Fill in the worksheet “{worksheet}”.",
)
NOTES = message(
    "说明：各列填什么。本工作表只供参考，不会被接收。",
    "Notes: what goes into each column. To look at only, this worksheet is never taken in.",
)
_EXAMPLE = re.compile(r"(?:示例（以下 |Example \(rows below: )(\d{1,4})(?: 行）：|\): ).*", re.DOTALL)


def example_of(rows: int, worksheet: Message) -> Message:
    """Return the sentence that makes a worksheet an example of another; so many rows stand below its headings."""
    return message(EXAMPLE.zh, EXAMPLE.en, rows=rows, worksheet=worksheet)


def explains(first_cell: str) -> bool:
    """Say whether a worksheet with this text in its first cell explains others, and so holds no records."""
    return first_cell in (NOTES.zh, NOTES.en) or _EXAMPLE.fullmatch(first_cell) is not None


def is_as_we_wrote_it(first_cell: str, row_count: int) -> bool:
    """Say whether a worksheet explains others and has no more rows than we wrote; notes may go on as they like."""
    found = _EXAMPLE.fullmatch(first_cell)
    return row_count <= int(found[1]) + 2 if found else explains(first_cell)
