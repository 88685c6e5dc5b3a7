"""The pages of the sample records: each function sets one page the way its kind of document looks."""

from collections.abc import Sequence
from itertools import pairwise

from maker.paper import BOLD, KAI, PEN, PENCIL, RED, SERIF, SONG, Colour, Paper

_LEFT, _RIGHT = 78, 517
_RULED: Colour = (196, 74, 66)


def red_head(
    organ: str,
    number: str,
    title: Sequence[str],
    addressee: str,
    paragraphs: Sequence[str],
    *,
    signer: str = "",
    urgency: str = "",
    stamp: Sequence[Sequence[str]] = (),
    face: str = SERIF,
    dpi: int = 200,
) -> Paper:
    """Return the first page of a red-headed document (公文首页)."""
    paper = Paper(dpi, face)
    if stamp:
        paper.filing_stamp(stamp)
    if urgency:
        paper.text(_LEFT, 50, urgency, size=16, font=BOLD)
    paper.text(297, 94, organ, size=min(40.0, 424 / len(organ)), font=BOLD, colour=RED, anchor="m")
    if signer:
        paper.text(_LEFT + 12, 176, number, size=15)
        paper.text(_RIGHT - 12, 176, f"签发人：{signer}", size=15, anchor="r")
    else:
        paper.text(297, 176, number, size=15, anchor="m")
    paper.rule(_LEFT, 206, _RIGHT, 206, colour=RED, width=2)
    y = 240.0
    for line in title:
        paper.text(297, y, line, size=20, font=BOLD, anchor="m")
        y += 32
    y += 14
    if addressee:
        paper.text(_LEFT, y, addressee)
        y += 28
    _body(paper, y, paragraphs)
    return paper


def following(
    paragraphs: Sequence[str], number: int, *, face: str = SERIF, dpi: int = 200, modern: bool = False
) -> Paper:
    """Return a page of running text with its page number."""
    paper = Paper(dpi, face)
    _body(paper, 92.0, paragraphs)
    _page_number(paper, number, modern)
    return paper


def last_page(
    paragraphs: Sequence[str],
    organ: str,
    day: str,
    *,
    subjects: str = "",
    copies: str = "",
    printed: tuple[str, str] = ("", ""),
    number: int = 0,
    attachment: str = "",
    face: str = SERIF,
    dpi: int = 200,
    modern: bool = False,
) -> Paper:
    """Return the page that ends a document: organ, date, seal, and the block at the foot (版记)."""
    paper = Paper(dpi, face)
    y = _body(paper, 92.0, paragraphs)
    if attachment:
        y += 20
        paper.text(_LEFT + 32, y, attachment)
        y += 20
    y += 46
    paper.text(398, y, organ, anchor="m")
    paper.text(398, y + 30, day, anchor="m")
    paper.seal(398, y + 100, organ)
    foot = 690.0
    if subjects:
        paper.text(_LEFT, foot - 28, f"主题词：{subjects}", size=15, font=BOLD)
    if copies:
        paper.rule(_LEFT, foot, _RIGHT, foot)
        paper.text(_LEFT + 8, foot + 7, f"抄送：{copies}", size=14)
        paper.rule(_LEFT, foot + 30, _RIGHT, foot + 30)
    if printed[0]:
        paper.text(_LEFT + 8, foot + 37, printed[0], size=14)
        paper.text(_RIGHT - 8, foot + 37, printed[1], size=14, anchor="r")
        paper.rule(_LEFT, foot + 60, _RIGHT, foot + 60)
    if number:
        _page_number(paper, number, modern)
    return paper


def drafting_form(
    organ: str,
    *,
    signed: Sequence[str],
    countersigned: Sequence[str],
    drafter: str,
    checked: str,
    to: str,
    copies: str,
    title: str,
    opening: Sequence[str],
) -> Paper:
    """Return a drafting form (发文稿纸) with the signature of the one who issued it."""
    paper = Paper(200, SONG)
    paper.text(297, 58, f"{organ}发文稿纸", size=22, font=BOLD, colour=RED, anchor="m")
    left, right, middle = 60, 535, 297
    tops = (100, 186, 226, 262, 298, 334)
    for y in (*tops, 790):
        paper.rule(left, y, right, y, colour=_RULED, width=1.4 if y in (100, 790) else 0.8)
    for x in (left, right):
        paper.rule(x, 100, x, 790, colour=_RULED, width=1.4)
    paper.rule(middle, 100, middle, 226, colour=_RULED)
    paper.text(left + 8, 108, "签发：", size=14, colour=_RULED)
    paper.text(middle + 8, 108, "会签：", size=14, colour=_RULED)
    for number, (mine, other) in enumerate(zip(signed, countersigned, strict=True)):
        paper.hand(left + 54, 126 + 29 * number, mine, size=21)
        paper.hand(middle + 54, 126 + 29 * number, other, size=21)
    for x, label, name in ((left, "拟稿：", drafter), (middle, "核稿：", checked)):
        paper.text(x + 8, 198, label, size=14, colour=_RULED)
        paper.hand(x + 54, 195, name, size=19)
    for y, label, printed in ((226, "主送：", to), (262, "抄送：", copies), (298, "标题：", title)):
        paper.text(left + 8, y + 10, label, size=14, colour=_RULED)
        paper.text(left + 54, y + 9, printed, size=16)
    y = 350.0
    for paragraph in opening:
        y = paper.paragraph(y, paragraph, left=76, right=76, size=17, leading=29, pen=PENCIL)
    return paper


def handling_form(
    organ: str,
    *,
    cells: Sequence[tuple[str, str]],
    title: str,
    proposal: str,
    proposed: str,
    instruction: str,
    instructed: str,
    outcome: str,
) -> Paper:
    """Return a handling form (文件处理单) with proposal (拟办) and instruction (批示)."""
    paper = Paper(200, SONG)
    paper.text(297, 62, f"{organ}文件处理单", size=22, font=BOLD, anchor="m")
    left, right, middle, top = 62, 533, 300, 108
    step = 36
    lines = [top + step * number for number in range(len(cells) + 2)]
    lines += [lines[-1] + 190, lines[-1] + 400, lines[-1] + 480]
    paper.grid((left, right), lines)
    paper.rule(middle, top, middle, lines[len(cells)])
    for y, pair in zip(lines, cells, strict=False):
        for x, cell in zip((left, middle), pair, strict=True):
            paper.text(x + 8, y + 10, cell, size=14)
    below = lines[len(cells)]
    paper.text(left + 8, below + 10, title, size=14)
    begin = lines[-4]
    paper.text(left + 8, begin + 9, "拟办：", size=15)
    y = paper.paragraph(begin + 36, proposal, left=84, right=84, size=18, leading=31, pen=(36, 36, 44))
    paper.hand(360, y + 6, proposed, size=18, colour=(36, 36, 44))
    begin = lines[-3]
    paper.text(left + 8, begin + 9, "批示：", size=15)
    y = paper.paragraph(begin + 38, instruction, left=84, right=84, size=20, leading=35, pen=PEN)
    paper.hand(340, y + 6, instructed, size=20)
    begin = lines[-2]
    paper.text(left + 8, begin + 9, "办理结果：", size=15)
    paper.hand(left + 30, begin + 40, outcome, size=17, colour=(36, 36, 44))
    return paper


def table_page(
    title: str,
    edges: Sequence[float],
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str = "",
    foot: str = "",
    step: float = 40,
    size: float = 13,
    written: bool = False,
    rule_colour: Colour = (70, 90, 120),
) -> Paper:
    """Return a page of a ruled table: a register kept by hand, or a printed roster."""
    paper = Paper(300, SERIF)
    paper.text(297, 56, title, size=20, font=BOLD, anchor="m")
    top = 100.0
    if caption:
        paper.text(edges[0] + 4, 92, caption, size=13)
        top = 118.0
    paper.grid(edges, [top + step * number for number in range(len(rows) + 2)], colour=rule_colour)
    inset = (step - size * 1.25) / 2
    for (left, right), head in zip(pairwise(edges), heads, strict=True):
        paper.text((left + right) / 2, top + inset, head, size=size, font=BOLD, anchor="m")
    for number, row in enumerate(rows, 1):
        y = top + step * number + inset
        for (left, right), cell in zip(pairwise(edges), row, strict=True):
            if written:
                paper.hand(left + 5, y, cell, size=size)
            else:
                paper.text((left + right) / 2, y, cell, size=size, font=SONG if size > 13 else KAI, anchor="m")
    if foot:
        paper.text(edges[0] + 4, top + step * (len(rows) + 1) + 12, foot, size=13)
    return paper


def letter_page(lines: Sequence[str], *, head: Sequence[str] = ()) -> Paper:
    """Return a page of a typed English letter; ``head`` is the printed letterhead."""
    paper = Paper(200)
    y = 64.0
    for number, line in enumerate(head):
        paper.text(297, y, line, size=13 if number == 0 else 11, font=BOLD if number == 0 else SERIF, anchor="m")
        y += 24
    if head:
        paper.rule(70, y + 4, 525, y + 4, width=1.2)
        y += 26
    for line in lines:
        if line:
            paper.typed(72, y, line)
        y += 19.5
    return paper


def vertical_page(columns: Sequence[tuple[int, str]], *, frame: bool = True) -> Paper:
    """Return a page of vertical text, columns from right to left; each is set in by a number of characters."""
    paper = Paper(200)
    right, step, top, size = 528.0, 31.5, 88.0, 17.0
    count = 15
    if frame:
        colour = (206, 122, 110)
        for number in range(count + 1):
            x = right + step / 2 - number * step
            paper.rule(x, top - 14, x, 772, colour=colour, width=1.6 if number in (0, count) else 0.6)
        for y in (top - 14, 772):
            paper.rule(right + step / 2 - count * step, y, right + step / 2, y, colour=colour, width=1.6)
    for number, (indent, text) in enumerate(columns):
        paper.column(right - number * step, top + indent * size * 1.13, text, size=size)
    return paper


def _body(paper: Paper, y: float, paragraphs: Sequence[str]) -> float:
    for paragraph in paragraphs:
        y = paper.paragraph(y, paragraph)
    return y


def _page_number(paper: Paper, number: int, modern: bool) -> None:
    if not modern:
        paper.text(297, 784, f"- {number} -", size=13, anchor="m")
    elif number % 2:
        paper.text(_RIGHT - 14, 784, f"- {number} -", size=14, anchor="r")
    else:
        paper.text(_LEFT + 14, 784, f"- {number} -", size=14)
