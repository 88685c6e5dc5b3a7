"""What is written above the headings of a table with a label: its fonds, its 目录, as printed catalogues have it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from archives.findings import Finding, note
from archives.message import listed, message
from ingest.sheets.grid import GridRow, cell_text
from ingest.sheets.headings import fold_heading
from ingest.sheets.layout import is_signature

_LABELLED = re.compile(r"([^\s:：]{2,12})\s*[:：]\s*([^\s:：]{1,60})")
_OF_A_VOLUME = ("案卷题名", "案卷标题", "案卷名称", "ajtm")
"""Labels above a list of items with the title of their volume, which is none of theirs."""
_TITLED = re.compile(
    rf"(?:^|(?<=\s))({'|'.join(_OF_A_VOLUME)})\s*[:：]\s*(\S.*?)(?=\s+[^\s:：]{{2,12}}\s*[:：]|\s*$)", re.IGNORECASE
)
_LABEL_ALONE = re.compile(r"([^\s:：]{2,12})\s*[:：]")

_TOLD_TEXT = 40
_MEANT = ("part JGWT", "part LBH", "part ZH")


def labels_above(rows: Sequence[GridRow]) -> Mapping[str, str]:
    """Return label and value of what stands above the headings: ``全宗号：J019 目录号：2``, in one cell or in two."""
    found: dict[str, str] = {}
    for row in rows:
        for label, value in _labels([text for cell in row.cells if (text := cell_text(cell))]).items():
            found.setdefault(label, value)
    return found


def _labels(texts: Sequence[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for place, text in enumerate(texts):
        for label, value in (*_TITLED.findall(text), *_LABELLED.findall(text)):
            found.setdefault(label, value)
        alone = _LABEL_ALONE.fullmatch(text)
        if alone and place + 1 < len(texts):
            found.setdefault(alone[1], texts[place + 1])
    return found


def are_labels(texts: Sequence[str], names: Mapping[str, str]) -> bool:
    """Say whether the texts of a row are nothing but labels with their values, of which one is a part of codes (``案卷号：16``)."""
    if not any(sign in texts[0] for sign in ":："):
        return False
    rest = iter(texts)
    for text in rest:
        if _LABEL_ALONE.fullmatch(text):
            next(rest, "")
        elif not _LABELLED.search(text):
            return False
    return any(names.get(fold_heading(label), "").startswith("part ") for label in _labels(texts))


def volume_title(named: Iterable[tuple[str, str]]) -> str:
    """Return the title of the volume that stands above a list of its items, among what is called by names."""
    return next((text for name, text in named if fold_heading(name) in _OF_A_VOLUME), "")


def later_labels(before: Mapping[str, str], own: Mapping[str, str]) -> Mapping[str, str]:
    """Return the labels that hold in a later list: its own, and those before it but for the title of another volume."""
    is_another = any(fold_heading(label) in ("案卷号", "ajh", "卷号") for label in own) or volume_title(own.items())
    kept = {label: text for label, text in before.items() if not (is_another and fold_heading(label) in _OF_A_VOLUME)}
    return {**kept, **own}


def more_labels(above: Mapping[str, str], own: Collection[str], names: Mapping[str, str]) -> Mapping[str, str]:
    """Return the labels that are no element of a row, head no column (``own``, folded), and do not say who drew the table up.

    They name nothing known, the title of a volume, or a title where a column is that. A part of codes that has a meaning of
    its own (机构或问题) is one of them: codes that stand in the table need it not.
    """
    folded = {label: fold_heading(label) for label in above if not is_signature(label)}
    wanted = (None, *_MEANT, *(("title",) if any(names.get(one) == "title" for one in own) else ()))
    is_more = {one: names.get(one) in wanted or one in _OF_A_VOLUME for one in folded.values()}
    return {label: above[label] for label, one in folded.items() if one not in own and is_more[one]}


def about_labels(
    above: Mapping[str, str], more: Mapping[str, str], own: Collection[str], where: str
) -> Iterator[Finding]:
    """Yield which labels above the headings every row has (``more``), and which none, for a column is called the same."""
    if more:
        said = message(
            "表头之上的 {labels}，记入每一行",
            "every row has what is written above the headings: {labels}",
            labels=listed([f"{label}：{value}" for label, value in more.items()]),
        )
        yield note("labels-above", said, file=where)
    if twice := [f"{label}：{value}" for label, value in above.items() if fold_heading(label) in own]:
        said = message(
            "表头之上的 {labels} 与同名的列并存，各行以列中所写为准",
            "{labels} above the headings: a column is called the same, and counts",
            labels=listed(twice),
        )
        yield note("labels-above", said, file=where)


def about_rows_above(rows: Sequence[GridRow], where: str) -> Iterator[Finding]:
    """Yield which rows above the headings have several texts that are neither titles nor labels: nothing of them is read."""
    texts = {row.number: [text for cell in row.cells if (text := cell_text(cell))] for row in rows}
    told = [
        f"{number} “{' '.join(one)[:_TOLD_TEXT]}”"
        for number, one in texts.items()
        if len({*one}) > 1 and not any(sign in text for text in one for sign in ":：")
    ]
    if told:
        said = message(
            "表头之上的行未读入，如是档案或标签（如“全宗号：J019”）请改写：{rows}",
            "rows above the headings were not read; write them otherwise if they are records, or labels (fonds: J019): {rows}",
            rows=listed(told),
        )
        yield note("rows-above-headings", said, file=where)
