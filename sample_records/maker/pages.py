"""The pages of the sample records: each function sets one page the way its kind of document looks."""

from collections.abc import Sequence

from maker.content import LETTER_ONE, LETTER_TWO, REGISTER, ROSTER
from maker.paper import BOLD, INK, KAI, MONO, RED, Paper

_LAST_BASELINE = 770


def red_head(
    organ: str,
    number: str,
    title: Sequence[str],
    addressee: str,
    paragraphs: Sequence[str],
    *,
    signer: str = "",
    dpi: int = 200,
) -> Paper:
    """Return the first page of a red-headed document (公文首页)."""
    paper = Paper(dpi)
    size = min(40.0, 430 / len(organ))
    paper.text(297, 92, organ, size=size, font=BOLD, colour=RED, anchor="ma")
    if signer:
        paper.text(92, 182, number, size=15)
        paper.text(400, 182, f"签发人：{signer}", size=15)
    else:
        paper.text(297, 182, number, size=15, anchor="ma")
    paper.rule(78, 212, 517, 212, colour=RED, width=2)
    y = 244.0
    for line in title:
        paper.text(297, y, line, size=20, font=BOLD, anchor="ma")
        y += 34
    y += 14
    paper.text(78, y, addressee, size=16)
    y += 30
    for paragraph in paragraphs:
        y = paper.paragraph(y, paragraph)
    return paper


def following(paragraphs: Sequence[str], number: int, *, dpi: int = 200) -> Paper:
    """Return a page of running text with its page number."""
    paper = Paper(dpi)
    y = 100.0
    for paragraph in paragraphs:
        y = paper.paragraph(y, paragraph)
    paper.text(297, _LAST_BASELINE, f"- {number} -", size=12, anchor="ma")
    return paper


def last_page(
    paragraphs: Sequence[str], organ: str, day: str, *, subjects: str, copies: str, printed: str, dpi: int = 200
) -> Paper:
    """Return the page that ends a document: organ, date, seal, and the block at the foot (版记)."""
    paper = Paper(dpi)
    y = 100.0
    for paragraph in paragraphs:
        y = paper.paragraph(y, paragraph)
    y += 50
    paper.text(400, y, organ, size=16, anchor="ma")
    paper.text(400, y + 32, day, size=16, anchor="ma")
    paper.seal(400, y + 104, 46)
    foot = 660.0
    if subjects:
        paper.text(78, foot - 30, f"主题词：{subjects}", size=15, font=BOLD)
    paper.rule(78, foot, 517, foot)
    paper.text(84, foot + 8, f"抄送：{copies}", size=13)
    paper.rule(78, foot + 32, 517, foot + 32)
    paper.text(84, foot + 40, printed, size=13)
    paper.rule(78, foot + 64, 517, foot + 64)
    return paper


def drafting_form(
    organ: str, title: str, signed: str, countersigned: str, drafter: str, day: str, opening: str
) -> Paper:
    """Return a drafting form (发文稿纸) with the signature of the one who issued it."""
    paper = Paper(200)
    paper.text(297, 70, f"{organ}发文稿纸", size=22, font=BOLD, colour=RED, anchor="ma")
    left, right, top = 66, 529, 118
    for y in (top, top + 74, top + 138, top + 182, top + 226, top + 270, 780):
        paper.rule(left, y, right, y, colour=RED)
    for x in (left, right):
        paper.rule(x, top, x, 780, colour=RED)
    paper.rule(297, top, 297, top + 138, colour=RED)
    paper.text(left + 8, top + 8, "签发：", size=14, colour=RED)
    paper.text(305, top + 8, "会签：", size=14, colour=RED)
    paper.text(left + 70, top + 30, signed, size=22, font=KAI)
    paper.text(370, top + 30, countersigned, size=22, font=KAI)
    paper.text(left + 8, top + 88, "拟稿：", size=14, colour=RED)
    paper.text(left + 70, top + 96, drafter, size=20, font=KAI)
    paper.text(305, top + 88, "日期：", size=14, colour=RED)
    paper.text(360, top + 96, day, size=18, font=KAI)
    paper.text(left + 8, top + 150, "主送：", size=14, colour=RED)
    paper.text(left + 66, top + 148, "各县水利局，市属各水库管理所", size=16)
    paper.text(left + 8, top + 194, "抄送：", size=14, colour=RED)
    paper.text(left + 66, top + 192, "省水利厅，市政府办公室", size=16)
    paper.text(left + 8, top + 238, "标题：", size=14, colour=RED)
    paper.text(left + 66, top + 236, title, size=16)
    paper.paragraph(top + 296, opening, left=84, right=84)
    return paper


def handling_form(
    organ: str, sender: str, number: str, title: str, proposal: str, instruction: str, signed: str
) -> Paper:
    """Return a handling form (文件处理单) with proposal (拟办) and instruction (批示)."""
    paper = Paper(200)
    paper.text(297, 76, f"{organ}文件处理单", size=22, font=BOLD, anchor="ma")
    left, right = 66, 529
    rows = (126, 166, 206, 252, 430, 640, 740)
    for y in rows:
        paper.rule(left, y, right, y)
    for x in (left, right):
        paper.rule(x, rows[0], x, rows[-1])
    paper.rule(297, rows[0], 297, rows[2])
    paper.text(left + 8, 136, f"来文单位：{sender}", size=14)
    paper.text(305, 136, f"文号：{number}", size=14)
    paper.text(left + 8, 176, "收文日期：一九九三年五月六日", size=14)
    paper.text(305, 176, "密级：秘密", size=14)
    paper.text(left + 8, 218, f"标题：{title}", size=14)
    paper.text(left + 8, 262, "拟办：", size=15)
    paper.paragraph(292, proposal, left=90, right=90, size=18, leading=32, font=KAI)
    paper.text(left + 8, 440, "批示：", size=15)
    y = paper.paragraph(470, instruction, left=90, right=90, size=20, leading=36, font=KAI)
    paper.text(390, y + 12, signed, size=20, font=KAI)
    paper.text(left + 8, 652, "办理结果：已转工程科办理，五月二十日前答复。", size=14)
    return paper


def register_page(start: int) -> Paper:
    """Return a page of a ruled register of letters received (收文登记簿)."""
    paper = Paper(300)
    paper.text(297, 70, "收文登记簿", size=22, font=BOLD, anchor="ma")
    edges = (60, 104, 184, 292, 446, 536)
    heads = ("序号", "日期", "来文单位", "文件标题", "承办人")
    top, step = 112, 44
    rows = REGISTER[start : start + 13]
    for number in range(len(rows) + 2):
        paper.rule(edges[0], top + number * step, edges[-1], top + number * step)
    for x in edges:
        paper.rule(x, top, x, top + (len(rows) + 1) * step)
    for x, head in zip(edges, heads, strict=False):
        paper.text(x + 6, top + 14, head, size=13, font=BOLD)
    for number, row in enumerate(rows, 1):
        for x, cell in zip(edges, row, strict=False):
            paper.text(
                x + 6, top + number * step + 14, cell, size=13, font=KAI if x == edges[4] else BOLD if x == 0 else KAI
            )
    return paper


def roster_page(title: str, start: int) -> Paper:
    """Return a page of a roster of names (名册)."""
    paper = Paper(300)
    paper.text(297, 80, title, size=20, font=BOLD, anchor="ma")
    edges = (70, 190, 290, 350, 450, 525)
    heads = ("单位", "姓名", "性别", "出生年", "任教")
    top, step = 130, 42
    rows = ROSTER[start : start + 12]
    for number in range(len(rows) + 2):
        paper.rule(edges[0], top + number * step, edges[-1], top + number * step)
    for x in edges:
        paper.rule(x, top, x, top + (len(rows) + 1) * step)
    for x, head in zip(edges, heads, strict=False):
        paper.text(x + 10, top + 12, head, size=14, font=BOLD)
    for number, row in enumerate(rows, 1):
        for x, cell in zip(edges, row, strict=False):
            paper.text(x + 10, top + number * step + 12, cell, size=14)
    return paper


def letter_page(first: bool) -> Paper:
    """Return a page of a typed English letter."""
    paper = Paper(200)
    y = 90.0
    for line in LETTER_ONE if first else LETTER_TWO:
        if line:
            paper.text(78, y, line, size=12, font=MONO, colour=INK)
        y += 22
    return paper


def vertical_page(text: str) -> Paper:
    """Return a page of vertical text, columns from right to left."""
    paper = Paper(200)
    for x in range(120, 560, 34):
        paper.rule(x - 8, 84, x - 8, 752, colour=(200, 120, 110), width=0.5)
    paper.columns(text)
    return paper
