"""What is written above the headings of a table with a label: its fonds, its 目录, as printed catalogues have it."""

import re
from collections.abc import Mapping, Sequence

from ingest.sheets.grid import GridRow, cell_text

_LABELLED = re.compile(r"([^\s:：]{2,12})\s*[:：]\s*([^\s:：]{1,60})")
_LABEL_ALONE = re.compile(r"([^\s:：]{2,12})\s*[:：]")


def labels_above(rows: Sequence[GridRow]) -> Mapping[str, str]:
    """Return label and value of what stands above the headings: ``全宗号：J019 目录号：2``, in one cell or in two."""
    found: dict[str, str] = {}
    for row in rows:
        texts = [text for cell in row.cells if (text := cell_text(cell))]
        for place, text in enumerate(texts):
            for label, value in _LABELLED.findall(text):
                found.setdefault(label, value)
            alone = _LABEL_ALONE.fullmatch(text)
            if alone and place + 1 < len(texts):
                found.setdefault(alone[1], texts[place + 1])
    return found
