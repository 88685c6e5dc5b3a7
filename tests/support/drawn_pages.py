"""Pages as practice has them, drawn by a seed: what stands on them and how; each with its text in reading order."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import opencc
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.support.fonts import Fonts, characters
from tests.support.places import ROOT, SAMPLES

Colour = tuple[int, int, int]
INK, RED, RULE = (24, 22, 26), (196, 30, 34), (60, 58, 62)
_NEVER_FIRST = "，。；：、？！）》”〕"
_PLACES = [
    "省水利厅",
    "市财政局",
    "县人民政府",
    "办公室",
    "业务科",
    "人事股",
    "防汛指挥部",
    "教育局",
    "档案馆",
    "交通运输局",
]
_NAMES = ["王建国", "李秀英", "张卫东", "陈淑芬", "刘志强", "赵桂兰", "周永康", "吴国平", "郑月娥", "孙德胜"]
_LABELS = [
    "姓名",
    "性别",
    "出生年月",
    "民族",
    "籍贯",
    "文化程度",
    "工作单位",
    "职务",
    "参加工作时间",
    "家庭住址",
    "联系电话",
    "备注",
]
_TERMS = ("OAIS", "ISO 14721", "PDF/A-2b", "No. 2014-17", "GB/T 18894", "Tel. 010-6851", "300 dpi", "Vol. 3", "UTF-8")


@dataclass
class Sheet:
    """A white page of a size in inches at a resolution, and the text that was set on it; places are in points."""

    random: Random
    dpi: int
    face: tuple[Path, int]
    language: str = "zh-Hans"
    inches: tuple[float, float] = (8.27, 11.69)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (round(self.inches[0] * self.dpi), round(self.inches[1] * self.dpi)), "white")
        self.draw = ImageDraw.Draw(self.image)
        self.width, self.height = (side * 72 for side in self.inches)
        self.margin = self.random.uniform(54, 84)

    def px(self, points: float) -> int:
        """Return points as pixels."""
        return round(points * self.dpi / 72)

    def font(self, size: float) -> ImageFont.FreeTypeFont:
        """Return the sheet's face in a size."""
        return ImageFont.truetype(str(self.face[0]), self.px(size), index=self.face[1])

    def text(self, x: float, y: float, text: str, size: float, *, anchor: str = "la", colour: Colour = INK) -> None:
        """Set a line; characters that the face lacks are left out."""
        text = self.known(text)
        self.draw.text((self.px(x), self.px(y)), text, font=self.font(size), fill=colour, anchor=anchor)
        self.lines.append(text)

    def known(self, text: str) -> str:
        """Return the characters of a text that the face has."""
        return "".join(one for one in text if ord(one) in characters(*self.face) or one == " ").strip()

    def paragraph(
        self, y: float, text: str, size: float, *, leading: float = 1.6, left: float = 0, right: float = 0
    ) -> float:
        """Set lines as wide as the page, or between ``left`` and ``right``; return where the next begins."""
        left, right = left or self.margin, right or self.width - self.margin
        for line in self.broken(text, size, right - left):
            if y + size > self.height - self.margin:
                break
            self.text(left, y, line, size)
            y += size * leading
        return y

    def rule(self, *places: float, colour: Colour = RULE, width: float = 0.7) -> None:
        """Draw a rule from point to point."""
        self.draw.line([self.px(place) for place in places], fill=colour, width=max(1, self.px(width)))

    def broken(self, text: str, size: float, room: float) -> list[str]:
        """Return a text in lines that fit into so many points."""
        font, lines = self.font(size), [""]
        parts = re.findall(r"\S+\s*", text) if self.language == "en" else list(text)
        for part in parts:
            is_full = font.getlength(lines[-1] + part.rstrip()) > room * self.dpi / 72
            if lines[-1] and is_full and part not in _NEVER_FIRST:
                lines.append("")
            lines[-1] += part
        return lines


@cache
def sentences() -> tuple[str, ...]:
    """Return Chinese sentences, simplified."""
    texts = [path.read_text("utf-8") for path in sorted((SAMPLES / "truth").rglob("*.txt"))]
    titles = (ROOT / "tests/support/honest_titles.txt").read_text("utf-8").split("\n")
    simplified = opencc.OpenCC("t2s")
    whole = (part for text in texts for part in re.sub(r"\s", "", text).split("。"))
    fit = {
        simplified.convert(part)
        for part in (*whole, *titles)
        if 12 < len(part) < 90 and not re.search("[A-Za-z]{3}", part)
    }
    return tuple(sorted(fit))


@cache
def english() -> tuple[str, ...]:
    """Return English sentences."""
    text = re.sub(r"[^A-Za-z0-9 .,;:()'-]+", " ", (ROOT / "LICENSE").read_text("utf-8"))
    return tuple(part.strip() for part in re.split(r"(?<=[.;]) ", re.sub(r" +", " ", text)) if 40 < len(part) < 400)


def body(random: Random, paragraphs: int) -> list[str]:
    """Return paragraphs of Chinese."""
    return ["　　" + "。".join(random.sample(sentences(), random.randint(2, 4))) + "。" for _ in range(paragraphs)]


def date(random: Random) -> str:
    """Return a date as it is written."""
    return f"{random.randint(1950, 2015)}年{random.randint(1, 12)}月{random.randint(1, 28)}日"


def report(sheet: Sheet) -> None:
    """A report or notice: a title and paragraphs."""
    size = sheet.random.choice((12, 14, 16))
    title = (
        "关于" + sheet.random.choice(sentences())[:14] + "的" + sheet.random.choice(("通知", "报告", "请示", "批复"))
    )
    sheet.text(
        sheet.width / 2, sheet.margin, title, min(22, (sheet.width - 2 * sheet.margin) / len(title)), anchor="ma"
    )
    y, leading = sheet.margin + 44.0, sheet.random.uniform(1.5, 1.8)
    for text in body(sheet.random, 12):
        y = sheet.paragraph(y, text, size, leading=leading)


def letter(sheet: Sheet) -> None:
    """A letter with a red head, a number, a date and a seal over it."""
    middle, size = sheet.width / 2, sheet.random.choice((14, 16))
    sheet.text(middle, sheet.margin, sheet.random.choice(_PLACES) + "文件", 36, anchor="ma", colour=RED)
    number = f"澜府办〔{sheet.random.randint(1980, 2015)}〕{sheet.random.randint(1, 99)}号"
    sheet.text(middle, sheet.margin + 62, number, size, anchor="ma")
    sheet.rule(sheet.margin, sheet.margin + 88, sheet.width - sheet.margin, sheet.margin + 88, colour=RED, width=1.6)
    y = sheet.margin + 110.0
    for text in body(sheet.random, sheet.random.randint(2, 4)):
        y = sheet.paragraph(y, text, size, leading=1.7)
    y = min(y + 40, sheet.height - sheet.margin - 60)
    _seal(sheet, sheet.width - sheet.margin - 90, y + 10)
    sheet.text(sheet.width - sheet.margin - 90, y, date(sheet.random), size, anchor="ma")


def table(sheet: Sheet) -> None:
    """A register: ruled, a row an entry."""
    heads, shares = ("序号", "责任者", "题名", "日期", "页号"), (0, 0.09, 0.29, 0.72, 0.9, 1)
    sheet.text(
        sheet.width / 2,
        sheet.margin,
        sheet.random.choice(("卷内文件目录", "收发文登记簿", "设备清册")),
        20,
        anchor="ma",
    )
    rows, size, top = sheet.random.randint(8, 24), sheet.random.choice((10.5, 11, 12)), sheet.margin + 40
    room, high = sheet.width - 2 * sheet.margin, min(40.0, (sheet.height - 2 * sheet.margin - 40) / (rows + 1))
    across = [sheet.margin + room * share for share in shares]
    fits = int((across[3] - across[2] - 8) / size)
    for row in range(rows + 1):
        day = f"{sheet.random.randint(1960, 2010)}.{sheet.random.randint(1, 12)}.{sheet.random.randint(1, 28)}"
        entry = (str(row), sheet.random.choice(_PLACES), sheet.random.choice(sentences())[: min(fits, 14)], day, str(sheet.random.randint(1, 200)))  # fmt: skip
        for left, text in zip(across, entry if row else heads, strict=False):
            sheet.text(left + 4, top + (row + 0.5) * high, text[: int((across[2] - across[1]) / size)] if left == across[1] else text, size, anchor="lm")  # fmt: skip
    for row in range(rows + 2):
        sheet.rule(across[0], top + row * high, across[-1], top + row * high)
    for place in across:
        sheet.rule(place, top, place, top + (rows + 1) * high)


def form(sheet: Sheet) -> None:
    """A form: labels in boxes, and what was filled in."""
    sheet.text(
        sheet.width / 2, sheet.margin, sheet.random.choice(("干部履历表", "人员登记表", "文件处理单")), 22, anchor="ma"
    )
    top, room, high = sheet.margin + 50, sheet.width - 2 * sheet.margin, sheet.random.uniform(28, 44)
    across = [sheet.margin + room * share for share in (0, 0.2, 0.5, 0.7, 1)]
    labels = sheet.random.sample(_LABELS, 10)
    for row, (one, other) in enumerate(zip(labels[::2], labels[1::2], strict=True)):
        values = [sheet.random.choice((*_NAMES, *_PLACES, date(sheet.random), "")) for _ in range(2)]
        for left, text in zip(across, (one, values[0], other, values[1]), strict=False):
            if text:
                sheet.text(left + 5, top + (row + 0.5) * high, text, 12, anchor="lm")
        sheet.rule(across[0], top + row * high, across[-1], top + row * high)
    end = top + 5 * high
    sheet.text(across[0] + 5, end + 8, "处理意见：", 12)
    for text in body(sheet.random, 2):
        end = sheet.paragraph(end + 30, text, 12, left=across[0] + 8, right=across[-1] - 8)
    for place in across:
        sheet.rule(place, top, place, top + 5 * high)
    sheet.draw.rectangle([sheet.px(across[0]), sheet.px(top), sheet.px(across[-1]), sheet.px(end + 20)], outline=RULE)


def short_note(sheet: Sheet) -> None:
    """Three lines and a date."""
    y = sheet.height * sheet.random.uniform(0.1, 0.3)
    for _ in range(3):
        sheet.text(sheet.margin, y, sheet.random.choice(sentences())[:22], 16)
        y += 30
    sheet.text(sheet.width - sheet.margin, y + 20, date(sheet.random), 16, anchor="ra")


def caption(sheet: Sheet) -> None:
    """A photograph with a caption below it."""
    wide, high = sheet.px(sheet.width - 2 * sheet.margin), sheet.px(sheet.random.uniform(240, 330))
    sheet.image.paste(photograph(sheet.random, wide, high), (sheet.px(sheet.margin), sheet.px(sheet.margin)))
    sheet.paragraph(
        sheet.margin + high * 72 / sheet.dpi + 24,
        date(sheet.random) + "，" + sheet.random.choice(sentences()) + "。",
        14,
    )


def vertical(sheet: Sheet) -> None:
    """Traditional print in columns from right to left."""
    convert, size = opencc.OpenCC("s2t").convert, sheet.random.choice((14, 16, 18))
    text = "".join("　" + convert(one.strip("　")) for one in body(sheet.random, 8))
    text = "".join(one for one in text if ord(one) in characters(*sheet.face) and not one.isascii())
    rows, step, font = int((sheet.height - 2 * sheet.margin) / (size * 1.12)), size * 1.12, sheet.font(size)
    x = sheet.width - sheet.margin - size / 2
    for begin in range(0, len(text), rows):
        if x < sheet.margin:
            break
        column = text[begin : begin + rows]
        for place, one in enumerate(column):
            mark = (0.42, -0.42) if one in _NEVER_FIRST[:5] else (0, 0)
            where = (sheet.px(x + mark[0] * size), sheet.px(sheet.margin + place * step + mark[1] * size))
            sheet.draw.text(where, one, font=font, fill=INK, anchor="ma")
        sheet.lines.append(column)
        x -= size * sheet.random.uniform(1.68, 1.72)


def bilingual(sheet: Sheet) -> None:
    """Lines of Chinese with English terms and numbers among them."""
    y, size = sheet.margin, sheet.random.choice((11, 12, 14))
    while y < sheet.height - sheet.margin - size:
        text = f"{sheet.random.choice(sentences())[:12]} {sheet.random.choice(_TERMS)} {sheet.random.randint(10, 9999)}"
        sheet.text(sheet.margin, y, text, size)
        y += size * 1.8


def dense(sheet: Sheet) -> None:
    """Small print from edge to edge."""
    y, size = sheet.margin, 8.0 if sheet.dpi == 300 else 9.5
    for text in body(sheet.random, 30):
        y = sheet.paragraph(y, text, size, leading=1.45)


def english_letter(sheet: Sheet) -> None:
    """A letter or report in English, printed or typed."""
    is_typed, y, size = "Mono" in sheet.face[0].name or "Type" in sheet.face[0].name, sheet.margin, sheet.random.choice((10, 11, 12))  # fmt: skip
    sheet.text(sheet.margin, y, "Dear Sir,", size)
    y += 2 * size
    for _ in range(8):
        text = " ".join(sheet.random.sample(english(), 3))
        y = sheet.paragraph(y, text, size, leading=1.9 if is_typed else 1.35) + size


def english_table(sheet: Sheet) -> None:
    """A list in English: number, subject, date, sum."""
    rows, size, room = sheet.random.randint(10, 25), sheet.random.choice((10, 11)), sheet.width - 2 * sheet.margin
    sheet.text(sheet.width / 2, sheet.margin, "List of accounts", 18, anchor="ma")
    for row in range(rows):
        y = sheet.margin + 40 + row * 24
        month = sheet.random.choice(("March", "June", "October"))
        day = f"{sheet.random.randint(1, 28)} {month} {sheet.random.randint(1900, 1999)}"
        subject = " ".join(sheet.random.choice(english()).split()[:2])[:16]
        sheet.rule(sheet.margin, y - 6, sheet.width - sheet.margin, y - 6)
        for share, text in (
            (0, str(row + 1)),
            (0.12, subject),
            (0.5, day),
            (0.85, f"{sheet.random.uniform(1, 999):.2f}"),
        ):
            sheet.text(sheet.margin + room * share, y, text, size)


def photograph(random: Random, wide: int, high: int) -> Image.Image:
    """Return what looks like a photograph from afar: clouds of all sizes."""
    numbers = np.random.default_rng(random.randrange(1 << 30))
    whole = np.zeros((high, wide), np.float32)
    for cells, weight in ((4, 1.0), (12, 0.5), (40, 0.25), (150, 0.12)):
        coarse = Image.fromarray(numbers.uniform(0, 255, (cells, cells)).astype(np.uint8))
        whole += weight * np.asarray(coarse.resize((wide, high), Image.Resampling.BICUBIC), np.float32)
    return (
        Image.fromarray((whole / 1.87).clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1)).convert("RGB")
    )


def _seal(sheet: Sheet, x: float, y: float) -> None:
    ring = Image.new("L", sheet.image.size, 0)
    pen, place, radius = ImageDraw.Draw(ring), (sheet.px(x), sheet.px(y)), sheet.px(56)
    pen.ellipse(
        [place[0] - radius, place[1] - radius, place[0] + radius, place[1] + radius], outline=210, width=sheet.px(3)
    )
    pen.regular_polygon((*place, radius // 3), 5, fill=190)
    sheet.image.paste(Image.new("RGB", sheet.image.size, (206, 60, 62)), (0, 0), ring)


KINDS: dict[str, tuple[Callable[[Sheet], None], str, str, int]] = {
    "report": (report, "simplified", "zh-Hans", 4),
    "letter": (letter, "simplified", "zh-Hans", 3),
    "table": (table, "simplified", "zh-Hans", 3),
    "form": (form, "simplified", "zh-Hans", 2),
    "note": (short_note, "simplified", "zh-Hans", 2),
    "caption": (caption, "simplified", "zh-Hans", 1),
    "vertical": (vertical, "traditional", "zh-Hant", 2),
    "traditional": (report, "traditional", "zh-Hant", 1),
    "bilingual": (bilingual, "simplified", "zh-Hans", 1),
    "dense": (dense, "simplified", "zh-Hans", 2),
    "english": (english_letter, "latin", "en", 2),
    "typed": (english_letter, "typewriter", "en", 2),
    "accounts": (english_table, "latin", "en", 1),
}
"""What draws a kind of page, for what its face is, its language, and how often it comes."""


def drawn(random: Random, kind: str, fonts: Fonts) -> Sheet:
    """Draw a page of a kind."""
    draw, purpose, language, _ = KINDS[kind]
    sheet = Sheet(random, random.choice((200, 200, 240, 300)), random.choice(fonts.faces[purpose]), language)
    draw(sheet)
    return sheet
