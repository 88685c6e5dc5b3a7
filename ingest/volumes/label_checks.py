"""What is doubtful about the pages of a volume by their labels alone, and how labels are told to people."""

from collections.abc import Iterator, Sequence

from archives.findings import Finding, warning
from archives.message import listed, message
from archives.record.volume.page_cell import spans_told
from archives.record.volume.page_label import PageKind, PageLabel, parse_label


def about_labels(labels: Sequence[PageLabel], names: Sequence[str]) -> Iterator[Finding]:
    """Yield what is doubtful about the labels of a volume: one that stands twice, numbers left out, names that say nothing."""
    texts: dict[tuple[object, ...], list[str]] = {}
    for label, name in zip(labels, names, strict=True):
        if label.kind is PageKind.OTHER:
            yield warning("page-label-unknown", message(
                "从文件名看不出是哪一页，按名称排在相近的页后，页标识照录为“{label}”",
                "its name does not say which page it is; it stands behind the page that is nearest by name and is called “{label}”",
                label=label.text,
            ), file=name)  # fmt: skip
        else:
            texts.setdefault((label.kind, label.item, label.place, label.side == "v"), []).append(name)
    for twice in (one for one in texts.values() if len(one) > 1):
        said = message(
            "页标识重复：{names}",
            "the same page stands twice: {names}",
            names=listed(twice),
        )
        yield warning("page-twice", said, file=twice[0])
    yield from _gaps(labels)


def _gaps(labels: Sequence[PageLabel]) -> Iterator[Finding]:
    """Yield numbers that are left out; a slip (005-1) is no page, unless nothing in the volume has a number of its own."""
    numbers: dict[str, set[int]] = {}
    behind: dict[str, set[int]] = {}
    for label in labels:
        if label.kind is PageKind.PAGE and label.number is not None and label.place[0]:
            is_slip = any(one.isdecimal() for one in label.slips)
            (behind if is_slip else numbers).setdefault(label.item, set()).add(label.number)
    for item in dict.fromkeys((*numbers, *behind)):
        slips = behind.get(item, set())
        found = numbers.get(item) or slips
        last = max(found | {one + 1 for one in slips - found})
        if missing := [one for one in range(min(1, *found), last) if one not in found]:
            pages = spans_told([PageLabel(PageKind.PAGE, one, str(one)) for one in missing], missing)
            said = message("卷内缺少页：{pages}", "pages of the volume are missing: {pages}", pages=pages)
            if item:
                said = message(
                    "第 {item} 件缺少页：{pages}", "pages of item {item} are missing: {pages}", item=item, pages=pages
                )
            yield warning("page-gap", said)


def volume_counts(labels: Sequence[str]) -> tuple[int, ...]:
    """Return what may be called the number of pages of a volume: those with a number, with slips and backs, or without."""
    body = [label for text in labels if (label := parse_label(text)).is_body]
    return (
        len(body),
        len({(label.item, label.place[:2]) for label in body}),
        max((one.number or 0 for one in body), default=0),
    )
