"""The lists of a Word document (DOCX, ISO/IEC 29500-1 §17.9), and which of them its paragraphs are in."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from formats.kinds.office.lists.counting import DECIMAL, LEVELS, Counting, Level, List, whole_number
from formats.ooxml import attribute, child


class Numbering:
    """The lists of a Word document (DOCX), and which of them its paragraphs are in."""

    def __init__(self, root: etree._Element | None, styles: etree._Element | None) -> None:
        self._counting = Counting(dict(_lists(root)))
        self._styles = {} if styles is None else {attribute(s, "styleId"): s for s in styles.iter("{*}style")}

    def label(self, paragraph: etree._Element) -> str:
        """Return what stands before a paragraph, "" for most; each is to be asked for once, in their order."""
        number, depth = self._place(paragraph)
        return self._counting.label(number or "", depth)

    def _place(self, paragraph: etree._Element) -> tuple[str | None, int]:
        """Return in which list a paragraph is, by itself or by its style, and how deep."""
        own = child(paragraph, "pPr")
        found = child(own, "numPr")
        style = attribute(child(own, "pStyle"), "val")
        seen: set[str] = set()
        depth = whole_number(attribute(child(found, "ilvl"), "val"))
        number = attribute(child(found, "numId"), "val")
        while number is None and style and style not in seen:
            seen.add(style)
            properties = child(self._styles.get(style), "pPr")
            number = attribute(child(child(properties, "numPr"), "numId"), "val")
            depth = self._depth_of(
                number, style, whole_number(attribute(child(child(properties, "numPr"), "ilvl"), "val"))
            )
            style = attribute(child(self._styles.get(style), "basedOn"), "val")
        return number, min(depth, LEVELS - 1)

    def _depth_of(self, number: str | None, style: str, otherwise: int) -> int:
        used = self._counting.lists.get(number or "")
        levels = used.levels if used else {}
        return next((depth for depth, level in levels.items() if level.style == style), otherwise)


def _lists(root: etree._Element | None) -> Iterator[tuple[str, List]]:
    """Yield the lists by their numbers; one may be changed for itself (§17.9.8), or take its levels from a style (§17.9.21)."""
    if root is None:
        return
    found = {attribute(one, "abstractNumId") or "": one for one in root.iter("{*}abstractNum")}
    by_style = {attribute(child(one, "styleLink"), "val"): one for one in found.values()}
    for one in root.iter("{*}num"):
        of = attribute(child(one, "abstractNumId"), "val") or ""
        if of not in found:
            continue
        linked = attribute(child(found[of], "numStyleLink"), "val")
        levels = dict(_levels(by_style.get(linked, found[of]) if linked else found[of]))
        starts: dict[int, int] = {}
        for changed in one.iter("{*}lvlOverride"):
            levels |= dict(_levels(changed))
            if start := attribute(child(changed, "startOverride"), "val"):
                starts[min(whole_number(attribute(changed, "ilvl")), LEVELS - 1)] = whole_number(start)
        yield attribute(one, "numId") or "", List(of, levels, starts)


def _levels(root: etree._Element) -> Iterator[tuple[int, Level]]:
    for one in root.iter("{*}lvl"):
        text, start = attribute(child(one, "lvlText"), "val") or "", attribute(child(one, "start"), "val")
        form = attribute(child(one, "numFmt"), "val") or DECIMAL
        legal, restart = child(one, "isLgl"), attribute(child(one, "lvlRestart"), "val")
        level = Level(form, text, whole_number(start), attribute(child(one, "pStyle"), "val"))
        level = replace(
            level,
            is_legal=legal is not None and attribute(legal, "val") not in ("0", "false", "off"),
            restarts_after=whole_number(restart) if restart else None,
        )
        yield min(whole_number(attribute(one, "ilvl")), LEVELS - 1), level
